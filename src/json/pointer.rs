//! One value out of a document, by JSON Pointer (RFC 6901).

use crate::error::{Code, Error, Problem};
use crate::json::{Kind, Raw};

/// Documents of this library are four levels deep; a longer pointer would only cost time.
const DEEPEST: usize = 128;

/// A string comes without its quotes, anything else as compact JSON.
pub fn get(text: &str, pointer: &str) -> Result<String, Error> {
    let mut value =
        Raw::parse(text).map_err(|why| Error::Argument(format!("json is not JSON: {why}")))?;
    for token in tokens(pointer)? {
        value = step(value, &token)
            .ok_or_else(|| bad(pointer, Code::Missing, "the document has no such value"))?;
    }
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

/// The pointer's parts, escapes resolved.
pub fn tokens(pointer: &str) -> Result<Vec<String>, Error> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(bad(pointer, Code::BadPointer, "must be empty or begin with \"/\""));
    }
    let parts = pointer.split('/').skip(1);
    let tokens: Vec<_> =
        parts.take(DEEPEST + 1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    match tokens.len() > DEEPEST {
        true => Err(bad(pointer, Code::BadPointer, "is deeper than 128 levels")),
        false => Ok(tokens),
    }
}

fn bad(pointer: &str, code: Code, message: &str) -> Error {
    Error::Invalid(vec![Problem { path: pointer.to_owned(), code, message: message.to_owned() }])
}

fn step<'a>(value: Raw<'a>, token: &str) -> Option<Raw<'a>> {
    match value.kind() {
        Kind::Object => {
            value.members()?.into_iter().find(|(name, _)| name == token).map(|(_, raw)| raw)
        }
        Kind::Array => {
            let plain = token == "0" || !token.starts_with(['0', '+']);
            value.items()?.get(token.parse::<usize>().ok().filter(|_| plain)?).copied()
        }
        _ => None,
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
}
