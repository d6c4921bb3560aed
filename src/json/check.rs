//! One look at a text that checks JSON's grammar and parts the outermost object's members on the way.
//!
//! What it says yes to is sound. The rest is serde_json's to judge: what is nested deeper than a word
//! has bits, and what is no JSON, which has to be explained.

use super::raw::{Members, Raw};
use super::scan::plain_length;

/// The members of the object that `text` is, or none of any other value, if it is sound JSON.
pub(super) fn members(text: &str) -> Option<Members<'_>> {
    let mut check = Check {
        text,
        at: 0,
        open: 0,
        depth: 0,
        members: Vec::with_capacity(16),
        begun: (Raw::checked("", false), 0),
    };
    check.document()?;
    Some(check.members)
}

struct Check<'a> {
    text: &'a str,
    at: usize,
    /// The kinds of what is open, the innermost in the lowest bit: 1 is an object.
    open: u64,
    depth: u32,
    members: Members<'a>,
    /// The name of the outermost object's member that is being read, and where its value begins.
    begun: (Raw<'a>, usize),
}

/// What a value's first byte leads to.
#[derive(PartialEq)]
enum Step {
    /// Into an array or object that holds something.
    Opened,
    /// Behind the value; whether it is a string without an escape.
    Ended { is_plain: bool },
}

impl<'a> Check<'a> {
    fn document(&mut self) -> Option<()> {
        loop {
            self.space();
            let start = self.at;
            if self.is_outermost() {
                self.begun.1 = start;
            }
            let Step::Ended { mut is_plain } = self.value()? else { continue };
            loop {
                if self.is_outermost() {
                    let (name, start) = self.begun;
                    let raw = Raw::checked(&self.text[start..self.at], is_plain);
                    self.members.push((name.name(), raw));
                }
                self.space();
                if self.depth == 0 {
                    return (self.at == self.text.len()).then_some(());
                }
                is_plain = false;
                match (self.next()?, self.open & 1 == 1) {
                    (b',', true) => {
                        self.space();
                        self.name()?;
                        break;
                    }
                    (b',', false) => break,
                    (b'}', true) | (b']', false) => self.close(),
                    _ => return None,
                }
            }
        }
    }

    fn value(&mut self) -> Option<Step> {
        let mut is_plain = false;
        match self.next()? {
            b'{' => {
                self.begin(1)?;
                if self.peek()? != b'}' {
                    self.name()?;
                    return Some(Step::Opened);
                }
                self.at += 1;
                self.close();
            }
            b'[' => {
                self.begin(0)?;
                if self.peek()? != b']' {
                    return Some(Step::Opened);
                }
                self.at += 1;
                self.close();
            }
            b'"' => is_plain = self.string()?,
            b't' => self.literal("rue")?,
            b'f' => self.literal("alse")?,
            b'n' => self.literal("ull")?,
            first => self.number(first)?,
        }
        Some(Step::Ended { is_plain })
    }

    fn is_outermost(&self) -> bool {
        self.depth == 1 && self.open == 1
    }

    fn begin(&mut self, kind: u64) -> Option<()> {
        if self.depth == u64::BITS {
            return None;
        }
        self.open = self.open << 1 | kind;
        self.depth += 1;
        self.space();
        Some(())
    }

    fn close(&mut self) {
        self.open >>= 1;
        self.depth -= 1;
    }

    fn name(&mut self) -> Option<()> {
        let start = self.at;
        (self.next()? == b'"').then_some(())?;
        let is_plain = self.string()?;
        if self.is_outermost() {
            self.begun.0 = Raw::checked(&self.text[start..self.at], is_plain);
        }
        self.space();
        (self.next()? == b':').then_some(())
    }

    /// Behind the first quote; whether there is no escape.
    fn string(&mut self) -> Option<bool> {
        let mut is_plain = true;
        loop {
            self.at += plain_length(&self.text.as_bytes()[self.at..]);
            match self.next()? {
                b'"' => return Some(is_plain),
                b'\\' => {
                    is_plain = false;
                    self.escape()?;
                }
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        match self.next()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                (0..4).all(|_| self.next().is_some_and(|b| b.is_ascii_hexdigit())).then_some(())
            }
            _ => None,
        }
    }

    fn literal(&mut self, rest: &str) -> Option<()> {
        self.text.as_bytes()[self.at..].starts_with(rest.as_bytes()).then(|| self.at += rest.len())
    }

    fn number(&mut self, first: u8) -> Option<()> {
        let first = if first == b'-' { self.next()? } else { first };
        match first {
            b'0' => {}
            b'1'..=b'9' => drop(self.digits()),
            _ => return None,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Some(())
    }

    /// One at least.
    fn digits(&mut self) -> Option<()> {
        let rest = &self.text.as_bytes()[self.at..];
        let count = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
        self.at += count;
        (count > 0).then_some(())
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RICH: &str = " {\"a\" : [1, -0.5e+3 ,{\"x\\n\":null}, [ ]] ,\"b\":\"\\u00e9\\\\\",\n\
                        \"\":{ },\"a\":true,\"ü\": [false,\"x\"]\t} ";

    /// Sound for serde_json, and parted as a scan parts it.
    fn agrees(text: &str) {
        let raw = Raw::parse(text).ok();
        let ours = members(text);
        assert_eq!(ours.is_some(), raw.is_some(), "{text}");
        let theirs = raw.and_then(Raw::members).unwrap_or_default();
        let shown = |members: &Members<'_>| {
            members.iter().map(|(name, raw)| format!("{name} {}", raw.text())).collect::<Vec<_>>()
        };
        assert_eq!(shown(&ours.unwrap_or_default()), shown(&theirs), "{text}");
    }

    #[test]
    fn it_says_what_serde_json_says() {
        agrees(RICH);
        assert_eq!(members(RICH).map(|members| members.len()), Some(5));
        for text in ["1", "-", "01", "1.", "1e", "[1,]", "{\"a\"}", "{,}", "", "\"\\ud800\"", "nul"]
        {
            agrees(text);
        }
        for end in 0..RICH.len() {
            if let Some(beginning) = RICH.get(..end) {
                agrees(beginning);
            }
        }
    }

    #[test]
    fn it_says_so_after_any_change_of_a_byte() {
        for at in 0..RICH.len() {
            for byte in "\0\t \"\\{}[]:,-+.019eEuntf/é".chars() {
                let (Some(before), Some(after)) = (RICH.get(..at), RICH.get(at + 1..)) else {
                    continue;
                };
                agrees(&format!("{before}{byte}{after}"));
                agrees(&format!("{before}{byte}{}", &RICH[at..]));
                agrees(&format!("{before}{after}"));
            }
        }
    }

    #[test]
    fn what_is_too_deep_is_left_to_others() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(members(&nested(64)).is_some());
        assert!(members(&nested(65)).is_none());
    }
}
