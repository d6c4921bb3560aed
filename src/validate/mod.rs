//! The one validator: a document becomes a [`Request`], or what a task function asks for, or every problem it
//! has.
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
pub(crate) mod tasks;
mod values;
mod visitor;

use client::ClientValidation;
use cross_field::Secrets;
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

/// A document that keeps every rule: what it asks for, and how.
#[derive(Debug)]
pub(crate) struct Valid<T> {
    pub request: T,
    pub client: ClientOptions,
    pub resolved: Resolved,
}

/// One that asks for a purchase.
pub(crate) type ValidRequest = Valid<Request>;

/// What the validator says: a [`Valid`] document or all its problems; warnings either way.
#[derive(Debug)]
pub(crate) struct Validation<T> {
    pub result: Result<Valid<T>, Vec<Problem>>,
    pub warnings: Vec<Problem>,
}

impl<T> Validation<T> {
    /// Of a document that is no object.
    fn no_object(document: Raw<'_>) -> Validation<T> {
        let mut visitor = Visitor::new(Findings::default(), 0);
        visitor.wrong_type(Located { path: Path::Root, raw: document }, "a JSON object");
        Validation { result: Err(visitor.findings.problems), warnings: Vec::new() }
    }

    /// Of what was found, and of what was asked for where nothing is wrong.
    fn of(
        findings: Findings,
        request: Option<T>,
        client: ClientOptions,
        resolved: Option<Resolved>,
    ) -> Validation<T> {
        let result = match (request, resolved) {
            (Some(request), Some(resolved)) if findings.problems.is_empty() => {
                Ok(Valid { request, client, resolved })
            }
            _ => Err(findings.problems),
        };
        Validation { result, warnings: findings.warnings }
    }
}

/// Checks a whole request.
pub(crate) fn validate(document: Parsed<'_>, environment: &Environment) -> Validation<Request> {
    let Some(members) = document.members else { return Validation::no_object(document.raw) };
    let ClientValidation { client, findings, has_token } = client::check(client_of(&members));
    let mut visitor = Visitor::new(findings, document.raw.text().len());
    let mut facts = Facts::default();
    visitor.members(&SCALE_OUT, Path::Root, members, |visitor, member, at| {
        rules::check(visitor, &mut facts, member, at);
    });
    let Visitor { mut findings, out, .. } = visitor;
    cross_field::check(&mut findings, &facts);
    client::no_effect::check(&mut findings, &client, environment);
    let secrets = Secrets { has_password: facts.password.is_given(), has_token };
    let resolved = cross_field::resolve(&mut findings, &client, secrets, environment);
    let body = Secret::new(out);
    let password = facts.password.value();
    let request = facts.cluster_id.value().map(|id| Request::new(id, body, password));
    Validation::of(findings, request, client, resolved)
}

/// The last `client` member: where there are several, that is a problem found later.
fn client_of<'a>(members: &Members<'a>) -> Option<Raw<'a>> {
    members.iter().rev().find(|(name, raw)| name == "client" && !raw.is_null()).map(|(_, raw)| *raw)
}
