//! Reads JSON into serde's types: what the page needs of it, and small. serde_json's reading costs the
//! page about 45 KB after compression, most of it for errors that name types, positions and floating
//! point numbers; a reader of streams has nobody to tell those to. Where a person sent the JSON, on the
//! server, serde_json is right.
//!
//! It takes what serde_json takes into the same types, but for three things that no type on the wire
//! has: floating point and negative numbers, structs written as arrays, and values of any type. A test
//! compares the two.

mod string;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

/// It is not JSON, or not of the right types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError;

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not JSON, or not of the right types")
    }
}

impl std::error::Error for JsonError {}

impl serde::de::Error for JsonError {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// The deepest nesting of a value that is skipped. The types themselves bound all others.
const DEPTH: u32 = 128;

/// Reads one value, with nothing but white space around it.
///
/// # Errors
///
/// When it is not JSON, or not of type `T`.
pub fn from_str<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T, JsonError> {
    let mut reader = Reader { json, at: 0 };
    let value = T::deserialize(&mut reader)?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(JsonError),
    }
}

struct Reader<'de> {
    json: &'de str,
    at: usize,
}

impl<'de> Reader<'de> {
    /// The next byte that is not white space, without taking it.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.json.as_bytes()[self.at..];
        let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
        self.at += blank;
        rest.get(blank).copied()
    }

    /// Takes the next byte that is not white space if it is this one.
    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.take(byte) { Ok(()) } else { Err(JsonError) }
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.peek();
        let there = self.json[self.at..].starts_with(word);
        self.at += if there { word.len() } else { 0 };
        there
    }

    fn string(&mut self) -> Result<Cow<'de, str>, JsonError> {
        self.expect(b'"')?;
        string::read(self.json, &mut self.at, string::Surrogates::Refused)
    }

    /// The digits that come; none is an error, and so is a leading zero.
    fn digits(&mut self) -> Result<&'de str, JsonError> {
        let rest = &self.json[self.at..];
        let digits = &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()];
        self.at += digits.len();
        if digits.is_empty() { Err(JsonError) } else { Ok(digits) }
    }

    fn integer(&mut self) -> Result<&'de str, JsonError> {
        let digits = self.digits()?;
        if digits.len() > 1 && digits.starts_with('0') { Err(JsonError) } else { Ok(digits) }
    }

    fn number(&mut self) -> Result<u64, JsonError> {
        self.peek();
        let number = self.integer()?.parse().map_err(|_| JsonError)?;
        match self.json.as_bytes().get(self.at) {
            Some(b'.' | b'e' | b'E') => Err(JsonError),
            _ => Ok(number),
        }
    }

    /// Takes a value of any kind and forgets it.
    fn skip(&mut self, depth: u32) -> Result<(), JsonError> {
        let depth = depth.checked_sub(1).ok_or(JsonError)?;
        match self.peek().ok_or(JsonError)? {
            b'"' => self.string().map(drop),
            b'{' => self.skip_list(b'}', |reader| {
                reader.string()?;
                reader.expect(b':')?;
                reader.skip(depth)
            }),
            b'[' => self.skip_list(b']', |reader| reader.skip(depth)),
            b'-' | b'0'..=b'9' => self.skip_number(),
            _ if self.take_word("null") || self.take_word("true") || self.take_word("false") => Ok(()),
            _ => Err(JsonError),
        }
    }

    fn skip_list(
        &mut self,
        end: u8,
        mut item: impl FnMut(&mut Self) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        self.at += 1;
        if self.take(end) {
            return Ok(());
        }
        loop {
            item(self)?;
            if !self.take(b',') {
                return self.expect(end);
            }
        }
    }

    fn skip_number(&mut self) -> Result<(), JsonError> {
        let next = |reader: &Self| reader.json.as_bytes().get(reader.at).copied();
        self.at += usize::from(next(self) == Some(b'-'));
        self.integer()?;
        if next(self) == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(next(self), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(next(self), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(())
    }
}

/// The kinds of values that a type on the wire can ask for. All others are refused.
macro_rules! refuse {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, JsonError> {
            Err(JsonError)
        })*
    };
}

