//! Letters in the alphabets of mathematics: `\mathbb{R}` is ℝ, `\mathbf{x}` is 𝐱.

use pulldown_latex::event::Font;

/// The first capital, the first small letter, the first digit, the first Greek capital and the first
/// Greek small letter of an alphabet; 0 where there are none.
struct Alphabet([u32; 5]);

fn alphabet(font: Font) -> Alphabet {
    Alphabet(match font {
        Font::Bold => [0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D6C2],
        Font::Italic => [0x1D434, 0x1D44E, 0, 0x1D6E2, 0x1D6FC],
        Font::BoldItalic | Font::BoldSymbol => [0x1D468, 0x1D482, 0x1D7CE, 0x1D71C, 0x1D736],
        Font::Script => [0x1D49C, 0x1D4B6, 0, 0, 0],
        Font::BoldScript => [0x1D4D0, 0x1D4EA, 0, 0, 0],
        Font::Fraktur => [0x1D504, 0x1D51E, 0, 0, 0],
        Font::BoldFraktur => [0x1D56C, 0x1D586, 0, 0, 0],
        Font::DoubleStruck => [0x1D538, 0x1D552, 0x1D7D8, 0, 0],
        Font::SansSerif => [0x1D5A0, 0x1D5BA, 0x1D7E2, 0, 0],
        Font::BoldSansSerif => [0x1D5D4, 0x1D5EE, 0x1D7EC, 0x1D756, 0x1D770],
        Font::SansSerifItalic => [0x1D608, 0x1D622, 0x1D7E2, 0, 0],
        Font::SansSerifBoldItalic => [0x1D63C, 0x1D656, 0x1D7EC, 0x1D790, 0x1D7AA],
        Font::Monospace => [0x1D670, 0x1D68A, 0x1D7F6, 0, 0],
        Font::DoubleStruckItalic | Font::UpRight => [0; 5],
    })
}

/// The letter in this alphabet, or the letter itself where the alphabet has none.
pub(super) fn letter(font: Font, c: char) -> char {
    if let Some(older) = older(font, c) {
        return older;
    }
    let Alphabet([capital, small, digit, greek_capital, greek_small]) = alphabet(font);
    let (first, base) = match c {
        'A'..='Z' => ('A', capital),
        'a'..='z' => ('a', small),
        '0'..='9' => ('0', digit),
        'Α'..='Ω' => ('Α', greek_capital),
        'α'..='ω' => ('α', greek_small),
        _ => return c,
    };
    if base == 0 { c } else { char::from_u32(base + (c as u32 - first as u32)).unwrap_or(c) }
}

/// The letters that stood elsewhere in Unicode before the alphabets came, and have no second place.
fn older(font: Font, c: char) -> Option<char> {
    Some(match (font, c) {
        (Font::Italic, 'h') => 'ℎ',
        (Font::Script, 'B') => 'ℬ',
        (Font::Script, 'E') => 'ℰ',
        (Font::Script, 'F') => 'ℱ',
        (Font::Script, 'H') => 'ℋ',
        (Font::Script, 'I') => 'ℐ',
        (Font::Script, 'L') => 'ℒ',
        (Font::Script, 'M') => 'ℳ',
        (Font::Script, 'R') => 'ℛ',
        (Font::Script, 'e') => 'ℯ',
        (Font::Script, 'g') => 'ℊ',
        (Font::Script, 'o') => 'ℴ',
        (Font::Fraktur, 'C') => 'ℭ',
        (Font::Fraktur, 'H') => 'ℌ',
        (Font::Fraktur, 'I') => 'ℑ',
        (Font::Fraktur, 'R') => 'ℜ',
        (Font::Fraktur, 'Z') => 'ℨ',
        (Font::DoubleStruck, 'C') => 'ℂ',
        (Font::DoubleStruck, 'H') => 'ℍ',
        (Font::DoubleStruck, 'N') => 'ℕ',
        (Font::DoubleStruck, 'P') => 'ℙ',
        (Font::DoubleStruck, 'Q') => 'ℚ',
        (Font::DoubleStruck, 'R') => 'ℝ',
        (Font::DoubleStruck, 'Z') => 'ℤ',
        (Font::DoubleStruckItalic, 'D') => 'ⅅ',
        (Font::DoubleStruckItalic, 'd') => 'ⅆ',
        (Font::DoubleStruckItalic, 'e') => 'ⅇ',
        (Font::DoubleStruckItalic, 'i') => 'ⅈ',
        (Font::DoubleStruckItalic, 'j') => 'ⅉ',
        _ => return None,
    })
}

/// What has a sign of its own when it is struck through: `\not=` is ≠.
pub(super) fn negated(c: char) -> Option<char> {
    Some(match c {
        '=' => '≠',
        '<' => '≮',
        '>' => '≯',
        '∈' => '∉',
        '∋' => '∌',
        '∃' => '∄',
        '⊂' => '⊄',
        '⊃' => '⊅',
        '⊆' => '⊈',
        '⊇' => '⊉',
        '≡' => '≢',
        '≤' => '≰',
        '≥' => '≱',
        '∼' => '≁',
        '≃' => '≄',
        '≅' => '≇',
        '≈' => '≉',
        '∣' => '∤',
        '∥' => '∦',
        '→' => '↛',
        '←' => '↚',
        '⇒' => '⇏',
        '⇔' => '⇎',
        '⊢' => '⊬',
        '⊨' => '⊭',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_unicode() {
        for (font, from, to) in [
            (Font::Bold, "AzΩω09", "𝐀𝐳𝛀𝛚𝟎𝟗"),
            (Font::DoubleStruck, "RAk1", "ℝ𝔸𝕜𝟙"),
            (Font::Script, "LAz", "ℒ𝒜𝓏"),
            (Font::Fraktur, "gR", "𝔤ℜ"),
            (Font::BoldSymbol, "xβ", "𝒙𝜷"),
            (Font::UpRight, "dx", "dx"),
            (Font::Monospace, "a中", "𝚊中"),
        ] {
            assert_eq!(from.chars().map(|c| letter(font, c)).collect::<String>(), to, "{font:?}");
        }
    }
}
