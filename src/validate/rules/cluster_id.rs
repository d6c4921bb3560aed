//! `ClusterId`: it goes into the path and into signed headers, so no character may change either.

use crate::error::Code;
use crate::schema::Row;
use crate::validate::values;
use crate::validate::visitor::{Located, Visitor};

pub fn check(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<String> {
    let id = visitor.text(at)?;
    let message = match id.chars().find(|&c| !is_path_safe(c)) {
        Some(c) => format!("holds {c:?}, which could change the path or a header"),
        None if id == "." || id == ".." => {
            "must not be \".\" or \"..\", which change the path".to_owned()
        }
        None if !values::has_characters(visitor, row, at, &id) => return None,
        None => {
            if id.contains('*') {
                let message =
                    "holds \"*\": a masked id from documentation? the service needs the real one";
                visitor.findings.warning(at.path, Code::MaskedId, message);
            }
            return Some(id.into_owned());
        }
    };
    visitor.findings.problem(at.path, Code::BadCharacter, message);
    None
}

fn is_path_safe(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '/' | '?' | '#' | '%' | '\\')
}