/// Those that are read alike.
macro_rules! like {
    ($how:ident: $($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
            self.$how(visitor)
        })*
    };
}

impl<'de> serde::Deserializer<'de> for &mut Reader<'de> {
    type Error = JsonError;

    refuse! {
        deserialize_any deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_f32
        deserialize_f64 deserialize_char deserialize_unit
    }

    like! { deserialize_u64: deserialize_u8 deserialize_u16 deserialize_u32 }
    like! { deserialize_str: deserialize_string deserialize_identifier }
    like! { deserialize_bytes: deserialize_byte_buf }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        if self.take_word("true") {
            visitor.visit_bool(true)
        } else if self.take_word("false") {
            visitor.visit_bool(false)
        } else {
            Err(JsonError)
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_u64(self.number()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visit(self.string()?, visitor)
    }

    /// A string too: who asks for bytes takes a lone surrogate as U+FFFD.
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.expect(b'"')?;
        visit(string::read(self.json, &mut self.at, string::Surrogates::Replaced)?, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        if self.take_word("null") { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.expect(b'[')?;
        let value = visitor.visit_seq(List { reader: self, first: true })?;
        self.expect(b']')?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, JsonError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.expect(b'{')?;
        let value = visitor.visit_map(List { reader: self, first: true })?;
        self.expect(b'}')?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        self.deserialize_map(visitor)
    }

    /// A variant without content is its name, one with content an object with the name as its key.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        let content = self.take(b'{');
        let value = visitor.visit_enum(Variant { reader: self, content })?;
        if content {
            self.expect(b'}')?;
        }
        Ok(value)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.skip(DEPTH)?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, _: V) -> Result<V::Value, JsonError> {
        Err(JsonError)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        _: V,
    ) -> Result<V::Value, JsonError> {
        Err(JsonError)
    }
}

fn visit<'de, V: Visitor<'de>>(string: Cow<'de, str>, visitor: V) -> Result<V::Value, JsonError> {
    match string {
        Cow::Borrowed(string) => visitor.visit_borrowed_str(string),
        Cow::Owned(string) => visitor.visit_string(string),
    }
}

/// The inside of an array or an object.
struct List<'a, 'de> {
    reader: &'a mut Reader<'de>,
    first: bool,
}

impl List<'_, '_> {
    /// Whether there is another item, behind its comma.
    fn more(&mut self, end: u8) -> Result<bool, JsonError> {
        if self.reader.peek() == Some(end) {
            return Ok(false);
        }
        if !std::mem::take(&mut self.first) {
            self.reader.expect(b',')?;
        }
        Ok(true)
    }
}

impl<'de> SeqAccess<'de> for List<'_, 'de> {
    type Error = JsonError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, JsonError> {
        if self.more(b']')? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for List<'_, 'de> {
    type Error = JsonError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, JsonError> {
        if self.more(b'}')? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, JsonError> {
        self.reader.expect(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// A variant of an enum.
struct Variant<'a, 'de> {
    reader: &'a mut Reader<'de>,
    content: bool,
}

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = JsonError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), JsonError> {
        let name = match self.reader.string()? {
            Cow::Borrowed(name) => seed.deserialize(BorrowedStrDeserializer::new(name))?,
            // No variant of ours has a name that must be escaped.
            Cow::Owned(_) => return Err(JsonError),
        };
        if self.content {
            self.reader.expect(b':')?;
        }
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = JsonError;

    fn unit_variant(self) -> Result<(), JsonError> {
        if self.content { Err(JsonError) } else { Ok(()) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, JsonError> {
        if self.content { seed.deserialize(self.reader) } else { Err(JsonError) }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, JsonError> {
        Err(JsonError)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        use serde::Deserializer;
        if self.content { self.reader.deserialize_map(visitor) } else { Err(JsonError) }
    }
}
