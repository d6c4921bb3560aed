//! Text that somebody else wrote, made fit for a document: without secrets, on one line, not too long.

use super::Redaction;
use crate::redact::{redact, redact_truncated};

/// An undecodable reply is kept up to here.
const RAW: usize = 2048;
/// Texts of the service are cut here; none that was seen comes near.
const LONGEST_TEXT: usize = 4096;

/// A text of the service's on one line, without secrets, not too long.
pub fn one_line(text: &str, redaction: &Redaction<'_>) -> String {
    if is_one_line(text) {
        return redact(text, redaction.secrets);
    }
    let text = truncate(text, 4 * LONGEST_TEXT);
    let line = redact(text, redaction.secrets).split_whitespace().collect::<Vec<_>>().join(" ");
    truncate(&line, LONGEST_TEXT).to_owned()
}

/// Whether there is nothing to fold and nothing to cut, as in any id.
fn is_one_line(text: &str) -> bool {
    text.len() <= LONGEST_TEXT && text.bytes().all(|b| b.is_ascii_graphic())
}

/// The beginning of an undecodable reply. Redacted before it is cut, so that no half secret stays.
pub fn raw(body: &[u8], redaction: &Redaction<'_>) -> String {
    let longest_secret = redaction.secrets.iter().map(|s| s.expose().len()).max().unwrap_or(0);
    // An escape takes six bytes for one, three times over when it was escaped again.
    let window = &body[..body.len().min(RAW + 18 * longest_secret)];
    let text = redact_truncated(&String::from_utf8_lossy(window), redaction.secrets);
    truncate(&text, RAW).to_owned()
}

fn truncate(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or(0)]
}
