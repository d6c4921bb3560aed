//! What a row alone says of a value: its kind, the values it may have, the ones that are advised.

use std::borrow::Cow;

use super::visitor::{Located, Visitor};
use crate::error::Code;
use crate::json;
use crate::schema::{Kind, Range, Row, Values};

/// Checks a value of which nothing but its row is to be known.
pub(super) fn check(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) {
    match row.kind {
        Kind::String => drop(text(visitor, row, at)),
        Kind::Integer => {
            if let Some(value) = integer(visitor, row, at) {
                advise(visitor, row, at, value);
            }
        }
        Kind::Boolean => drop(visitor.boolean(at)),
        Kind::BooleanText => boolean_text(visitor, at),
        Kind::IntegerText => integer_text(visitor, row, at),
        // The reading of what they hold is a rule's; a table test sees to it that they have one.
        Kind::Any | Kind::Array(_) | Kind::Object => {}
    }
}

/// A string that its row allows.
pub(super) fn text<'a>(
    visitor: &mut Visitor,
    row: &Row,
    at: Located<'_, 'a>,
) -> Option<Cow<'a, str>> {
    let text = visitor.text(at)?;
    let sound = match row.values {
        Values::Characters(_) => has_characters(visitor, row, at, &text),
        Values::Words(words) => is_word(visitor, words, at, &text),
        Values::Any | Values::Integers(_) | Values::Within(_) => true,
    };
    sound.then_some(text)
}

/// Whether a string is neither empty, where its row does not allow that, nor too long.
pub(super) fn has_characters(
    visitor: &mut Visitor,
    row: &Row,
    at: Located<'_, '_>,
    text: &str,
) -> bool {
    let Values::Characters(range) = row.values else { return true };
    if range.least == 1
        && !text.is_empty()
        && i64::try_from(text.len()).is_ok_and(|n| n <= range.most)
    {
        // There are no more characters than bytes.
        return true;
    }
    let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    if count > range.most {
        let message = format!("is {count} characters long; at most {}", range.most);
        visitor.findings.problem(at.path, Code::TooLong, message);
    } else if count < range.least {
        visitor.findings.problem(at.path, Code::Empty, "must not be empty");
    }
    range.holds(count)
}

fn is_word(visitor: &mut Visitor, words: &[&str], at: Located<'_, '_>, text: &str) -> bool {
    let is_one = words.contains(&text);
    if !is_one {
        let quoted: Vec<_> = words.iter().map(|word| format!("{word:?}")).collect();
        let message = format!("must be {}", either(&quoted));
        visitor.findings.problem(at.path, Code::NotAllowed, message);
    }
    is_one
}

/// An integer that its row allows.
pub(super) fn integer(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<i64> {
    let value = visitor.integer(at)?;
    let unit = || row.unit.map(|unit| format!(" ({unit})")).unwrap_or_default();
    match row.values {
        Values::Integers(integers) if !integers.contains(&value) => {
            let allowed: Vec<_> = integers.iter().map(i64::to_string).collect();
            let message = format!("must be {}{}", either(&allowed), unit());
            visitor.findings.problem(at.path, Code::NotAllowed, message);
            None
        }
        Values::Within(range) if !range.holds(value) => {
            let message = format!("must be {}{}", bounds(range), unit());
            visitor.findings.problem(at.path, Code::OutOfRange, message);
            None
        }
        Values::Any
        | Values::Characters(_)
        | Values::Words(_)
        | Values::Integers(_)
        | Values::Within(_) => Some(value),
    }
}

/// Warns of a number that the documentation advises against.
fn advise(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>, value: i64) {
    if let Some(range) = row.advised.filter(|range| !range.holds(value)) {
        let unit = row.unit.unwrap_or_default();
        let message = format!("is outside the documented {} {unit}", bounds(range));
        visitor.findings.warning(at.path, Code::Unadvised, message);
    }
}

/// Warns of more items than newer documentation allows.
pub(super) fn advise_count(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>, count: usize) {
    let most = row.advised.and_then(|range| usize::try_from(range.most).ok());
    if let Some(most) = most.filter(|most| count > *most) {
        let message = format!("{count} items; newer documentation allows {most}");
        visitor.findings.warning(at.path, Code::TooMany, message);
    }
}

/// The reference's table says string, its example writes the native value: both are taken, and
/// the string goes out.
fn boolean_text(visitor: &mut Visitor, at: Located<'_, '_>) {
    if visitor.is_unchecked(at) {
        return;
    }
    let value = match at.raw.kind() {
        json::Kind::Boolean => at.raw.text().into(),
        json::Kind::Text => at.raw.string().unwrap_or_default(),
        json::Kind::Null | json::Kind::Number | json::Kind::Array | json::Kind::Object => {
            return visitor.wrong_type(at, "true or false, as a boolean or a string");
        }
    };
    if matches!(value.as_ref(), "true" | "false") {
        json::write_string(&mut visitor.out, &value);
    } else {
        visitor.findings.problem(at.path, Code::NotAllowed, "must be true or false");
    }
}

/// As with [`boolean_text`]. However many digits there are, they go out as they are.
fn integer_text(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) {
    if visitor.is_unchecked(at) {
        return;
    }
    let value = match at.raw.kind() {
        json::Kind::Number => at.raw.text().into(),
        json::Kind::Text => at.raw.string().unwrap_or_default(),
        json::Kind::Null | json::Kind::Boolean | json::Kind::Array | json::Kind::Object => {
            return visitor.wrong_type(at, "a whole number, as a number or a string");
        }
    };
    let is_whole = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    if !is_whole || value.bytes().all(|b| b == b'0') {
        let message = "must be a positive whole number";
        return visitor.findings.problem(at.path, Code::OutOfRange, message);
    }
    json::write_string(&mut visitor.out, &value);
    advise(visitor, row, at, value.parse().unwrap_or(i64::MAX));
}

/// `a, b or c`.
fn either(choices: &[String]) -> String {
    match choices.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => choices.concat(),
    }
}

fn bounds(range: Range) -> String {
    match range.most {
        i64::MAX => format!("at least {}", range.least),
        most => format!("{} to {most}", range.least),
    }
}
