//! The one validator: a document becomes a [`Request`], or every problem it has.
//!
//! It is pure: no network, file, clock or environment; what the environment says comes as a value.
//! The rules are the API reference's (errors), and what it or newer documentation advises
//! (warnings). All are checked in one pass, and the body that goes out is written on the way.

mod client;
mod findings;
mod lists;
mod names;
mod parameters;
pub mod request;
mod together;
mod user_data;
mod values;
mod walk;

use client::Checked;
use findings::Findings;
use parameters::Facts;
use request::Request;
use walk::{At, Walk};

use crate::config::client::Client;
use crate::config::environment::Environment;
use crate::config::route::Route;
use crate::error::Problem;
use crate::json::{Members, Parsed, Raw};
use crate::secret::Secret;

/// A document that keeps every rule.
#[derive(Debug)]
pub struct Valid {
    pub request: Request,
    pub client: Client,
    pub route: Route,
}

/// What the validator says: a [`Valid`] document or all its problems; warnings either way.
#[derive(Debug)]
pub struct Verdict {
    pub result: Result<Valid, Vec<Problem>>,
    pub warnings: Vec<Problem>,
}

/// Checks a whole document.
pub fn validate(document: &Parsed<'_>, environment: &Environment) -> Verdict {
    let at = At { path: "", raw: document.raw };
    let Some(members) = &document.members else {
        let mut walk = Walk::new(Findings::default(), 0);
        walk.wrong_type(at, "a JSON object");
        return Verdict { result: Err(walk.findings.problems), warnings: Vec::new() };
    };
    let Checked { client, findings, has_token } = client::check(client_of(members));
    let mut walk = Walk::new(findings, document.raw.text().len());
    let mut facts = Facts::default();
    walk.members(at, members, &parameters::NAMES, |walk, name, at| {
        name != "client" && parameters::check(walk, &mut facts, name, at)
    });
    let Walk { mut findings, out, .. } = walk;
    together::check(&mut findings, &facts);
    let route = together::route(&mut findings, &facts, (&client, has_token), environment);
    let body = Secret::new(out);
    let result = match (facts.cluster_id, route) {
        (Some(id), Some(route)) if findings.problems.is_empty() => {
            Ok(Valid { request: Request::new(id, body, facts.password), client, route })
        }
        _ => Err(findings.problems),
    };
    Verdict { result, warnings: findings.warnings }
}

/// The last `client` member: where there are several, that is a problem found later.
fn client_of<'a>(members: &Members<'a>) -> Option<Raw<'a>> {
    members.iter().rev().find(|(name, raw)| name == "client" && !raw.is_null()).map(|(_, raw)| *raw)
}
