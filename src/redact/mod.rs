//! Takes secrets out of text that somebody else wrote: a service that echoes the security token, a proxy whose
//! page quotes the body. A secret is found whole or in pieces, wherever it was cut, in the forms that such text
//! gives it (JSON, percent, XML, base64), also one inside the other.

mod view;
mod whole;

use std::collections::{HashSet, VecDeque};

use crate::os::reserve;
use crate::secret::Secret;
use view::{Char, FORMS, View};

pub(crate) use whole::holds;

const MASK: &str = "***";
/// A piece of a secret from this length on, in characters, is not shown.
const PIECE: usize = 8;
/// What is shorter is no secret, and masking it would take words apart.
const SHORTEST: usize = 4;
/// Forms inside one another are undone so often; what was quoted more often nobody reads any more.
const DEEPEST: usize = 4;
/// Text that is made of marks could be read in very many ways.
const MOST_VIEWS: usize = 48;

/// `text` without any of `secrets`, whole or in pieces of 8 characters or more.
pub(crate) fn redact(text: &str, secrets: &[&Secret]) -> String {
    if !is_readable(text, "") {
        return MASK.to_owned();
    }
    let secrets: Vec<Vec<char>> =
        secrets.iter().map(|secret| secret.expose().chars().collect()).collect();
    let needles: Vec<_> =
        secrets.iter().filter(|s| s.len() >= SHORTEST).map(|s| Needle::new(s)).collect();
    let mut masked = vec![false; text.len()];
    each_reading(text, |view| {
        for needle in &needles {
            needle.mark(view, &mut masked);
        }
        false
    });
    without(text, &masked)
}

/// Whether `text` holds, in whatever form, `length` consecutive characters of `ours` that satisfy `counts`.
pub(crate) fn quotes(
    text: &str,
    ours: &str,
    length: usize,
    counts: impl Fn(&[char]) -> bool,
) -> bool {
    if !is_readable(text, ours) {
        return true;
    }
    let ours: Vec<char> = ours.chars().collect();
    let pieces: HashSet<&[char]> = ours.windows(length).filter(|piece| counts(piece)).collect();
    !pieces.is_empty()
        && each_reading(text, |view| {
            let chars: Vec<char> = view.0.iter().map(|char| char.c).collect();
            chars.windows(length).any(|piece| pieces.contains(piece))
        })
}

/// Whether there is memory to read `text` in every form, and to look for pieces of `ours` in it. What cannot
/// be read is not shown.
fn is_readable(text: &str, ours: &str) -> bool {
    const IN_EVERY_FORM: usize = 1024;
    const IN_PIECES: usize = 128;
    reserve::ensure(text.len() * IN_EVERY_FORM + ours.len() * IN_PIECES)
}

/// Reads `text` in every form, and forms inside forms, until `look` has seen enough; whether it had.
fn each_reading(text: &str, mut look: impl FnMut(&View) -> bool) -> bool {
    let mut waiting = VecDeque::from([(View::of(text), 0)]);
    let mut read = 0;
    while let Some((view, depth)) = waiting.pop_front() {
        if look(&view) {
            return true;
        }
        read += 1;
        if depth < DEEPEST && read + waiting.len() < MOST_VIEWS {
            let deeper = FORMS.iter().filter_map(|form| form(&view)).map(|view| (view, depth + 1));
            waiting.extend(deeper);
        }
    }
    false
}

/// One secret, as it is looked for.
struct Needle<'s> {
    /// Its pieces, all of one length.
    pieces: HashSet<&'s [char]>,
    length: usize,
}

