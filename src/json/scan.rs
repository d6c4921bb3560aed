//! Where the values of an array or object begin and end, in text whose grammar is known to be sound:
//! a look at each byte, no second parsing.

/// The values in what stands between an array's or object's brackets, an object's names among them.
#[derive(Clone)]
pub struct Scan<'a>(&'a str);

impl<'a> Scan<'a> {
    /// Scans `text`, which is an array or object.
    pub fn inside(text: &'a str) -> Scan<'a> {
        Scan(text.get(1..text.len() - 1).unwrap_or_default())
    }
}

impl<'a> Iterator for Scan<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let bytes = self.0.as_bytes();
        let start = bytes.iter().position(|b| !is_between(*b))?;
        let end = start + length(&bytes[start..]);
        let value = self.0.get(start..end)?;
        self.0 = &self.0[end..];
        Some(value)
    }
}

/// White space, and the marks that part values.
fn is_between(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b':')
}

/// How many bytes the value has that `bytes` begin with.
fn length(bytes: &[u8]) -> usize {
    match bytes[0] {
        b'"' => string_length(bytes),
        b'{' | b'[' => nested_length(bytes),
        _ => bytes.iter().position(|b| is_between(*b)).unwrap_or(bytes.len()),
    }
}

fn string_length(bytes: &[u8]) -> usize {
    let mut at = 1;
    loop {
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return bytes.len(),
        }
    }
}

fn nested_length(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at += string_length(&bytes[at..]),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' if depth == 1 => return at + 1,
            b'}' | b']' => {
                depth -= 1;
                at += 1;
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<&str> {
        Scan::inside(text).collect()
    }

    #[test]
    fn values_are_parted_whatever_stands_in_them() {
        assert_eq!(values("[]"), [""; 0]);
        assert_eq!(values("{ }"), [""; 0]);
        assert_eq!(values("[1,-2.5e3 , null\n]"), ["1", "-2.5e3", "null"]);
        assert_eq!(values(r#"["]","\"","\\",""]"#), [r#""]""#, r#""\"""#, r#""\\""#, r#""""#]);
        assert_eq!(values(r#"[[["]"]],{"}":[]}]"#), [r#"[["]"]]"#, r#"{"}":[]}"#]);
        assert_eq!(values("{\"a\":1,\t\"b\" : [2] }"), ["\"a\"", "1", "\"b\"", "[2]"]);
    }
}
