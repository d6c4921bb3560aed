//! A text as it reads after some decoding. Each character knows which bytes of the original it stands for, so
//! that what is found in a decoded text can be taken out of the original.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

/// One character of a decoded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Char {
    pub c: char,
    /// The bytes of the original.
    pub start: usize,
    pub end: usize,
}

/// A decoded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct View(pub Vec<Char>);

/// The forms that a service, a proxy or a page gives to what it quotes.
pub(super) const FORMS: [fn(&View) -> Option<View>; 7] = [
    View::unescaped_json,
    View::unescaped_percent,
    View::unescaped_xml,
    |view| view.decoded_base64(0),
    |view| view.decoded_base64(1),
    |view| view.decoded_base64(2),
    |view| view.decoded_base64(3),
];

/// Shorter runs of base64 hold no 8 characters of anything.
pub(super) const SHORTEST_BASE64: usize = 11;

/// Base64 without padding.
pub(super) static UNPADDED: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, NO_PAD.with_decode_allow_trailing_bits(true));

impl View {
    /// The text as it stands.
    pub(super) fn of(text: &str) -> View {
        let char = |(start, c): (usize, char)| Char { c, start, end: start + c.len_utf8() };
        View(text.char_indices().map(char).collect())
    }

    /// Without JSON's escapes; `None` where there are none.
    fn unescaped_json(&self) -> Option<View> {
        self.decoded('\\', |rest| {
            let short = match rest.get(1)?.c {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => return unicode_escape(rest),
                c @ ('"' | '\\' | '/') => c,
                _ => return None,
            };
            Some((short, 2))
        })
    }

    /// Without percent-encoding, where a `+` is a space; `None` where there is none.
    fn unescaped_percent(&self) -> Option<View> {
        if !self.0.iter().any(|char| char.c == '%') {
            return None;
        }
        let (mut bytes, mut spans) = (Vec::new(), Vec::new());
        let mut rest = &self.0[..];
        while let Some(first) = rest.first() {
            let byte = (first.c == '%').then(|| hex(rest.get(1..3)?)).flatten();
            let (used, byte) = match byte {
                Some(byte) => (3, byte as u8),
                None if first.c == '+' => (1, b' '),
                None => {
                    let mut buffer = [0; 4];
                    for byte in first.c.encode_utf8(&mut buffer).bytes() {
                        bytes.push(byte);
                        spans.push((first.start, first.end));
                    }
                    rest = &rest[1..];
                    continue;
                }
            };
            bytes.push(byte);
            spans.push((first.start, rest[used - 1].end));
            rest = &rest[used..];
        }
        Some(from_bytes(&bytes, &spans))
    }

    /// Without XML's entities, named or numbered; `None` where there are none.
    fn unescaped_xml(&self) -> Option<View> {
        self.decoded('&', |rest| {
            let end = rest.iter().take(16).position(|char| char.c == ';')?;
            let name: String = rest[1..end].iter().map(|char| char.c).collect();
            let number = |digits: &str, radix| {
                let value = u32::from_str_radix(digits.trim_start_matches('0'), radix);
                value.ok().and_then(char::from_u32)
            };
            let c = match name.strip_prefix('#') {
                Some(digits) => match digits.strip_prefix(['x', 'X']) {
                    Some(digits) => number(digits, 16)?,
                    None => number(digits, 10)?,
                },
                None => match name.to_ascii_lowercase().as_str() {
                    "quot" => '"',
                    "amp" => '&',
                    "apos" => '\'',
                    "lt" => '<',
                    "gt" => '>',
                    _ => return None,
                },
            };
            Some((c, end + 1))
        })
    }

    /// What the runs of base64 hold, `skip` characters into each (a quotation may begin anywhere); `None`
    /// where there are none.
    fn decoded_base64(&self, skip: usize) -> Option<View> {
        let digit = |char: &Char| u8::try_from(char.c).ok().and_then(base64_digit);
        let is_digit = |char: &Char| digit(char).is_some();
        let (mut bytes, mut spans) = (Vec::new(), Vec::new());
        for run in self.0.split(|char| !is_digit(char)).filter(|run| run.len() >= SHORTEST_BASE64) {
            let run = run.get(skip..).unwrap_or_default();
            // A last digit alone is less than a byte.
            let run = &run[..run.len() - usize::from(run.len() % 4 == 1)];
            let text: Vec<u8> = run.iter().filter_map(digit).collect();
            let Ok(decoded) = UNPADDED.decode(text) else { continue };
            for (index, byte) in decoded.into_iter().enumerate() {
                bytes.push(byte);
                spans.push((
                    run[index / 3 * 4 + index % 3].start,
                    run[index / 3 * 4 + index % 3 + 1].end,
                ));
            }
            // No piece goes on in the next run.
            bytes.push(0);
            spans.push((0, 0));
        }
        (!bytes.is_empty()).then(|| from_bytes(&bytes, &spans))
    }

