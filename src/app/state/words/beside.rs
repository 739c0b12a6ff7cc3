//! The words of what only the server writes: the browser's program never reads them, so they are not
//! in its dictionary.

use super::dictionary::{dictionary, here};

dictionary! {
    /// The words of one language.
    BesideWords "beside-words" {
        being_written: "The answer is still being written.", "回答还在写。";
        reload: "Reload to see more", "刷新查看更多";

        // A page that is older than the server.
        outdated: "Sluice was updated. Reload to get the new version.", "Sluice 已更新，刷新即可使用新版本。";
        reload_page: "Reload", "刷新";

        login: "Sign in", "登录";
        login_more: "Your conversations are waiting where you left them.", "你的对话都还在原处等着你。";
        person_name: "Name", "用户名";
        password: "Password", "密码";
        login_wrong: "The name or the password is wrong.", "用户名或密码不正确。";
        login_too_many:
            "That was tried too often. Wait a few minutes, then try again.",
            "尝试次数过多，请几分钟后再试。";

        // The settings, each with its choices in the order of the form.
        language: "Language", "语言";
        language_auto: "As the browser", "跟随浏览器";
        theme: "Colours", "外观";
        themes: ["As the system", "Light", "Dark"], ["跟随系统", "浅色", "深色"] => [&'static str; 3];
        size: "Text size", "字号";
        sizes:
            ["Small", "Normal", "Large", "Larger"],
            ["小", "标准", "大", "特大"] => [&'static str; 4];
        width: "Width of the text", "正文宽度";
        widths: ["Narrow", "Normal", "Wide"], ["窄", "标准", "宽"] => [&'static str; 3];
        announce: "Screen readers are told", "屏幕阅读器播报";
        announcements:
            ["Nothing", "What becomes of an answer", "Its sentences, too"],
            ["不播报", "回答的进展", "进展和每一句话"] => [&'static str; 3];
        notify: "When an answer ends in a hidden tab", "标签页在后台、回答结束时";
        notifications: ["Say nothing", "Notify me"], ["不提醒", "发送通知"] => [&'static str; 2];
        notify_insecure:
            "Notifications need a page that came over HTTPS.",
            "只有通过 HTTPS 打开的页面才能发送通知。";
        notify_unknown: "This browser shows no notifications of pages.", "这个浏览器不支持网页通知。";
        notify_denied:
            "This browser is set to show no notifications of this site. Its own settings can change that.",
            "浏览器禁止了本站的通知，可在浏览器设置中更改。";
        save: "Save", "保存";

        // Diagrams in code blocks.
        diagram_show: "Show diagram", "显示图表";
        diagram_hide: "Show source", "显示源代码";
        diagram: "Diagram", "图表";
        diagram_failed:
            "This diagram could not be drawn, so here is its source.",
            "无法绘制这个图表，以下是它的源代码。";

        // Reading.
        shortcuts:
            [
                "Show or hide this list",
                "Write a message",
                "New chat",
                "To the next message",
                "To the previous message",
                "To the newest answer",
                "Copy the newest answer",
                "Stop the answer",
            ],
            [
                "显示或隐藏此列表",
                "输入消息",
                "新对话",
                "下一条消息",
                "上一条消息",
                "最新的回答",
                "复制最新的回答",
                "停止回答",
            ] => [&'static str; 8];
        shortcuts_more: "They work where no text is being typed.", "仅在未输入文字时有效。";
        shortcuts_on: "Single keys do this", "启用单键快捷键";

        // Something was refused to somebody who opened its address.
        no_page: "There is nothing here", "这里什么也没有";
        no_page_more:
            "What was here is gone, it belongs to somebody else, or the address is not quite right.",
            "原来的内容已被删除、属于其他人，或者网址有误。";
        trouble: "That did not work", "操作没有成功";
        trouble_more: "Something went wrong inside Sluice.", "Sluice 内部出错了。";
        to_start: "To the first page", "返回首页";

        // Images.
        save_image: "Save", "保存";
        previous_image: "Previous image", "上一张图片";
        next_image: "Next image", "下一张图片";
        image_broken: "This image could not be loaded.", "图片加载失败。";
    }
}

/// The words of the page's language.
pub fn beside_words() -> &'static BesideWords {
    here()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_says_the_same_in_all_languages() {
        super::super::dictionary::tests::check::<BesideWords>();
    }
}
