//! Single members of a reply, for the readers of tasks.

use std::borrow::Cow;

use crate::json::{Kind, Members, Raw};
use crate::task::TaskError;

/// The member of that name; the last, if there are several.
pub(super) fn member<'a>(members: &Members<'a>, name: &str) -> Option<Raw<'a>> {
    members.iter().rev().find(|(other, _)| other == name).map(|(_, value)| *value)
}

/// Whether a member is there, and neither null nor empty.
pub(super) fn is_given(members: &Members<'_>, name: &str) -> bool {
    member(members, name).is_some_and(|raw| !matches!(raw.text(), "null" | "\"\"" | "0"))
}

/// Fails where a document is one of an error.
pub(super) fn not_an_error(members: &Members<'_>) -> Result<(), &'static str> {
    match ["code", "Code"].iter().any(|name| is_given(members, name)) {
        true => Err("the reply is an error, whatever its status"),
        false => Ok(()),
    }
}

/// A text.
pub(super) fn text(members: &Members<'_>, name: &str) -> Option<String> {
    member(members, name).and_then(Raw::string).map(Cow::into_owned)
}

/// What is a text at one time and a number at another, as it stands there.
pub(super) fn text_or_number(members: &Members<'_>, name: &str) -> Option<String> {
    let raw = member(members, name)?;
    match raw.kind() {
        Kind::Text => raw.string().map(Cow::into_owned),
        Kind::Number => Some(raw.text().to_owned()),
        Kind::Null | Kind::Boolean | Kind::Array | Kind::Object => None,
    }
}

/// An object, as compact JSON.
pub(super) fn object(members: &Members<'_>, name: &str) -> Option<String> {
    let raw = member(members, name).filter(|raw| raw.kind() == Kind::Object)?;
    let mut out = String::new();
    raw.write_compact(&mut out);
    Some(out)
}

/// The members of each object in an array.
pub(super) fn objects<'a>(members: &Members<'a>, name: &str) -> Vec<Members<'a>> {
    let items = member(members, name).and_then(Raw::items).unwrap_or_default();
    items.into_iter().filter_map(Raw::members).collect()
}

/// What went wrong with a task; an empty object says nothing.
pub(super) fn error(members: &Members<'_>) -> Option<TaskError> {
    let raw = member(members, "error")?;
    let error = match raw.members() {
        Some(inner) => TaskError {
            code: text_or_number(&inner, "code").filter(|code| !code.is_empty()),
            message: text(&inner, "message").filter(|message| !message.is_empty()),
        },
        None => TaskError { code: None, message: text(members, "error").filter(|e| !e.is_empty()) },
    };
    Some(error).filter(|error| *error != TaskError::default())
}
