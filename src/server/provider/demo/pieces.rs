//! The built-in pieces: what `article` has to say. The text and the thinking are Markdown files
//! beside this one; the pictures are SVG files that the server serves below `/demo/`.

use fastrand::Rng;

use crate::wire::Image;

/// In which language a piece is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Chinese,
}

impl Language {
    /// The language to answer `text` in: Chinese as soon as there is a Chinese character in it.
    pub(super) fn fitting(text: &str) -> Self {
        let chinese =
            |c| matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
        if text.contains(chinese) { Self::Chinese } else { Self::English }
    }
}

/// One piece: a picture, what was thought, and what is said.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) language: Language,
    pub(super) think: &'static str,
    pub(super) text: &'static str,
    picture: &'static str,
    alt: &'static str,
}

/// All pictures have one size.
const PICTURE_SIZE: (u32, u32) = (960, 540);

impl Piece {
    /// The picture as an event has it.
    pub(super) fn image(&self) -> Image {
        let (w, h) = PICTURE_SIZE;
        Image { url: format!("/demo/{}.svg", self.picture), w, h, alt: self.alt.to_owned() }
    }
}

/// The piece that a seed's generator picks. This is the first thing it is asked for.
pub(super) fn pick(rng: &mut Rng) -> &'static Piece {
    &PIECES[rng.usize(..PIECES.len())]
}

/// A random seed whose piece is in this language.
pub(super) fn seed_for(language: Language) -> u64 {
    loop {
        let seed = fastrand::u64(..);
        if pick(&mut Rng::with_seed(seed)).language == language {
            return seed;
        }
    }
}

static PIECES: [Piece; 6] = [
    Piece {
        language: Language::English,
        think: include_str!("pieces/en-lock.think.md"),
        text: include_str!("pieces/en-lock.md"),
        picture: "lock",
        alt: "A narrowboat waits in a canal lock between the lower and the upper water.",
    },
    Piece {
        language: Language::English,
        think: include_str!("pieces/en-events.think.md"),
        text: include_str!("pieces/en-events.md"),
        picture: "stream",
        alt: "Small coloured pieces float down a stream and settle into lines of text.",
    },
    Piece {
        language: Language::English,
        think: include_str!("pieces/en-pressure.think.md"),
        text: include_str!("pieces/en-pressure.md"),
        picture: "weir",
        alt: "A river is divided by a long narrow island, and a low weir lets the flood spill over.",
    },
    Piece {
        language: Language::Chinese,
        think: include_str!("pieces/zh-weir.think.md"),
        text: include_str!("pieces/zh-weir.md"),
        picture: "weir",
        alt: "江水被一道狭长的分水堤分成两股，低矮的溢洪堰把多余的洪水送回外江。",
    },
    Piece {
        language: Language::Chinese,
        think: include_str!("pieces/zh-events.think.md"),
        text: include_str!("pieces/zh-events.md"),
        picture: "stream",
        alt: "彩色的小块顺流而下，最后排成一行行文字。",
    },
    Piece {
        language: Language::Chinese,
        think: include_str!("pieces/zh-lock.think.md"),
        text: include_str!("pieces/zh-lock.md"),
        picture: "lock",
        alt: "一条窄船停在船闸里，等待水位从低处升到高处。",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_question_gets_a_chinese_piece() {
        assert_eq!(Language::fitting("What is a lock?"), Language::English);
        assert_eq!(Language::fitting("what is 船闸?"), Language::Chinese);
        for language in [Language::English, Language::Chinese] {
            assert_eq!(pick(&mut Rng::with_seed(seed_for(language))).language, language);
        }
    }

    #[test]
    fn every_piece_shows_what_markdown_can_do() {
        for piece in &PIECES {
            assert!(!piece.think.trim().is_empty(), "{}", piece.alt);
            for sign in ["\n```", "\n| ", "\n- ", "\n$$", "$", "\n> ", "## ", "**", "`"] {
                assert!(piece.text.contains(sign), "{}: no {sign:?}", piece.alt);
            }
            assert!(!piece.text.contains(['\r', '\t']), "{}", piece.alt);
        }
    }

    #[test]
    fn every_picture_is_there_has_its_size_and_asks_for_nothing() {
        for piece in &PIECES {
            let Image { url, w, h, .. } = piece.image();
            let file = format!("{}/public{url}", env!("CARGO_MANIFEST_DIR"));
            let svg = std::fs::read_to_string(&file).unwrap();
            assert!(svg.contains(&format!("width=\"{w}\" height=\"{h}\"")), "{file}");
            let rest = svg.replace("http://www.w3.org/2000/svg", "");
            for bad in ["http", "<script", "<style", "style=", "href=\"/", "<image", "<foreignObject"] {
                assert!(!rest.contains(bad), "{file}: {bad}");
            }
        }
    }
}
