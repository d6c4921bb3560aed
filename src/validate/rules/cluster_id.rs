//! `ClusterId`: it goes into the path and into signed headers, so no character may change either.

use crate::error::Code;
use crate::schema::Row;
use crate::validate::values;
use crate::validate::visitor::{Located, Visitor};

pub(crate) fn check(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<String> {
    let id = visitor.text(at)?;
    let message = match id.chars().find(|&c| !is_path_safe(c)) {
        Some(c) => {
            format!("holds {c:?}, which is no part of an id and could change the path or a header")
        }
        None if id == "." || id == ".." => {
            "must not be \".\" or \"..\", which change the path".to_owned()
        }
        None if !values::has_characters(visitor, row, at, &id) => return None,
        None => {
            warn(visitor, at, &id);
            return Some(id.into_owned());
        }
    };
    visitor.findings.problem(at.path, Code::BadCharacter, message);
    None
}

/// What else the id of something else, or of nothing, looks like.
fn warn(visitor: &mut Visitor, at: Located<'_, '_>, id: &str) {
    if id.contains('*') {
        let message = "holds \"*\": a masked id from documentation? the service needs the real one";
        visitor.findings.warning(at.path, Code::MaskedId, message);
    }
    if id.contains(':') {
        let message = "holds \":\": Terraform's cluster:nodepool? the cluster's own id is wanted";
        visitor.findings.warning(at.path, Code::ForeignId, message);
    }
}

/// What could change the path is refused, and what comes of pasting more than the id.
fn is_path_safe(c: char) -> bool {
    let could_change = matches!(c, '/' | '?' | '#' | '%' | '\\');
    let is_pasted = matches!(c, '{' | '}' | '"' | '<' | '>' | '[' | ']' | ',');
    c.is_ascii_graphic() & !could_change & !is_pasted
}
