//! The address under which people reach the server.

/// `https://chat.example.org`: scheme and host, with the port where it is not the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
}

impl PublicUrl {
    /// Reads what was set; the error says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let like = "write it like https://chat.example.org";
        let url =
            reqwest::Url::parse(text).map_err(|error| format!("`{text}` is not a URL ({error}); {like}"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(format!("`{text}` is not an http or https URL; {like}"));
        }
        // Sluice is the whole of its host: its cookie and its addresses begin at `/`.
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(format!("`{text}` says more than scheme, host and port; {like}"));
        }
        Ok(Self { origin: url.origin().ascii_serialization() })
    }

    /// As a browser writes it in `Origin`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether people come by HTTPS.
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_as_browsers_write_it() {
        let origin = |text: &str| PublicUrl::parse(text).unwrap().origin().to_owned();
        assert_eq!(origin("https://Chat.Example.org/"), "https://chat.example.org");
        assert_eq!(origin("https://chat.example.org:443"), "https://chat.example.org");
        assert_eq!(origin("http://chat.example.org:3000"), "http://chat.example.org:3000");
        assert_eq!(origin("http://[::1]:80"), "http://[::1]");
        assert!(PublicUrl::parse("https://a.test").unwrap().is_https());
        assert!(!PublicUrl::parse("http://https.test").unwrap().is_https());
    }

    #[test]
    fn anything_but_an_origin_is_refused() {
        for text in [
            "chat.example.org",
            "ftp://a.test",
            "https://a.test/chat",
            "https://a.test/?x",
            "https://a.test/#x",
            "https://anna@a.test",
            "localhost:3000",
        ] {
            let why = PublicUrl::parse(text).unwrap_err();
            assert!(why.contains(text) && why.contains("https://chat.example.org"), "{why}");
        }
    }
}
