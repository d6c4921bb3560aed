//! How text is spelled on the wire: percent-encoding, queries, hexadecimal.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Encodes by RFC 3986: everything but `A-Za-z0-9-_.~` becomes `%XX`.
pub fn percent(text: &str) -> String {
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

/// Writes a query as it is sent and as ACS3 signs it: encoded, and sorted in that form.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let mut pairs: Vec<_> = pairs.iter().map(|(k, v)| (percent(k), percent(v))).collect();
    pairs.sort();
    let pairs: Vec<_> = pairs.iter().map(|(k, v)| format!("{k}={v}")).collect();
    pairs.join("&")
}

/// Writes lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn digit(nibble: u8) -> char {
    char::from(DIGITS[usize::from(nibble)])
}
