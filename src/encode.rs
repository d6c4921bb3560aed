//! How text is spelled on the wire: percent-encoding, queries, hexadecimal.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Encodes by RFC 3986: everything but `A-Za-z0-9-_.~` becomes `%XX`.
pub(crate) fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    push_percent(&mut out, text);
    out
}

fn push_percent(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(digit(byte >> 4).to_ascii_uppercase());
            out.push(digit(byte & 15).to_ascii_uppercase());
        }
    }
}

/// Undoes percent-encoding where there is some; what is not UTF-8 then reads as U+FFFD.
pub(crate) fn percent_decoded(text: &str) -> String {
    String::from_utf8_lossy(&percent_decoded_bytes(text)).into_owned()
}

/// Undoes percent-encoding where there is some.
pub(crate) fn percent_decoded_bytes(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

/// Writes a query as it is sent and as ACS3 signs it: encoded, and sorted in that form.
pub(crate) fn query(pairs: &[(&str, &str)]) -> String {
    let mut pairs: Vec<_> = pairs.iter().map(|(k, v)| (percent(k), percent(v))).collect();
    pairs.sort();
    let pairs: Vec<_> = pairs.iter().map(|(k, v)| format!("{k}={v}")).collect();
    pairs.join("&")
}

/// Writes lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.extend([byte >> 4, byte & 15].map(|nibble| DIGITS[usize::from(nibble)]));
    }
    // Digits are ASCII.
    String::from_utf8(out).unwrap_or_default()
}

fn digit(nibble: u8) -> char {
    char::from(DIGITS[usize::from(nibble)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_goes_there_and_back() {
        assert_eq!(percent("a b*~é"), "a%20b%2A~%C3%A9");
        assert_eq!(percent_decoded("p%40ss%3Aword"), "p@ss:word");
        assert_eq!(percent_decoded("%zz%2%+1100%"), "%zz%2%+1100%");
        assert_eq!(percent_decoded("%2525"), "%25");
        assert_eq!(percent_decoded_bytes("%FF"), b"\xff");
        assert_eq!(query(&[("b", "1 2"), ("a", "")]), "a=&b=1%202");
    }
}
