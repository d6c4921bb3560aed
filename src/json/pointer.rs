//! JSON Pointer (RFC 6901): taken apart, put together, and followed into a document.

use crate::error::{Code, Error, Problem};
use crate::json::{Kind, Raw};

/// Documents of this library are four levels deep; a longer pointer would only cost time.
const DEEPEST: usize = 128;

/// The value at `pointer`: a string comes without its quotes, anything else as compact JSON.
pub(crate) fn get(text: &str, pointer: &str) -> Result<String, Error> {
    let document =
        Raw::parse(text).map_err(|why| Error::Argument(format!("json is not JSON: {why}")))?;
    let value = follow(document, &parse(pointer)?)
        .ok_or_else(|| bad(pointer, Code::Missing, "the document has no such value"))?;
    if value.kind() != Kind::Text {
        let mut out = String::new();
        value.write_compact(&mut out);
        return Ok(out);
    }
    match value.string() {
        Some(text) if !text.contains('\0') => Ok(text.into_owned()),
        _ => {
            let message = "is a string that C cannot hold: a NUL or half a surrogate pair";
            Err(bad(pointer, Code::NotUnicode, message))
        }
    }
}

/// The line and the column, both from 1 on and the latter in characters, at which the value at
/// `pointer` begins in `text`; `None` where there is no such value.
pub fn position(text: &str, pointer: &str) -> Option<(usize, usize)> {
    let value = follow(Raw::parse(text).ok()?, &parse(pointer).ok()?)?;
    let before = &text[..value.text().as_ptr().addr() - text.as_ptr().addr()];
    let line = before.rsplit('\n').next().unwrap_or_default();
    // A byte order mark has no width.
    let column = line.trim_start_matches('\u{feff}').chars().count();
    Some((before.matches('\n').count() + 1, column + 1))
}

/// The pointer's parts, escapes resolved.
pub(crate) fn parse(pointer: &str) -> Result<Vec<String>, Error> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(bad(pointer, Code::BadPointer, "must be empty or begin with \"/\""));
    }
    let parts = pointer.split('/').skip(1);
    let parts: Vec<_> =
        parts.take(DEEPEST + 1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    match parts.len() > DEEPEST {
        true => Err(bad(pointer, Code::BadPointer, "is deeper than 128 levels")),
        false => Ok(parts),
    }
}

/// Whether `text` points to something below the document, with no `~` but in an escape.
pub(crate) fn is_below_root(text: &str) -> bool {
    text.len() > 1
        && text.starts_with('/')
        && text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']))
}

/// Whether a part is an array's index (no leading zero), or `-`, which is the place after its last item.
pub(crate) fn is_index(part: &str) -> bool {
    let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    matches!(part, "-" | "0") || (digits && !part.starts_with('0'))
}

/// Appends one part to a pointer, escaped.
pub(crate) fn push(pointer: &mut String, part: &str) {
    pointer.push('/');
    if part.bytes().any(|b| matches!(b, b'~' | b'/')) {
        pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(part);
    }
}

fn bad(pointer: &str, code: Code, message: &str) -> Error {
    Error::Invalid(vec![Problem { path: pointer.to_owned(), code, message: message.to_owned() }])
}

fn follow<'a>(document: Raw<'a>, parts: &[String]) -> Option<Raw<'a>> {
    parts.iter().try_fold(document, |value, part| step(value, part))
}

fn step<'a>(value: Raw<'a>, part: &str) -> Option<Raw<'a>> {
    match value.kind() {
        Kind::Object => value.each_member()?.find(|(name, _)| name == part).map(|(_, raw)| raw),
        Kind::Array => {
            let index = part.parse().ok().filter(|_| is_index(part))?;
            value.each_item()?.nth(index)
        }
        Kind::Null | Kind::Boolean | Kind::Number | Kind::Text => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{"a": {"b/c": [1, {"~": "x\"y"}], "": null, "n": "\u0000"}, "s": "ü", "f": [ 1.50 , true ]}"#;

    #[test]
    fn values_are_found() {
        for (pointer, value) in [
            ("/s", "ü"),
            ("/a/b~1c/0", "1"),
            ("/a/b~1c/1/~0", "x\"y"),
            ("/a/", "null"),
            ("/f", "[1.50,true]"),
            ("/f/1", "true"),
        ] {
            assert_eq!(get(DOCUMENT, pointer), Ok(value.to_owned()), "{pointer}");
        }
        assert!(get(DOCUMENT, "").is_ok_and(|whole| whole.starts_with("{\"a\":{")));
    }

    #[test]
    fn what_is_not_there_is_invalid() {
        for pointer in ["/x", "/s/0", "/f/2", "/f/-", "/f/01", "/f/+1", "/f/ 1", "s", "/a/n", "/f/"]
        {
            assert!(matches!(get(DOCUMENT, pointer), Err(Error::Invalid(_))), "{pointer}");
        }
        assert!(matches!(get("{", "/a"), Err(Error::Argument(_))));
    }

    #[test]
    fn parts_are_escaped_and_read_again() {
        let mut pointer = "/a".to_owned();
        for part in ["b/c~d", "", "~1"] {
            push(&mut pointer, part);
        }
        assert_eq!(pointer, "/a/b~1c~0d//~01");
        assert_eq!(
            parse(&pointer).as_deref(),
            Ok(&["a", "b/c~d", "", "~1"].map(str::to_owned)[..])
        );
    }

    #[test]
    fn a_value_has_a_line_and_a_column() {
        let text = "\u{feff}{\"ü\": 1,\n  \"b\": [true,\r\n\t{\"c\": \"x\"}],\n\"count\": 3}";
        for (pointer, place) in [
            ("", Some((1, 1))),
            ("/ü", Some((1, 7))),
            ("/b", Some((2, 8))),
            ("/b/0", Some((2, 9))),
            ("/b/1/c", Some((3, 8))),
            ("/count", Some((4, 10))),
            ("/b/2", None),
            ("/none", None),
            ("count", None),
        ] {
            assert_eq!(position(text, pointer), place, "{pointer}");
        }
        assert_eq!(position("{", ""), None);
    }
}
