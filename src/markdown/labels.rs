//! What the elements say that are not in the text: buttons, titles, remarks.

/// Writes the labels: each with what it says in English.
macro_rules! labels {
    ($($(#[$about:meta])* $name:ident: $english:literal,)*) => {
        /// What is said in the reader's language beside the text. A `{}` is the place of something.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Labels {
            $($(#[$about])* pub $name: &'static str,)*
        }

        impl Labels {
            /// In English.
            pub const ENGLISH: Self = Self { $($name: $english,)* };

            /// Takes them one by one, in the order in which [`Self::list`] gives them.
            pub fn read(lines: &mut dyn Iterator<Item = &'static str>) -> Self {
                Self { $($name: lines.next().unwrap_or_default(),)* }
            }

            /// All of them.
            pub fn list(&self) -> Vec<&'static str> {
                vec![$(self.$name,)*]
            }
        }
    };
}

labels! {
    /// On a button that has copied something.
    copied: "Copied",
    /// On a button that could not.
    not_copied: "Not copied",
    /// The button that copies code.
    copy: "Copy",
    /// The button that copies a table as Markdown.
    copy_markdown: "Copy Markdown",
    /// The button that copies a table as CSV.
    copy_csv: "Copy CSV",
    /// The button that breaks long lines of code.
    wrap: "Wrap",
    /// The title of an alert.
    note: "Note",
    /// The title of an alert.
    tip: "Tip",
    /// The title of an alert.
    important: "Important",
    /// The title of an alert.
    warning: "Warning",
    /// The title of an alert.
    caution: "Caution",
    /// The box of a task.
    done: "Done",
    /// The box of a task.
    to_do: "To do",
    /// In place of an image that is not fetched.
    image: "Image not loaded",
    /// The same with the host that it would have come from.
    image_from: "Image from {} not loaded",
    /// Behind one of these, what the image shows.
    image_shows: ": {}",
    /// The link to that image.
    open: "Open",
    /// What an image shows of which the text does not say it.
    unnamed_image: "Image",
}

impl Default for Labels {
    fn default() -> Self {
        Self::ENGLISH
    }
}

/// A label with something in its place.
pub(super) fn fill(label: &str, value: &str) -> String {
    // By a character: a search for a string would bring its own code into the program.
    let (before, after) = label.split_once('{').unwrap_or((label, ""));
    [before, value, after.strip_prefix('}').unwrap_or(after)].concat()
}