impl<'s> Needle<'s> {
    fn new(secret: &'s [char]) -> Needle<'s> {
        let length = secret.len().min(PIECE);
        Needle { pieces: secret.windows(length).collect(), length }
    }

    /// Marks the bytes of the original that hold a piece.
    fn mark(&self, view: &View, masked: &mut [bool]) {
        let chars: Vec<char> = view.0.iter().map(|char| char.c).collect();
        for (at, piece) in chars.windows(self.length).enumerate() {
            if self.pieces.contains(piece) {
                for Char { start, end, .. } in &view.0[at..at + self.length] {
                    masked[*start..*end].fill(true);
                }
            }
        }
    }
}

fn without(text: &str, masked: &[bool]) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match masked[at] {
            false => out.push(c),
            true if at == 0 || !masked[at - 1] => out.push_str(MASK),
            true => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

    use super::*;
    use crate::encode;

    const SECRET: &str = "a\"b/c+d<é🚀\\&\n%41";

    fn redacted(text: &str) -> String {
        redact(text, &[&Secret::new(SECRET), &Secret::new("second-secret")])
    }

    fn json(text: &str) -> String {
        let quoted = serde_json::to_string(text).expect("JSON");
        quoted[1..quoted.len() - 1].to_owned()
    }

    fn xml(text: &str) -> String {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('"', "&quot;")
            .replace('é', "&#0233;")
    }

    #[test]
    fn every_form_is_found_and_forms_inside_forms() {
        let forms: [fn(&str) -> String; 5] = [
            json,
            xml,
            encode::percent,
            |text| BASE64_STANDARD.encode(text),
            |text| BASE64_URL_SAFE_NO_PAD.encode(text),
        ];
        assert_eq!(redacted(&format!("<{SECRET}>")), "<***>");
        for outer in forms {
            let once = outer(SECRET);
            let shown = redacted(&format!("<{once}>"));
            assert!(shown == "<***>" || shown == "<***==>" || shown == "<***=>", "{once}: {shown}");
            for inner in forms {
                let twice = outer(&inner(SECRET));
                let shown = redacted(&format!("<{twice}>"));
                let letters = shown.chars().filter(|c| c.is_alphanumeric()).count();
                assert!(letters <= 3 && shown.contains("***"), "{twice}: {shown}");
            }
        }
        assert_eq!(redacted("second-secret, second-secret"), "***, ***");
    }

    #[test]
    fn a_piece_of_eight_characters_is_not_shown_wherever_it_was_cut() {
        assert_eq!(redacted("x second-s"), "x ***");
        assert_eq!(redacted("nd-secret y"), "*** y");
        assert_eq!(redacted("x second-"), "x second-", "seven characters are no piece");
        let body = format!("{{\"login_password\":\"{SECRET}\"}}");
        let encoded = BASE64_STANDARD.encode(body);
        for cut in 0..encoded.len() {
            let shown = redacted(&encoded[cut..]);
            let left = BASE64_STANDARD.decode(&shown).unwrap_or_default();
            assert!(!String::from_utf8_lossy(&left).contains("c+d<é🚀"), "{shown}");
        }
    }

    #[test]
    fn short_and_odd_secrets() {
        assert_eq!(redact("x\\\\\\\\\\\\\\aA1y", &[&Secret::new("\\\\\\\\\\\\\\aA1")]), "x***y");
        assert_eq!(redact("the 5a54 of it", &[&Secret::new("5a54")]), "the *** of it");
        assert_eq!(redact("anything", &[&Secret::new(""), &Secret::new("any")]), "anything");
    }

    #[test]
    fn other_text_stays() {
        for text in ["", "a\\\"b", "\\\\\\", "&#;%zz\\u12", "é🚀", "T-5a54309c80282e39ea00002f"]
        {
            assert_eq!(redacted(text), text);
        }
        let marks = "%25&amp;\\\\".repeat(2_000);
        assert_eq!(redacted(&marks), marks);
    }

    #[test]
    fn a_quotation_is_seen_in_whatever_form() {
        let body = r#"{"count":3,"key_pair":"common","image_id":"x"}"#;
        let pairs = |piece: &[char]| piece.windows(2).any(|pair| pair == ['"', ':']);
        for form in [body.to_owned(), json(body), json(&json(body)), BASE64_STANDARD.encode(body)] {
            assert!(quotes(&format!("cannot read {form}!"), body, 24, pairs), "{form}");
        }
        assert!(!quotes("key_pair common is not known here, count 3", body, 24, pairs));
    }
}
