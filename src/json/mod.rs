//! Reading and writing JSON without losing what the caller wrote: numbers keep their text, members
//! their order, and duplicates stay visible. The grammar itself is serde_json's work.

pub mod document;
pub mod edit;
pub mod pointer;

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// One JSON value as it stands in the text, its grammar already checked.
#[derive(Clone, Copy)]
pub struct Raw<'a>(&'a str);

/// The six kinds of JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Object,
}

impl Kind {
    /// The word used in messages.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Boolean => "a boolean",
            Kind::Number => "a number",
            Kind::Text => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        }
    }
}

/// An object's members in the order given, duplicates included.
pub type Members<'a> = Vec<(Cow<'a, str>, Raw<'a>)>;

/// A whole document, read once.
pub struct Parsed<'a> {
    pub raw: Raw<'a>,
    /// Its members, if it is an object.
    pub members: Option<Members<'a>>,
}

impl<'a> Parsed<'a> {
    /// Checks that `text` is one JSON value. The message says where it is not.
    pub fn parse(text: &'a str) -> Result<Parsed<'a>, String> {
        // JSON's white space, and no other.
        let trimmed = text.trim_matches([' ', '\t', '\n', '\r']);
        if trimmed.starts_with('{')
            && let Ok(list) = serde_json::from_str::<MemberList>(trimmed)
        {
            return Ok(Parsed { raw: Raw(trimmed), members: Some(list.0) });
        }
        let raw = Raw::parse(text)?;
        Ok(Parsed { raw, members: raw.members() })
    }
}

impl<'a> Raw<'a> {
    /// Checks that `text` is one JSON value. The message says where it is not.
    pub fn parse(text: &'a str) -> Result<Raw<'a>, String> {
        let raw: &RawValue = serde_json::from_str(text).map_err(|e| e.to_string())?;
        Ok(Raw(raw.get()))
    }

    /// The value's own text.
    pub fn text(self) -> &'a str {
        self.0
    }

    pub fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::Text,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'n') | None => Kind::Null,
            Some(_) => Kind::Number,
        }
    }

    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The members of an object; `None` for anything else. Where a name holds half of a surrogate
    /// pair, U+FFFD stands for it.
    pub fn members(self) -> Option<Members<'a>> {
        let all_unicode = serde_json::from_str::<MemberList>(self.0).ok().map(|list| list.0);
        all_unicode.or_else(|| serde_json::from_str::<LossyList>(self.0).ok().map(|list| list.0))
    }

    /// The items of an array; `None` for anything else.
    pub fn items(self) -> Option<Vec<Raw<'a>>> {
        serde_json::from_str::<ItemList>(self.0).ok().map(|list| list.0)
    }

    /// A string's content, escapes resolved; `None` for anything else, or where an escape is half
    /// of a surrogate pair.
    pub fn string(self) -> Option<Cow<'a, str>> {
        if self.kind() == Kind::Text && !self.0.as_bytes().contains(&b'\\') {
            return Some(Cow::Borrowed(&self.0[1..self.0.len() - 1]));
        }
        serde_json::from_str::<Name>(self.0).ok().map(|name| name.0)
    }

    pub fn boolean(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// Whether this is a number written without fraction or exponent, of any size.
    pub fn is_integer(self) -> bool {
        let digits = self.0.strip_prefix('-').unwrap_or(self.0);
        self.kind() == Kind::Number && digits.bytes().all(|b| b.is_ascii_digit())
    }

    /// An integer that fits into 64 bits.
    pub fn integer(self) -> Option<i64> {
        self.0.parse().ok().filter(|_| self.is_integer())
    }

    /// Appends the value without the white space between its tokens.
    pub fn write_compact(self, out: &mut String) {
        let (mut quoted, mut escaped) = (false, false);
        let mut kept = 0;
        for (at, byte) in self.0.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = quoted,
                b'"' => quoted = !quoted,
                b' ' | b'\t' | b'\n' | b'\r' if !quoted => {
                    out.push_str(&self.0[kept..at]);
                    kept = at + 1;
                }
                _ => {}
            }
        }
        out.push_str(&self.0[kept..]);
    }
}

