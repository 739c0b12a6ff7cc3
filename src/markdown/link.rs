//! What a model may link to: addresses that can be opened, images that can be fetched, and the name of
//! a code block's language. Each type can only be made by its filter.

/// The address of a link: `http://…`, `https://…` or `mailto:…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Href(String);

impl Href {
    /// Takes a destination (its entities decoded) where it is one of the three kinds.
    ///
    /// Control characters are dropped first, as a browser would drop some of them: `java\tscript:` is
    /// `javascript:`. What is left must begin with one of the schemes to the letter, so whatever a
    /// browser does with the rest, the scheme is fixed.
    pub(super) fn parse(destination: &str) -> Option<Self> {
        let visible: String = destination.chars().filter(|c| !c.is_control()).collect();
        let address = visible.trim();
        let web = strip_scheme(address, "https://").or_else(|| strip_scheme(address, "http://"));
        let rest = web.or_else(|| strip_scheme(address, "mailto:"))?;
        (!rest.is_empty()).then(|| Self(address.replace(' ', "%20")))
    }

    /// An address as `<somebody@example.org>` gives it.
    pub(super) fn mail(address: &str) -> Option<Self> {
        Self::parse(&format!("mailto:{address}"))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_web(&self) -> bool {
        strip_scheme(&self.0, "mailto:").is_none()
    }
}

fn strip_scheme<'a>(address: &'a str, scheme: &str) -> Option<&'a str> {
    let (head, rest) = address.split_at_checked(scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// The host that a destination names, for showing: `evil.test` of `https://me@evil.test:1/x`.
pub(super) fn host(destination: &str) -> Option<&str> {
    let (scheme, rest) = destination.trim().split_once("//")?;
    let plain = scheme.is_empty() || scheme.ends_with(':');
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    (plain && !host.is_empty()).then_some(host)
}

/// The path of a file of ours: `/api/files/…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePath(String);

impl FilePath {
    /// Takes a path below `/api/files/` that stays there however it is read: letters, digits, `-`,
    /// `_`, and single dots and slashes.
    pub(super) fn parse(destination: &str) -> Option<Self> {
        let name = destination.strip_prefix("/api/files/")?;
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/'));
        let stays = name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
        (plain && stays).then(|| Self(destination.to_owned()))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The size in pixels, width and height, of the image that is found at an address of ours: it ends with
/// it, like `/api/files/9f86d081…-960x540`. What it says is true or there is no such file.
pub fn size_in(path: &str) -> Option<(u32, u32)> {
    let (_, size) = path.rsplit_once('-')?;
    let (width, height) = size.split_once('x')?;
    let pixels = |digits: &str| digits.parse().ok().filter(|pixels| *pixels > 0);
    Some((pixels(width)?, pixels(height)?))
}

/// The name of a code block's language, for showing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language<'a>(&'a str);

impl<'a> Language<'a> {
    /// Takes the first word of a fence's info string, as far as it looks like a name; empty where it
    /// does not.
    pub fn parse(info: &'a str) -> Self {
        const LONGEST: usize = 24;
        let word = info.split_whitespace().next().unwrap_or_default();
        let word = word.split([',', '{', ':']).next().unwrap_or_default();
        let named =
            word.chars().all(|c| c.is_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.' | '/'));
        Self(if named && word.chars().count() <= LONGEST { word } else { "" })
    }

    /// The name; may be empty.
    pub fn as_str(self) -> &'a str {
        self.0
    }
}
