//! Where the values of an array or object begin and end, in text whose grammar is known to be sound:
//! a look at each byte, no second parsing.

/// The values in what stands between an array's or object's brackets, an object's names among them.
#[derive(Clone)]
pub(super) struct Scan<'a>(&'a str);

impl<'a> Scan<'a> {
    /// Scans `text`, which is an array or object.
    pub(super) fn inside(text: &'a str) -> Scan<'a> {
        Scan(text.get(1..text.len() - 1).unwrap_or_default())
    }
}

impl<'a> Iterator for Scan<'a> {
    /// A value's text, and whether it is a string without an escape.
    type Item = (&'a str, bool);

    fn next(&mut self) -> Option<(&'a str, bool)> {
        let bytes = self.0.as_bytes();
        let mut start = 0;
        while is_between(*bytes.get(start)?) {
            start += 1;
        }
        let (length, is_plain) = length(&bytes[start..]);
        let (value, rest) = self.0.split_at_checked(start + length)?;
        self.0 = rest;
        Some((value.get(start..)?, is_plain))
    }
}

/// White space (outside strings no other control character can stand), and the marks that part values.
fn is_between(byte: u8) -> bool {
    byte <= b' ' || byte == b',' || byte == b':'
}

/// How many bytes the value has that `bytes` begin with, and whether it is a string without an escape.
fn length(bytes: &[u8]) -> (usize, bool) {
    match bytes[0] {
        b'"' => string_length(bytes),
        b'{' | b'[' => (nested_length(bytes), false),
        _ => (bytes.iter().position(|b| is_between(*b)).unwrap_or(bytes.len()), false),
    }
}

fn string_length(bytes: &[u8]) -> (usize, bool) {
    let (mut at, mut is_plain) = (1, true);
    loop {
        at += plain_length(&bytes[at..]);
        match bytes.get(at) {
            Some(b'\\') => {
                at += 2;
                is_plain = false;
            }
            Some(_) => return (at + 1, is_plain),
            None => return (bytes.len(), false),
        }
    }
}

/// The bytes that matter inside an array or object.
const IS_MARK: [bool; 256] = {
    let mut table = [false; 256];
    let marks = b"\"{}[]";
    let mut index = 0;
    while index < marks.len() {
        table[marks[index] as usize] = true;
        index += 1;
    }
    table
};

fn nested_length(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    let is_mark = |b: &u8| IS_MARK[usize::from(*b)];
    while let Some(plain) = bytes[at..].iter().position(is_mark) {
        at += plain;
        match bytes[at] {
            b'"' => at += string_length(&bytes[at..]).0,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            _ if depth == 1 => return at + 1,
            _ => {
                depth -= 1;
                at += 1;
            }
        }
    }
    bytes.len()
}

/// How many bytes stand before the first that a JSON string cannot hold as it is: a quote, a
/// backslash or a control character. Eight at a time, since most of a document is looked at here.
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    // The lowest byte that is marked is truly below `least`; those above it may be marked by a borrow.
    let below = |word: u64, least: u8| word.wrapping_sub(ONES * u64::from(least)) & !word & HIGH;
    let same = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let marked = below(word, b' ') | same(word, b'"') | same(word, b'\\');
        if marked != 0 {
            return index * 8 + marked.trailing_zeros() as usize / 8;
        }
    }
    let is_plain = |b: &u8| *b >= b' ' && *b != b'"' && *b != b'\\';
    let plain = rest.iter().position(|b| !is_plain(b)).unwrap_or(rest.len());
    words.len() * 8 + plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<&str> {
        Scan::inside(text).map(|(value, _)| value).collect()
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

    #[test]
    fn plain_bytes_are_counted_wherever_the_first_other_stands() {
        for length in 0..40 {
            let plain = "aé~ \u{7f}z".repeat(8);
            let plain = &plain.as_bytes()[..length];
            assert_eq!(plain_length(plain), length);
            for special in [b'"', b'\\', 0, 0x1f] {
                let bytes = [plain, &[special], b"\"\\plain and more"].concat();
                assert_eq!(plain_length(&bytes), length, "{bytes:?}");
            }
        }
    }
}
