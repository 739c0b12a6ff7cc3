//! The three kinds of ids. All are UUIDs that the client makes, or the server where one is left out.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An id is a UUID in its usual form of 36 characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a UUID like 0f8fad5b-d9cb-469f-a165-70867728950e")]
pub struct ParseIdError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "Cow<'_, str>", into = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// A version 4 id from 16 random bytes; where they come from is the caller's business.
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
            }

            /// The id of which these are the bytes, as [`Self::as_bytes`] gave them.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// Its bytes, for a store.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(s: &str) -> Result<Self, Self::Err> {
                // The short, the braced and the URN form would give one id several names.
                if s.len() != 36 {
                    return Err(ParseIdError);
                }
                Uuid::try_parse(s).map(Self).map_err(|_| ParseIdError)
            }
        }

        // `Cow`, because a JSON string with an escape in it can't be borrowed.
        impl TryFrom<Cow<'_, str>> for $name {
            type Error = ParseIdError;

            fn try_from(s: Cow<'_, str>) -> Result<Self, Self::Error> {
                s.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
    };
}

id! {
    /// An answer's id, which is also the id of the assistant message.
    AnswerId
}
id! {
    /// A conversation's id.
    ConversationId
}
id! {
    /// A message's id, of either role.
    MessageId
}

impl From<AnswerId> for MessageId {
    fn from(id: AnswerId) -> Self {
        Self(id.0)
    }
}

impl From<MessageId> for AnswerId {
    fn from(id: MessageId) -> Self {
        Self(id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id: AnswerId = "0f8fad5b-d9cb-469f-a165-70867728950e".parse().unwrap();
        assert_eq!(id.to_string(), "0f8fad5b-d9cb-469f-a165-70867728950e");
        assert_eq!("0F8FAD5B-D9CB-469F-A165-70867728950E".parse::<AnswerId>().unwrap(), id);
        for bad in ["", "x", "0f8fad5bd9cb469fa16570867728950e", "{0f8fad5b-d9cb-469f-a165-70867728950e}"] {
            assert!(bad.parse::<AnswerId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn ids_survive_json() {
        let id = MessageId::from_random([7; 16]);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<MessageId>(&json).unwrap(), id);
    }
}
