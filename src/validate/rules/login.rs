//! The two ways to log in to a node: `key_pair` and `login_password`.

use std::ops::Range;

use crate::error::Code;
use crate::schema::{Row, Values};
use crate::secret::Secret;
use crate::validate::presence::Presence;
use crate::validate::visitor::{Located, Visitor};

/// An empty name is none.
pub(super) fn key_pair(visitor: &mut Visitor, at: Located<'_, '_>) -> Presence<()> {
    match visitor.text(at) {
        Some(name) if name.is_empty() => Presence::Absent,
        name => Presence::of(name.map(drop)),
    }
}

/// Where the password's value stands in the body, and the value: masked and scrubbed from here on,
/// whether its rule was checked or not.
pub(super) fn password(
    visitor: &mut Visitor,
    row: &Row,
    at: Located<'_, '_>,
) -> Option<(Range<usize>, Secret)> {
    let start = visitor.out.len();
    if visitor.is_unchecked(at) {
        let value = at.raw.string().unwrap_or(at.raw.text().into());
        return Some((start..visitor.out.len(), Secret::new(value)));
    }
    let value = visitor.text(at)?;
    if !has_length(row, &value) {
        let message = "must have 8 to 30 characters";
        visitor.findings.problem(at.path, Code::WeakPassword, message);
    } else if kinds_of_character(&value) < 3 {
        let message = "must hold three of: upper case, lower case, digit, special character";
        visitor.findings.problem(at.path, Code::WeakPassword, message);
    }
    if value.contains(char::is_control) {
        let message = match value.ends_with(['\n', '\r']) {
            true => "ends with a line break, which is no part of a password",
            false => "holds a control character, which is no part of a password",
        };
        visitor.findings.problem(at.path, Code::BadCharacter, message);
    } else if !value.is_ascii() {
        let message = "holds a character outside printable ASCII, which may not be taken or typed";
        visitor.findings.warning(at.path, Code::Unadvised, message);
    }
    Some((start..visitor.out.len(), Secret::new(value)))
}

fn has_length(row: &Row, password: &str) -> bool {
    let count = i64::try_from(password.chars().count()).unwrap_or(i64::MAX);
    matches!(row.values, Values::Characters(range) if range.holds(count))
}

fn kinds_of_character(text: &str) -> usize {
    let kinds: [fn(&char) -> bool; 4] =
        [char::is_ascii_uppercase, char::is_ascii_lowercase, char::is_ascii_digit, |c| {
            !c.is_ascii_alphanumeric()
        }];
    kinds.iter().filter(|kind| text.chars().any(|c| kind(&c))).count()
}
