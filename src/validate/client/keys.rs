//! An explicit key pair.

use crate::config::client::Credentials;
use crate::error::Code;
use crate::schema::Row;
use crate::secret::Secret;
use crate::validate::findings::Findings;
use crate::validate::path::Path;
use crate::validate::presence::Presence;
use crate::validate::values;
use crate::validate::visitor::{Located, Visitor};

/// The members that are keys, broken ones included: those are problems already.
#[derive(Default)]
pub struct KeyPair {
    pub id: Presence<String>,
    pub secret: Presence<Secret>,
    pub token: Presence<Secret>,
}

impl KeyPair {
    /// A pair is explicit as a whole or not at all.
    pub fn check(&self, findings: &mut Findings) {
        let (name, given) = match (self.id.is_given(), self.secret.is_given()) {
            (true, false) => ("access_key_secret", "access_key_id"),
            (false, true) => ("access_key_id", "access_key_secret"),
            (false, false) if self.token.is_given() => ("access_key_id", "security_token"),
            (true, true) | (false, false) => return,
        };
        let message =
            format!("is required beside {given}: a key pair is explicit as a whole or not");
        findings.problem(Path::of_client(name), Code::Incomplete, message);
    }

    pub fn credentials(self) -> Option<Credentials> {
        let (id, secret) = self.id.value().zip(self.secret.value())?;
        Some(Credentials { id, secret, token: self.token.value() })
    }
}

/// A string that becomes a header's value.
pub fn header(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<String> {
    let text = values::text(visitor, row, at)?;
    if text.bytes().all(|b| b.is_ascii_graphic()) {
        return Some(text.into_owned());
    }
    let message = "holds white space, a control character or non-ASCII; it goes into a header";
    visitor.findings.problem(at.path, Code::BadCharacter, message);
    None
}

pub fn secret(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<Secret> {
    values::text(visitor, row, at).map(Secret::new)
}

pub fn token(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<Secret> {
    header(visitor, row, at).map(Secret::new)
}
