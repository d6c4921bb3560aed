//! What a JSON string says, its escapes resolved.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};

/// The content of the string that `text` is; `None` for anything else, or where an escape is half of a
/// surrogate pair.
pub(super) fn string(text: &str) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Text>(text).ok().map(|text| text.0)
}

/// The same with U+FFFD for half of a surrogate pair; empty for anything else.
pub(super) fn lossy(text: &str) -> Cow<'_, str> {
    serde_json::from_str::<LossyText>(text).map(|text| text.0).unwrap_or_default()
}

struct Text<'a>(Cow<'a, str>);
struct LossyText<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(CollectText).map(Text)
    }
}

impl<'de> Deserialize<'de> for LossyText<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_bytes(CollectBytes)
    }
}

struct CollectText;
struct CollectBytes;

impl<'de> Visitor<'de> for CollectText {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

impl<'de> Visitor<'de> for CollectBytes {
    type Value = LossyText<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
        Ok(LossyText(String::from_utf8_lossy(bytes)))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Ok(LossyText(Cow::Owned(String::from_utf8_lossy(bytes).into_owned())))
    }
}
