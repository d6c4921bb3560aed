//! Checks that several parameters share.

use super::visitor::{Located, Visitor};
use crate::error::Code;

/// A string that must be one of `allowed`; returns it where it is.
pub fn one_of(visitor: &mut Visitor, at: Located<'_, '_>, allowed: &[&str]) -> Option<String> {
    let text = visitor.text(at)?;
    if allowed.contains(&text.as_ref()) {
        return Some(text.into_owned());
    }
    let quoted: Vec<_> = allowed.iter().map(|word| format!("{word:?}")).collect();
    let message = format!("must be {}", quoted.join(" or "));
    visitor.findings.problem(at.path, Code::NotAllowed, message);
    None
}

/// A string that must not be empty; returns it where it is not.
pub fn filled_text(visitor: &mut Visitor, at: Located<'_, '_>) -> Option<String> {
    let text = visitor.text(at)?;
    if text.is_empty() {
        visitor.findings.problem(at.path, Code::Empty, "must not be empty");
        return None;
    }
    Some(text.into_owned())
}