    /// Replaces what `read` finds at each `mark`: a character, and how many it stood in the place of.
    fn decoded(&self, mark: char, read: impl Fn(&[Char]) -> Option<(char, usize)>) -> Option<View> {
        let (mut out, mut changed) = (Vec::with_capacity(self.0.len()), false);
        let mut rest = &self.0[..];
        while let Some(first) = rest.first() {
            let found = (first.c == mark).then(|| read(rest)).flatten();
            let (c, used) = found.unwrap_or((first.c, 1));
            changed |= found.is_some();
            out.push(Char { c, start: first.start, end: rest[used - 1].end });
            rest = &rest[used..];
        }
        changed.then_some(View(out))
    }
}

/// A digit of base64 as the standard alphabet has it; both may be mixed in one run.
pub(super) fn base64_digit(byte: u8) -> Option<u8> {
    match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        b'+' | b'/' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => Some(byte),
        _ => None,
    }
}

/// `\uXXXX`, or two of them for a pair.
fn unicode_escape(rest: &[Char]) -> Option<(char, usize)> {
    let first = hex(rest.get(2..6)?)?;
    if let Some(c) = char::from_u32(first) {
        return Some((c, 6));
    }
    let second = rest.get(6..8).filter(|mark| mark[0].c == '\\' && mark[1].c == 'u');
    let second = second.and_then(|_| hex(rest.get(8..12)?));
    let units = [u16::try_from(first).ok()?, u16::try_from(second?).ok()?];
    let c = char::decode_utf16(units).next()?.ok()?;
    Some((c, 12))
}

fn hex(digits: &[Char]) -> Option<u32> {
    digits.iter().try_fold(0, |value, char| Some(value * 16 + char.c.to_digit(16)?))
}

/// The text of decoded bytes, each with its span; what is not UTF-8 stands for itself as U+FFFD.
fn from_bytes(bytes: &[u8], spans: &[(usize, usize)]) -> View {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            let last = at + c.len_utf8();
            out.push(Char { c, start: spans[at].0, end: spans[last - 1].1 });
            at = last;
        }
        for _ in chunk.invalid() {
            out.push(Char { c: '\u{fffd}', start: spans[at].0, end: spans[at].1 });
            at += 1;
        }
    }
    View(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(view: &View) -> String {
        view.0.iter().map(|char| char.c).collect()
    }

    #[test]
    fn each_form_is_undone_and_remembers_its_place() {
        let view = View::of("x\\u00e9\\n\\ud83d\\uDE80y");
        assert_eq!(text(&view.unescaped_json().expect("escapes")), "xé\n🚀y");
        let view = View::of("a%C3%A9+%zz%2");
        assert_eq!(text(&view.unescaped_percent().expect("escapes")), "aé %zz%2");
        let view = View::of("&quot;&#0038;&#x00000026;&bogus;&");
        assert_eq!(text(&view.unescaped_xml().expect("entities")), "\"&&&bogus;&");
        let view = View::of(" c2Vjb25kLXNlY3JldA== ");
        let decoded = view.decoded_base64(0).expect("base64");
        assert_eq!(text(&decoded).trim_end_matches('\0'), "second-secret");
        assert_eq!((decoded.0[0].start, decoded.0[12].end), (1, 19));
        for form in FORMS {
            assert_eq!(form(&View::of("plain t")), None);
        }
    }

    #[test]
    fn what_is_cut_off_or_nonsense_stays_as_it_is() {
        for hostile in ["\\", "\\u", "\\ud83d", "\\ud83d\\u12", "%", "%f", "&", "&#;", "&#x;"] {
            let view = View::of(hostile);
            for form in FORMS {
                assert!(form(&view).is_none_or(|view| view.0.len() <= hostile.len()), "{hostile}");
            }
        }
    }
}
