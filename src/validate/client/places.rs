//! Where to send: region, endpoint, proxy.

use crate::config::authority::Authority;
use crate::config::endpoint;
use crate::error::Code;
use crate::schema::Row;
use crate::validate::values;
use crate::validate::visitor::{Located, Visitor};

pub(super) fn region(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<String> {
    let text = values::text(visitor, row, at)?;
    if endpoint::is_region(&text) {
        return Some(text.into_owned());
    }
    let message = "must be a region id such as cn-hangzhou: a-z, 0-9 and \"-\"";
    visitor.findings.problem(at.path, Code::BadCharacter, message);
    None
}

pub(super) fn endpoint(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<Authority> {
    let text = values::text(visitor, row, at)?;
    let message = match Authority::parse(&text) {
        Ok(address) if address.login.is_none() => return Some(address),
        Ok(_) => endpoint::ENDPOINT_LOGIN,
        Err(message) => message,
    };
    visitor.findings.problem(at.path, Code::BadUrl, message);
    None
}

/// An empty proxy is none: it turns the environment's off.
pub(super) fn proxy(visitor: &mut Visitor, at: Located<'_, '_>) -> Option<Option<Authority>> {
    let text = visitor.text(at)?;
    if text.is_empty() {
        return Some(None);
    }
    match Authority::parse(&text) {
        Ok(address) => Some(Some(address)),
        Err(message) => {
            visitor.findings.problem(at.path, Code::BadUrl, message);
            None
        }
    }
}
