//! How a table of sentences is written, and how it comes into the browser.
//!
//! The program in the browser holds no sentence at all: the server writes those of the page's language
//! into the page, one a line and in the order of the table, so that a second language costs a reader
//! nothing.

use std::str::Split;
use std::sync::OnceLock;

use leptos::tachys::html::InertElement;

use super::language::Language;

/// The sentences of a page, one after the other.
pub type Lines = Split<'static, char>;

/// A table of sentences.
pub trait Dictionary: Sized + 'static {
    /// The id of the element in which it stands in the page.
    const ID: &'static str;

    /// Its sentences in a language.
    fn of(language: Language) -> &'static Self;

    /// Takes its sentences, in the order of the table.
    fn read(lines: &mut Lines) -> Self;

    /// Its sentences, in the order of the table.
    fn list(&self) -> Vec<&'static str>;

    /// Where the browser keeps what it found in the page.
    fn kept() -> &'static OnceLock<Self>;
}

/// What a field of a table can be: a sentence, or some of them.
pub trait Said {
    /// Takes as many sentences as it is.
    fn read(lines: &mut Lines) -> Self;

    /// Adds its sentences.
    fn list(&self, all: &mut Vec<&'static str>);
}

impl Said for &'static str {
    fn read(lines: &mut Lines) -> Self {
        lines.next().unwrap_or_default()
    }

    fn list(&self, all: &mut Vec<&'static str>) {
        all.push(self);
    }
}

impl<T: Said, const N: usize> Said for [T; N] {
    fn read(lines: &mut Lines) -> Self {
        std::array::from_fn(|_| T::read(lines))
    }

    fn list(&self, all: &mut Vec<&'static str>) {
        self.iter().for_each(|said| said.list(all));
    }
}

impl<A: Said, B: Said> Said for (A, B) {
    fn read(lines: &mut Lines) -> Self {
        (A::read(lines), B::read(lines))
    }

    fn list(&self, all: &mut Vec<&'static str>) {
        self.0.list(all);
        self.1.list(all);
    }
}

/// Writes a table: `dictionary! { /// … Words "id" { name: "English", "中文"; … } }`. A field that is more
/// than a sentence says what it is: `name: ["…", "…"], ["…", "…"] => [&'static str; 2];`.
macro_rules! dictionary {
    (
        $(#[$about:meta])*
        $name:ident $id:literal { $($field:ident: $english:expr, $chinese:expr $(=> $shape:ty)?;)* }
    ) => {
        $(#[$about])*
        #[derive(Debug)]
        #[expect(missing_docs, reason = "each field is documented by what it says")]
        pub struct $name {
            $(pub $field: $crate::app::state::words::dictionary::shape!($($shape)?),)*
        }

        impl $crate::app::state::words::dictionary::Dictionary for $name {
            const ID: &'static str = $id;

            fn of(language: $crate::app::state::words::language::Language) -> &'static Self {
                use $crate::app::state::words::language::Language;
                static ENGLISH: $name = $name { $($field: $english,)* };
                static CHINESE: $name = $name { $($field: $chinese,)* };
                match language {
                    Language::English => &ENGLISH,
                    Language::Chinese => &CHINESE,
                }
            }

            fn read(lines: &mut $crate::app::state::words::dictionary::Lines) -> Self {
                use $crate::app::state::words::dictionary::Said;
                Self { $($field: Said::read(lines),)* }
            }

            fn list(&self) -> Vec<&'static str> {
                use $crate::app::state::words::dictionary::Said;
                let mut all = Vec::new();
                $(self.$field.list(&mut all);)*
                all
            }

            fn kept() -> &'static std::sync::OnceLock<Self> {
                static KEPT: std::sync::OnceLock<$name> = std::sync::OnceLock::new();
                &KEPT
            }
        }
    };
}

macro_rules! shape {
    () => { &'static str };
    ($shape:ty) => { $shape };
}

pub(crate) use {dictionary, shape};

/// The dictionary in the language of the request, which is in the context; without one in English.
#[cfg(not(target_family = "wasm"))]
pub fn here<D: Dictionary>() -> &'static D {
    D::of(leptos::prelude::use_context().unwrap_or_default())
}

/// The dictionary that the server wrote into the page.
#[cfg(all(target_family = "wasm", not(test)))]
pub fn here<D: Dictionary>() -> &'static D {
    D::kept().get_or_init(|| {
        let text = crate::app::client::page::data(D::ID).unwrap_or_default();
        // Once for the life of the page.
        D::read(&mut String::leak(text).split('\n'))
    })
}

/// The page of a test has no server behind it.
#[cfg(all(target_family = "wasm", test))]
pub fn here<D: Dictionary>() -> &'static D {
    D::of(Language::English)
}

/// The element with the dictionary of the page's language, for the server to write. Sentences hold no
/// `<` (a test sees to that), so nothing in it can end it.
pub fn element<D: Dictionary>() -> InertElement {
    let lines = here::<D>().list().join("\n");
    InertElement::new(format!("<script type=\"text/plain\" id=\"{}\">{lines}</script>", D::ID))
}

/// A sentence with something in the place of its `{}`.
pub fn fill(sentence: &str, value: &str) -> String {
    // By a character: a search for a string would bring its own code into the program.
    let at = sentence.find('{').unwrap_or(sentence.len());
    let rest = sentence.get(at + 2..).unwrap_or_default();
    [&sentence[..at], value, rest].concat()
}

#[cfg(test)]
pub(in crate::app) mod tests {
    use super::*;

    /// Holds what every table has to keep to.
    pub(in crate::app) fn check<D: Dictionary>() {
        let [english, chinese] = Language::ALL.map(|language| D::of(language).list());
        assert_eq!(english.len(), chinese.len());
        for (english, chinese) in english.iter().zip(&chinese) {
            for said in [english, chinese] {
                assert!(!said.is_empty() && said.trim() == *said, "{said:?}");
                assert!(!said.contains(['\n', '\r', '<', '\0']), "{said:?}");
            }
            let places = |said: &str| said.matches("{}").count();
            assert_eq!(places(english), places(chinese), "{english:?} and {chinese:?}");
            assert!(places(english) <= 1, "{english:?}");
        }
        let joined = String::leak(chinese.join("\n"));
        assert_eq!(D::read(&mut joined.split('\n')).list(), chinese, "what is read is what was written");
    }

    #[test]
    fn a_place_is_filled_wherever_it_is() {
        assert_eq!(fill("{} kept", "7"), "7 kept");
        assert_eq!(fill("保留了 {} 个字符", "7"), "保留了 7 个字符");
        assert_eq!(fill("after {}", "{}"), "after {}");
        assert_eq!(fill("nothing", "7"), "nothing7");
    }
}
