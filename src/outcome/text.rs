//! Text that somebody else wrote, made fit for a document: without secrets, on one line, not too long. Secrets
//! go before anything is folded or cut.

use super::Redaction;
use crate::api::headers;
use crate::json::Raw;
use crate::redact::{holds, quotes, redact};

/// A reply is shown up to here where it is shown as it came, in bytes.
const RAW: usize = 2048;
/// Texts of the service are cut here; none that was seen comes near.
const LONGEST_TEXT: usize = 4096;
/// What is looked at of a text that is cut: enough for all that its escapes and white space may hide.
const WINDOW: usize = 64 * 1024;
const LONGEST_ID: usize = 128;
/// So many bytes of our body with a member's name among them are a quotation.
const QUOTED_BODY: usize = 24;

/// A text on one line, without secrets, not too long.
pub(crate) fn one_line(text: &str, redaction: &Redaction<'_>) -> String {
    let text = clean(truncate(text, WINDOW), redaction);
    // What a terminal would obey, or show in another order, is no part of a line.
    let plain = |c: char| if c.is_control() || is_direction(c) { ' ' } else { c };
    let text: String = text.chars().map(plain).collect();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    truncate(&line, LONGEST_TEXT).to_owned()
}

/// The service's message. One that quotes our request is not shown: what it quotes may hold, or allow to
/// guess, what must not be told.
pub(crate) fn message(text: &str, redaction: &Redaction<'_>) -> String {
    let text = truncate(text, WINDOW);
    match quotes_request(text, redaction) {
        true => "its message quotes the request, and is not shown".to_owned(),
        false => one_line(text, redaction),
    }
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Without secrets, and without digests of a body that holds one, in whatever notation: they allow guessing.
fn clean(text: &str, redaction: &Redaction<'_>) -> String {
    let digests = match redaction.body.filter(|_| redaction.covers_secret) {
        Some(body) => headers::digests(body),
        None => Vec::new(),
    };
    let secrets: Vec<_> = redaction.secrets.iter().copied().chain(&digests).collect();
    redact(text, &secrets)
}

fn quotes_request(text: &str, redaction: &Redaction<'_>) -> bool {
    let any = |_: &[char]| true;
    let has_member = |piece: &[char]| piece.windows(2).any(|pair| pair == ['"', ':']);
    let digest = |digest: &str| quotes(text, digest, digest.chars().count(), any);
    redaction.digests.iter().any(|each| digest(each.expose()))
        || quotes_lines(text, redaction.string_to_sign)
        || redaction.body.is_some_and(|body| quotes(text, body, QUOTED_BODY, has_member))
}

/// Whether two lines or more of the string to sign stand in the text, whatever has become of their ends.
fn quotes_lines(text: &str, string_to_sign: &str) -> bool {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let text = squeezed(&text.replace("\\n", "\n"));
    let lines: Vec<_> =
        string_to_sign.lines().map(squeezed).filter(|line| !line.is_empty()).collect();
    lines.windows(2).any(|pair| text.contains(&pair.concat()))
}

/// The beginning of a reply as it came.
pub(crate) fn raw(body: &[u8], redaction: &Redaction<'_>) -> String {
    let window = String::from_utf8_lossy(&body[..body.len().min(WINDOW)]);
    truncate(&clean(&window, redaction), RAW).to_owned()
}

/// An object of the service's, as JSON.
pub(crate) fn json(text: &str, redaction: &Redaction<'_>) -> Option<String> {
    let text = Some(text).filter(|text| text.len() <= WINDOW)?;
    Some(clean(text, redaction)).filter(|text| Raw::parse(text).is_ok())
}

/// An id as it came, or none: half an id is one that nobody has.
pub(crate) fn id(text: Option<&String>, redaction: &Redaction<'_>) -> Option<String> {
    text.filter(|text| is_id(text, redaction)).cloned()
}

/// Whether a text can be an id: 1 to 128 printable ASCII characters, and no secret of 8 or more among them, in
/// whatever form.
pub(crate) fn is_id(text: &str, redaction: &Redaction<'_>) -> bool {
    let has = |secret: &str| secret.chars().count() >= 8 && holds(text, secret);
    text.len() <= LONGEST_ID
        && text.bytes().all(|b| (b' '..=b'~').contains(&b))
        && !text.trim().is_empty()
        && !redaction.secrets.iter().any(|s| has(s.expose()))
}

fn truncate(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or(0)]
}
