//! What is said in an answer beside its text, in each language. English stands where it is used, so that
//! Markdown can be read without the rest of the program ([`Labels::ENGLISH`]).

use std::sync::OnceLock;

use super::dictionary::{Dictionary, Lines, here};
use super::language::Language;
use crate::app::client::body::LABELS_ID;
use crate::markdown::Labels;

static CHINESE: Labels = Labels {
    copied: "已复制",
    not_copied: "复制失败",
    copy: "复制",
    copy_markdown: "复制 Markdown",
    copy_csv: "复制 CSV",
    wrap: "自动换行",
    note: "说明",
    tip: "提示",
    important: "重要",
    warning: "警告",
    caution: "当心",
    done: "已完成",
    to_do: "未完成",
    image: "图片未加载",
    image_from: "来自 {} 的图片未加载",
    image_shows: "：{}",
    open: "打开",
    unnamed_image: "图片",
};

impl Dictionary for Labels {
    const ID: &'static str = LABELS_ID;

    fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &Self::ENGLISH,
            Language::Chinese => &CHINESE,
        }
    }

    fn read(lines: &mut Lines) -> Self {
        Self::read(lines)
    }

    fn list(&self) -> Vec<&'static str> {
        self.list()
    }

    fn kept() -> &'static OnceLock<Self> {
        static KEPT: OnceLock<Labels> = OnceLock::new();
        &KEPT
    }
}

/// The labels in the page's language, for the server. The browser takes them from the page in the part of
/// the program that draws Markdown (`client::body`), so that no visit pays for them before.
pub fn labels() -> &'static Labels {
    here()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_labels_say_the_same_in_all_languages() {
        super::super::dictionary::tests::check::<Labels>();
    }
}
