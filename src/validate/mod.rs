//! The one validator: a document becomes a [`Request`], or every problem it has.
//!
//! It is pure: no network, file, clock or environment; what the environment says comes as a value.
//! The rules are the API reference's (errors), and what it or newer documentation advises
//! (warnings). All are checked in one pass, and the body that goes out is written on the way.

mod client;
mod cross_field;
mod distinct;
mod findings;
mod path;
mod presence;
pub(crate) mod request;
mod rules;
mod suggestions;
mod values;
mod visitor;

use client::ClientValidation;
use findings::Findings;
use path::Path;
use request::Request;
use rules::Facts;
use visitor::{Located, Visitor};

use crate::config::Resolved;
use crate::config::client::ClientOptions;
use crate::config::environment::Environment;
use crate::error::Problem;
use crate::json::{Members, Parsed, Raw};
use crate::schema::SCALE_OUT;
use crate::secret::Secret;

/// A document that keeps every rule.
#[derive(Debug)]
pub(crate) struct ValidRequest {
    pub request: Request,
    pub client: ClientOptions,
    pub resolved: Resolved,
}

/// What the validator says: a [`ValidRequest`] document or all its problems; warnings either way.
#[derive(Debug)]
pub(crate) struct Validation {
    pub result: Result<ValidRequest, Vec<Problem>>,
    pub warnings: Vec<Problem>,
}

/// Checks a whole document.
pub(crate) fn validate(document: Parsed<'_>, environment: &Environment) -> Validation {
    let Some(members) = document.members else {
        let mut visitor = Visitor::new(Findings::default(), 0);
        visitor.wrong_type(Located { path: Path::Root, raw: document.raw }, "a JSON object");
        return Validation { result: Err(visitor.findings.problems), warnings: Vec::new() };
    };
    let ClientValidation { client, findings, has_token } = client::check(client_of(&members));
    let mut visitor = Visitor::new(findings, document.raw.text().len());
    let mut facts = Facts::default();
    visitor.members(&SCALE_OUT, Path::Root, members, |visitor, member, at| {
        rules::check(visitor, &mut facts, member, at);
    });
    let Visitor { mut findings, out, .. } = visitor;
    cross_field::check(&mut findings, &facts);
    client::no_effect::check(&mut findings, &client, environment);
    let resolved = cross_field::resolve(&mut findings, &facts, (&client, has_token), environment);
    let body = Secret::new(out);
    let result = match (facts.cluster_id.value(), resolved) {
        (Some(id), Some(resolved)) if findings.problems.is_empty() => {
            let request = Request::new(id, body, facts.password.value());
            Ok(ValidRequest { request, client, resolved })
        }
        _ => Err(findings.problems),
    };
    Validation { result, warnings: findings.warnings }
}

/// The last `client` member: where there are several, that is a problem found later.
fn client_of<'a>(members: &Members<'a>) -> Option<Raw<'a>> {
    members.iter().rev().find(|(name, raw)| name == "client" && !raw.is_null()).map(|(_, raw)| *raw)
}
