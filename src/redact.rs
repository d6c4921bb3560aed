//! Takes secrets out of text that somebody else wrote: a service that echoes the security token, a
//! proxy whose page quotes the body. A secret is found in the forms such text gives it: as it is,
//! escaped for JSON (once or several times), as XML entities, or percent-encoded.

use crate::secret::Secret;

const MASK: &str = "***";
/// What is shorter is no secret, and masking it would take words and ids apart.
const SHORTEST: usize = 4;

/// `text` without any of `secrets`.
pub fn redact(text: &str, secrets: &[&Secret]) -> String {
    mask(text, secrets, false)
}

/// The same for text that may have been cut off: the beginning of a secret at its end goes, too.
/// Not for ids: the end of one may look like the beginning of a secret by chance.
pub fn redact_truncated(text: &str, secrets: &[&Secret]) -> String {
    mask(text, secrets, true)
}

fn mask(text: &str, secrets: &[&Secret], cut_off: bool) -> String {
    if !cut_off && is_clean(text, secrets) {
        return text.to_owned();
    }
    let secrets: Vec<Vec<char>> = secrets.iter().map(|secret| bare(secret.expose())).collect();
    let secrets: Vec<_> = secrets.iter().filter(|secret| secret.len() >= SHORTEST).collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        // A "&" may stand for itself or begin an entity, and likewise "%": read it both ways.
        let both = |secret: &&Vec<char>| {
            let read = |forms_first| match_length(rest, secret, forms_first, cut_off);
            read(false).max(read(true))
        };
        let longest = secrets.iter().filter_map(both).max();
        match longest {
            Some(length) => {
                out.push_str(MASK);
                rest = &rest[length..];
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out
}

/// Whether a plain search is enough to tell that no secret is there: text without any sign of
/// escaping, as ids and most messages are.
fn is_clean(text: &str, secrets: &[&Secret]) -> bool {
    let plain = text.bytes().all(|b| !matches!(b, b'\\' | b'&' | b'%' | b'+'));
    plain
        && secrets
            .iter()
            .map(|secret| secret.expose())
            .all(|s| !s.contains('\\') && !text.contains(s))
}

/// The secret without its backslashes. They are skipped in the text as well, since how many of them
/// stand before a character depends only on how often it was escaped.
fn bare(secret: &str) -> Vec<char> {
    secret.chars().filter(|&c| c != '\\').collect()
}

/// How much of the beginning of `text` is `secret`, in whatever form.
fn match_length(text: &str, secret: &[char], forms_first: bool, cut_off: bool) -> Option<usize> {
    let mut at = 0;
    for (index, &wanted) in secret.iter().enumerate() {
        let unescaped = skip_backslashes(&text[at..]);
        let escaped = text.len() - at > unescaped.len();
        at = text.len() - unescaped.len();
        let literal = unescaped.starts_with(wanted).then_some(wanted.len_utf8());
        let form = || form_length(unescaped, wanted, escaped);
        let found = if forms_first { form().or(literal) } else { literal.or_else(form) };
        match found {
            Some(length) => at += length,
            None if cut_off && index >= SHORTEST && is_cut(unescaped, escaped) => {
                return Some(text.len());
            }
            None => return None,
        }
    }
    Some(at)
}

/// Escaping four times over makes fifteen; a longer run is no escape, only slow to read.
fn skip_backslashes(text: &str) -> &str {
    let run = text.bytes().take(15).take_while(|&b| b == b'\\').count();
    &text[run..]
}

/// Whether the text ends here, perhaps within an escape.
fn is_cut(rest: &str, escaped: bool) -> bool {
    let within = rest.len() < 6
        && (rest.starts_with(['&', '%']) || (escaped && rest.starts_with('u')))
        && !rest.contains([';', ' ', '"']);
    rest.is_empty() || within
}

/// The length of one character of the secret, written in another form, at the beginning of `text`.
fn form_length(text: &str, wanted: char, escaped: bool) -> Option<usize> {
    let json = || escaped.then(|| json_escape(text, wanted)).flatten();
    json().or_else(|| entity(text, wanted)).or_else(|| percent(text, wanted))
}

/// After a backslash: `n` for a line feed and the like, `uXXXX` (two of them for a pair).
fn json_escape(text: &str, wanted: char) -> Option<usize> {
    let short = match wanted {
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        _ => 'u',
    };
    if short != 'u' && text.starts_with(short) {
        return Some(1);
    }
    let mut rest = text;
    for unit in wanted.encode_utf16(&mut [0; 2]) {
        let unescaped = skip_backslashes(rest);
        let digits = unescaped.strip_prefix('u')?.get(..4)?;
        if u16::from_str_radix(digits, 16) != Ok(*unit) {
            return None;
        }
        rest = unescaped.get(5..)?;
    }
    Some(text.len() - rest.len())
}

/// `&quot;`, `&#34;`, `&#x22;`.
fn entity(text: &str, wanted: char) -> Option<usize> {
    const LONGEST: usize = 10;
    let length = text.bytes().take(LONGEST).position(|b| b == b';')?;
    let name = text[..length].strip_prefix('&')?;
    let number =
        |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let found = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(digits) => number(digits, 16),
            None => number(digits, 10),
        },
        None => match name {
            "quot" => Some('"'),
            "amp" => Some('&'),
            "apos" => Some('\''),
            "lt" => Some('<'),
            "gt" => Some('>'),
            _ => None,
        },
    };
    (found == Some(wanted)).then_some(name.len() + 2)
}

