//! One JSON value as it stands in its text. The grammar is serde_json's work.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::scan::{Scan, plain_length};
use super::text;

/// One JSON value as it stands in the text, its grammar already checked.
#[derive(Clone, Copy)]
pub(crate) struct Raw<'a> {
    text: &'a str,
    /// It is a string without an escape. False where that is not known.
    is_plain: bool,
}

/// The six kinds of JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Object,
}

impl Kind {
    /// The word used in messages.
    pub(crate) fn name(self) -> &'static str {
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
pub(crate) type Members<'a> = Vec<(Cow<'a, str>, Raw<'a>)>;

impl<'a> Raw<'a> {
    /// Checks that `text` is one JSON value, behind a byte order mark or not. The message says where it
    /// is not.
    pub(crate) fn parse(text: &'a str) -> Result<Raw<'a>, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let raw: &RawValue = serde_json::from_str(text).map_err(|e| explained(text, &e))?;
        Ok(Raw::checked(raw.get(), false))
    }

    /// A value whose grammar is known to be sound.
    pub(super) fn checked(text: &'a str, is_plain: bool) -> Raw<'a> {
        Raw { text, is_plain }
    }

    /// The value's own text.
    pub(crate) fn text(self) -> &'a str {
        self.text
    }

    pub(crate) fn kind(self) -> Kind {
        match self.text.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::Text,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'n') | None => Kind::Null,
            Some(_) => Kind::Number,
        }
    }

    pub(crate) fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The members of an object one by one; `None` for anything else. Where a name holds half of a
    /// surrogate pair, U+FFFD stands for it.
    pub(crate) fn each_member(self) -> Option<impl Iterator<Item = (Cow<'a, str>, Raw<'a>)>> {
        let mut scan = (self.kind() == Kind::Object).then(|| Scan::inside(self.text))?;
        let next = move || {
            let (text, is_plain) = scan.next()?;
            let name = Raw::checked(text, is_plain).name();
            let (value, is_plain) = scan.next()?;
            Some((name, Raw::checked(value, is_plain)))
        };
        Some(std::iter::from_fn(next))
    }

    /// The same in a list.
    pub(crate) fn members(self) -> Option<Members<'a>> {
        self.each_member().map(Iterator::collect)
    }

    /// The items of an array one by one; `None` for anything else.
    pub(crate) fn each_item(self) -> Option<impl Iterator<Item = Raw<'a>>> {
        (self.kind() == Kind::Array)
            .then(|| Scan::inside(self.text).map(|(text, is_plain)| Raw::checked(text, is_plain)))
    }

    /// The same in a list.
    pub(crate) fn items(self) -> Option<Vec<Raw<'a>>> {
        self.each_item().map(Iterator::collect)
    }

    /// A string's content, escapes resolved; `None` for anything else, or where an escape is half
    /// of a surrogate pair.
    pub(crate) fn string(self) -> Option<Cow<'a, str>> {
        if self.kind() != Kind::Text {
            return None;
        }
        let inside = self.text.get(1..self.text.len() - 1)?;
        if self.is_plain || plain_length(inside.as_bytes()) == inside.len() {
            return Some(Cow::Borrowed(inside));
        }
        text::string(self.text)
    }

    /// A string as an object's name: U+FFFD stands for half of a surrogate pair.
    pub(super) fn name(self) -> Cow<'a, str> {
        self.string().unwrap_or_else(|| text::lossy(self.text))
    }

    pub(crate) fn boolean(self) -> Option<bool> {
        match self.text {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// Whether this is a number written without fraction or exponent, of any size.
    pub(crate) fn is_integer(self) -> bool {
        let digits = self.text.strip_prefix('-').unwrap_or(self.text);
        self.kind() == Kind::Number && digits.bytes().all(|b| b.is_ascii_digit())
    }

    /// An integer that fits into 64 bits.
    pub(crate) fn integer(self) -> Option<i64> {
        self.text.parse().ok().filter(|_| self.is_integer())
    }

    /// Appends the value without the white space between its tokens.
    pub(crate) fn write_compact(self, out: &mut String) {
        let (mut quoted, mut escaped) = (false, false);
        let mut kept = 0;
        for (at, byte) in self.text.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = quoted,
                b'"' => quoted = !quoted,
                b' ' | b'\t' | b'\n' | b'\r' if !quoted => {
                    out.push_str(&self.text[kept..at]);
                    kept = at + 1;
                }
                _ => {}
            }
        }
        out.push_str(&self.text[kept..]);
    }
}

/// The text that `bytes` are. The message says where they are not UTF-8, and what they may be instead.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|e| {
        let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
        let guess = if is_utf16 { "; it looks like UTF-16" } else { "" };
        format!("is not UTF-8: byte {} is wrong{guess}", e.valid_up_to())
    })
}

/// Why `text` is not JSON, with the mistakes that others' writers make said in words.
fn explained(text: &str, error: &serde_json::Error) -> String {
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let wrong = line.as_bytes().get(error.column().saturating_sub(1));
    let guess = match (wrong, text.as_bytes()) {
        // In UTF-16 every other byte of such a text is a zero.
        (_, [0, _, ..] | [_, 0, ..]) => "; it looks like UTF-16, UTF-8 is wanted",
        (Some(b'\''), _) => "; strings and names stand in double quotes, not in single ones",
        _ => "",
    };
    format!("{error}{guess}")
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
    fn half_a_surrogate_pair_is_not_a_string() {
        assert_eq!(raw(r#""\ud800""#).string(), None);
        assert_eq!(raw(r#""\ud83d\ude80""#).string().as_deref(), Some("🚀"));
        let members = raw(r#"{"a\ud800": 1, "b": 2}"#).members().expect("an object");
        assert!(members[0].0.starts_with("a\u{fffd}") && members[1].0 == "b");
    }

    #[test]
    fn a_byte_order_mark_is_skipped_once() {
        assert_eq!(raw("\u{feff} {} ").text(), "{}");
        for text in ["\u{feff}\u{feff}{}", " \u{feff}{}", "{}\u{feff}", "\u{feff}"] {
            assert!(Raw::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_other_writers_get_wrong_is_named() {
        fn why(text: &str) -> String {
            Raw::parse(text).err().expect("not JSON")
        }
        for text in ["{'a': 1}", "{\"a\": 'b'}", "'a'", "{\"a\": [1,\n 'b']}"] {
            assert!(why(text).contains("double quotes"), "{text}: {}", why(text));
        }
        for text in ["{\"a\": it's}", "{", "{\"a\": b'}"] {
            assert!(!why(text).contains("double quotes"), "{text}: {}", why(text));
        }
        let utf16 = |unit: fn(u16) -> [u8; 2], text: &str| -> Vec<u8> {
            text.encode_utf16().flat_map(unit).collect()
        };
        for unit in [u16::to_le_bytes, u16::to_be_bytes] {
            let marked = utf16(unit, "\u{feff}{}");
            assert!(utf8(&marked).is_err_and(|why| why.contains("UTF-16")));
            let unmarked = utf16(unit, "{}");
            assert!(why(utf8(&unmarked).expect("UTF-8")).contains("UTF-16"));
        }
        assert!(utf8(b"{\"a\":\xff}").is_err_and(|why| !why.contains("UTF-16")));
    }
}
