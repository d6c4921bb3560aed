//! An explicit key pair.

use crate::config::client::Credentials;
use crate::config::key_text;
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
pub(super) struct KeyPair {
    pub id: Presence<String>,
    pub secret: Presence<Secret>,
    pub token: Presence<Secret>,
}

impl KeyPair {
    /// A pair is explicit as a whole or not at all.
    pub(super) fn check(&self, findings: &mut Findings) {
        if let (Presence::Value(id), Presence::Absent) = (&self.id, &self.token)
            && key_text::needs_token(id)
        {
            let message = "is required beside an access_key_id that begins with \"STS.\": a \
                           temporary key pair has a token";
            findings.problem(Path::of_client("security_token"), Code::Incomplete, message);
        }
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

    pub(super) fn credentials(self) -> Option<Credentials> {
        let (id, secret) = self.id.value().zip(self.secret.value())?;
        Some(Credentials { id, secret, token: self.token.value() })
    }
}

/// A key, secret or token.
pub(super) fn text(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<String> {
    let text = values::text(visitor, row, at)?;
    let Some(flaw) = key_text::flaw(&text) else { return Some(text.into_owned()) };
    visitor.findings.problem(at.path, Code::BadCharacter, flaw);
    None
}

/// One that becomes a header's value.
pub(super) fn header(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<String> {
    let text = text(visitor, row, at)?;
    if text.is_ascii() {
        return Some(text);
    }
    let message = "holds a character that is not ASCII; it goes into a header";
    visitor.findings.problem(at.path, Code::BadCharacter, message);
    None
}