/// `%2B`, one for each byte of UTF-8; `+` for a space.
fn percent(text: &str, wanted: char) -> Option<usize> {
    if wanted == ' ' && text.starts_with('+') {
        return Some(1);
    }
    let mut rest = text;
    for byte in wanted.encode_utf8(&mut [0; 4]).bytes() {
        let digits = rest.strip_prefix('%')?.get(..2)?;
        if u8::from_str_radix(digits, 16) != Ok(byte) {
            return None;
        }
        rest = &rest[3..];
    }
    Some(text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "a\"b/c+d<é🚀\\&\n";

    fn redacted(text: &str) -> String {
        redact(text, &[&Secret::new(SECRET), &Secret::new("second-secret")])
    }

    #[test]
    fn every_form_is_found() {
        let json = serde_json::to_string(SECRET).expect("JSON");
        let json = json.trim_matches('"');
        let twice = serde_json::to_string(json).expect("JSON");
        let ascii = "a\\u0022b\\/c\\u002bd\\u003C\\u00e9\\ud83d\\uDE80\\\\\\u0026\\n";
        let xml = "a&quot;b/c+d&lt;&#233;&#x1F680;\\&amp;&#10;";
        let url = "a%22b%2fc%2Bd%3C%C3%A9%F0%9F%9A%80%5C%26%0A".replace("%5C", "\\");
        for form in [SECRET, json, twice.trim_matches('"'), ascii, xml, &url] {
            assert_eq!(redacted(&format!("x{form}y")), "x***y", "{form}");
        }
        assert_eq!(redacted("second-secret, second-secret"), "***, ***");
        assert_eq!(redact("x&amp;%41y", &[&Secret::new("&amp;%41")]), "x***y");
    }

    #[test]
    fn a_secret_cut_off_by_the_end_is_masked() {
        let cut_off = |text| redact_truncated(text, &[&Secret::new("second-secret")]);
        assert_eq!(cut_off("x second-se"), "x ***");
        assert_eq!(cut_off("x sec"), "x sec");
        assert_eq!(redacted("T-1234second-se"), "T-1234second-se", "an id stays whole");
    }

    #[test]
    fn other_text_stays() {
        for text in ["", "second-secre t", "a\\\"b", "\\\\\\", "&#;%zz\\u12", "é🚀"] {
            assert_eq!(redacted(text), text);
        }
        assert_eq!(redact("anything", &[&Secret::new(""), &Secret::new("a")]), "anything");
    }
}
