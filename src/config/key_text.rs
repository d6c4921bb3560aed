//! What is wrong with the text of a key, secret or token, from whatever source. Pasting and files add what
//! nobody sees, and the service then says only that the signature is wrong.

/// Says what no key, secret or token holds, if `text` holds it: white space, a control or a
/// zero-width character.
pub(crate) fn flaw(text: &str) -> Option<&'static str> {
    let is_invisible = |c: char| c.is_whitespace() || c.is_control() || is_zero_width(c);
    if text.ends_with(['\n', '\r']) {
        return Some("ends with a line break");
    }
    let found = text.chars().find(|c| is_invisible(*c))?;
    let (at_start, at_end) = (text.starts_with(is_invisible), text.ends_with(is_invisible));
    Some(match found {
        c if is_zero_width(c) => "holds a zero-width character, which nobody sees",
        c if !c.is_whitespace() => "holds a control character",
        _ if at_start => "begins with white space",
        _ if at_end => "ends with white space",
        _ => "holds white space",
    })
}

fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Whether the id is one of a temporary key pair, which is good for nothing without its token.
pub(crate) fn needs_token(access_key_id: &str) -> bool {
    access_key_id.starts_with("STS.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_named() {
        for (text, wanted) in [
            ("LTAI5t/+=.", None),
            ("ключ", None),
            ("", None),
            ("a\n", Some("ends with a line break")),
            ("a\r\n", Some("ends with a line break")),
            ("a\nb", Some("holds white space")),
            ("a\u{1}b", Some("holds a control character")),
            ("a\0", Some("holds a control character")),
            ("a\u{200b}", Some("holds a zero-width character, which nobody sees")),
            ("\u{feff}a", Some("holds a zero-width character, which nobody sees")),
            (" a", Some("begins with white space")),
            ("a\u{a0}", Some("ends with white space")),
            ("a b", Some("holds white space")),
        ] {
            assert_eq!(flaw(text), wanted, "{text:?}");
        }
    }
}