/// Appends `text` as a JSON string, quotes included.
pub fn write_string(out: &mut String, text: &str) {
    // Nearly every string goes as it is; a look costs less than an escaping writer.
    if text.bytes().all(|b| b >= b' ' && b != b'"' && b != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
        return;
    }
    // A string always serializes.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// The JSON Pointer (RFC 6901) of member `name` below `base`.
pub fn pointer(base: &str, name: &str) -> String {
    let mut path = String::with_capacity(base.len() + name.len() + 1);
    path.push_str(base);
    push_name(&mut path, name);
    path
}

/// Appends one part to a JSON Pointer.
pub fn push_name(path: &mut String, name: &str) {
    path.push('/');
    if name.bytes().any(|b| matches!(b, b'~' | b'/')) {
        path.push_str(&name.replace('~', "~0").replace('/', "~1"));
    } else {
        path.push_str(name);
    }
}

struct MemberList<'a>(Members<'a>);
struct LossyList<'a>(Members<'a>);
struct ItemList<'a>(Vec<Raw<'a>>);
struct Name<'a>(Cow<'a, str>);
struct LossyName<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for MemberList<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Collect(|name: Name<'de>| name.0)).map(MemberList)
    }
}

impl<'de> Deserialize<'de> for LossyList<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Collect(|name: LossyName<'de>| name.0)).map(LossyList)
    }
}

impl<'de> Deserialize<'de> for LossyName<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_bytes(CollectBytes)
    }
}

impl<'de> Deserialize<'de> for ItemList<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(CollectItems).map(ItemList)
    }
}

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(CollectText).map(Name)
    }
}

/// Members, their names read as `N`.
struct Collect<'de, N>(fn(N) -> Cow<'de, str>);
struct CollectItems;
struct CollectText;
struct CollectBytes;

impl<'de, N: Deserialize<'de>> Visitor<'de> for Collect<'de, N> {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(16);
        while let Some((name, value)) = map.next_entry::<N, &'de RawValue>()? {
            members.push((self.0(name), Raw(value.get())));
        }
        Ok(members)
    }
}

impl<'de> Visitor<'de> for CollectItems {
    type Value = Vec<Raw<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(value) = seq.next_element::<&'de RawValue>()? {
            items.push(Raw(value.get()));
        }
        Ok(items)
    }
}

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
    type Value = LossyName<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
        Ok(LossyName(String::from_utf8_lossy(bytes)))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Ok(LossyName(Cow::Owned(String::from_utf8_lossy(bytes).into_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Raw<'_> {
        Raw::parse(text).expect("JSON")
    }

    #[test]
    fn integers_are_whole_and_fit() {
        assert_eq!(raw("3").integer(), Some(3));
        assert_eq!(raw("-3").integer(), Some(-3));
        assert_eq!(raw("3.0").integer(), None);
        assert_eq!(raw("3e1").integer(), None);
        assert_eq!(raw("\"3\"").integer(), None);
        assert_eq!(raw("9223372036854775807").integer(), Some(i64::MAX));
        assert_eq!(raw("9223372036854775808").integer(), None);
        assert!(raw("9223372036854775808").is_integer() && !raw("1e3").is_integer());
    }

    #[test]
    fn members_keep_order_and_duplicates() {
        let text = r#"{"b":1, "a" : {"x": [1, 2]}, "b":2}"#;
        let members = raw(text).members().expect("an object");
        let names: Vec<_> = members.iter().map(|(name, _)| name.as_ref()).collect();
        assert_eq!(names, ["b", "a", "b"]);
        let mut out = String::new();
        members[1].1.write_compact(&mut out);
        assert_eq!(out, r#"{"x":[1,2]}"#);
    }

    #[test]
    fn compact_keeps_white_space_inside_strings() {
        let mut out = String::new();
        raw(r#"[ " a \" b\\" , "c d" ]"#).write_compact(&mut out);
        assert_eq!(out, r#"[" a \" b\\","c d"]"#);
    }

    #[test]
    fn strings_are_written_as_serde_json_reads_them() {
        let text = "a\"b\\c\n\r\t\u{1}\u{7f}é🚀/";
        let mut out = String::new();
        write_string(&mut out, text);
        assert_eq!(serde_json::from_str::<String>(&out).expect("a string"), text);
    }

    #[test]
    fn half_a_surrogate_pair_is_not_a_string() {
        assert_eq!(raw(r#""\ud800""#).string(), None);
        assert_eq!(raw(r#""\ud83d\ude80""#).string().as_deref(), Some("🚀"));
        let members = raw(r#"{"a\ud800": 1, "b": 2}"#).members().expect("an object");
        assert!(members[0].0.starts_with("a\u{fffd}") && members[1].0 == "b");
    }

    #[test]
    fn pointers_escape_their_names() {
        assert_eq!(pointer("/a", "b/c~d"), "/a/b~1c~0d");
    }
}
