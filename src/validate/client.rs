//! The rules of the `client` member: how to send.

use std::collections::HashSet;

use super::findings::Findings;
use super::values::{filled_text, one_of};
use super::visitor::{Located, Visitor};
use crate::config::authority::Authority;
use crate::config::authority::Scheme;
use crate::config::client::{ClientOptions, Credentials, Format, SignatureMethod};
use crate::config::endpoint;
use crate::error::Code;
use crate::json::Raw;
use crate::secret::Secret;

/// Every member of `client`.
pub const NAMES: [&str; 19] = [
    "region_id",
    "endpoint",
    "scheme",
    "format",
    "signature_method",
    "access_key_id",
    "access_key_secret",
    "security_token",
    "profile",
    "connect_timeout_ms",
    "timeout_ms",
    "max_attempts",
    "reconcile",
    "reconcile_timeout_ms",
    "adopt_candidate",
    "proxy",
    "ca_file",
    "dry_run",
    "unchecked",
];

const PATH: &str = "/client";
/// A day in milliseconds: longer is a slip of the unit.
const LONGEST_MS: i64 = 86_400_000;
const MOST_ATTEMPTS: i64 = 100;

/// What was read of `client`: options, the key pair in parts, and the pointers to let through.
#[derive(Default)]
struct ClientDraft {
    client: ClientOptions,
    id: Option<String>,
    secret: Option<Secret>,
    token: Option<Secret>,
    unchecked: HashSet<String>,
    /// Which of the key members are there, broken ones included: those are problems already.
    given: Vec<&'static str>,
}

/// What came of the `client` member.
pub struct ClientValidation {
    pub client: ClientOptions,
    /// They know what to let through.
    pub findings: Findings,
    /// A security token stands in the document, whether its pair is whole or not.
    pub has_token: bool,
}

/// Checks the `client` member, if there is one.
pub fn check(client: Option<Raw<'_>>) -> ClientValidation {
    let mut draft = ClientDraft::default();
    let mut visitor = Visitor::new(Findings::default(), 0);
    if let Some(raw) = client {
        let at = Located { path: PATH, raw };
        visitor.object(at, &NAMES, |visitor, name, at| {
            member(visitor, &mut draft, name, at);
            false
        });
    }
    let mut findings = visitor.findings;
    whole_pair(&mut findings, &draft.given);
    let has_token = draft.given.contains(&"security_token");
    let ClientDraft { mut client, id, secret, token, unchecked, .. } = draft;
    client.credentials = id.zip(secret).map(|(id, secret)| Credentials { id, secret, token });
    findings.set_unchecked(unchecked);
    ClientValidation { client, findings, has_token }
}

fn member(visitor: &mut Visitor, draft: &mut ClientDraft, name: &str, at: Located<'_, '_>) {
    let keys = ["access_key_id", "access_key_secret", "security_token"];
    draft.given.extend(keys.iter().find(|key| **key == name));
    let client = &mut draft.client;
    match name {
        "region_id" => client.region_id = region(visitor, at),
        "endpoint" => client.endpoint = endpoint(visitor, at),
        "scheme" => client.scheme = choice(visitor, at, &SCHEMES),
        "format" => client.format = choice(visitor, at, &FORMATS).unwrap_or_default(),
        "signature_method" => {
            client.signature_method = choice(visitor, at, &METHODS).unwrap_or_default();
        }
        "access_key_id" => draft.id = header_text(visitor, at),
        "access_key_secret" => draft.secret = filled_text(visitor, at).map(Secret::new),
        "security_token" => draft.token = header_text(visitor, at).map(Secret::new),
        "profile" => client.profile = filled_text(visitor, at),
        "connect_timeout_ms" => milliseconds(visitor, at, &mut client.connect_timeout_ms),
        "timeout_ms" => milliseconds(visitor, at, &mut client.timeout_ms),
        "reconcile_timeout_ms" => milliseconds(visitor, at, &mut client.reconcile_timeout_ms),
        "max_attempts" => {
            if let Some(most) = within(visitor, at, MOST_ATTEMPTS) {
                client.max_attempts = u32::try_from(most).unwrap_or(1);
            }
        }
        "reconcile" => flag(visitor, at, &mut client.reconcile),
        "adopt_candidate" => flag(visitor, at, &mut client.adopt_candidate),
        "dry_run" => flag(visitor, at, &mut client.dry_run),
        "proxy" => client.proxy = proxy(visitor, at),
        "ca_file" => client.ca_file = filled_text(visitor, at),
        _ => draft.unchecked = unchecked(visitor, at),
    }
}

fn whole_pair(findings: &mut Findings, given: &[&str]) {
    let has = |name| given.contains(&name);
    let (path, given) = match (has("access_key_id"), has("access_key_secret")) {
        (true, false) => ("/client/access_key_secret", "access_key_id"),
        (false, true) => ("/client/access_key_id", "access_key_secret"),
        (false, false) if has("security_token") => ("/client/access_key_id", "security_token"),
        _ => return,
    };
    let message = format!("is required beside {given}: a key pair is explicit as a whole or not");
    findings.problem(path, Code::Incomplete, message);
}

const SCHEMES: [(&str, Scheme); 2] = [("https", Scheme::Https), ("http", Scheme::Http)];
const FORMATS: [(&str, Format); 2] = [("json", Format::Json), ("xml", Format::Xml)];
const METHODS: [(&str, SignatureMethod); 2] = [
    ("HMAC-SHA1", SignatureMethod::HmacSha1),
    ("ACS3-HMAC-SHA256", SignatureMethod::Acs3HmacSha256),
];

fn choice<T: Copy>(visitor: &mut Visitor, at: Located<'_, '_>, allowed: &[(&str, T)]) -> Option<T> {
    let words: Vec<_> = allowed.iter().map(|(word, _)| *word).collect();
    let chosen = one_of(visitor, at, &words)?;
    allowed.iter().find(|(word, _)| *word == chosen).map(|(_, value)| *value)
}

/// A string that becomes a header's value.
fn header_text(visitor: &mut Visitor, at: Located<'_, '_>) -> Option<String> {
    let text = filled_text(visitor, at)?;
    if text.bytes().all(|b| b.is_ascii_graphic()) {
        return Some(text);
    }
    let message = "holds white space, a control character or non-ASCII; it goes into a header";
    visitor.findings.problem(at.path, Code::BadCharacter, message);
    None
}

fn region(visitor: &mut Visitor, at: Located<'_, '_>) -> Option<String> {
    let text = filled_text(visitor, at)?;
    if endpoint::is_region(&text) {
        return Some(text);
    }
    let message = "must be a region id such as cn-hangzhou: a-z, 0-9 and \"-\"";
    visitor.findings.problem(at.path, Code::BadCharacter, message);
    None
}

fn endpoint(visitor: &mut Visitor, at: Located<'_, '_>) -> Option<Authority> {
    let text = filled_text(visitor, at)?;
    let message = match Authority::parse(&text) {
        Ok(address) if address.login.is_none() => return Some(address),
        Ok(_) => endpoint::ENDPOINT_LOGIN,
        Err(message) => message,
    };
    visitor.findings.problem(at.path, Code::BadUrl, message);
    None
}

/// An empty proxy is none: it turns the environment's off.
fn proxy(visitor: &mut Visitor, at: Located<'_, '_>) -> Option<Option<Authority>> {
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

fn milliseconds(visitor: &mut Visitor, at: Located<'_, '_>, target: &mut u64) {
    if let Some(value) = within(visitor, at, LONGEST_MS) {
        *target = value.unsigned_abs();
    }
}

fn within(visitor: &mut Visitor, at: Located<'_, '_>, most: i64) -> Option<i64> {
    let value = visitor.integer(at)?;
    if (1..=most).contains(&value) {
        return Some(value);
    }
    visitor.findings.problem(at.path, Code::OutOfRange, format!("must be 1 to {most}"));
    None
}

fn flag(visitor: &mut Visitor, at: Located<'_, '_>, target: &mut bool) {
    if let Some(value) = visitor.boolean(at) {
        *target = value;
    }
}

/// Exact pointers into the parameters. The id stays checked, since it becomes the path, and so
/// does `client`, which nobody but this library reads.
fn unchecked(visitor: &mut Visitor, at: Located<'_, '_>) -> HashSet<String> {
    let mut pointers = HashSet::new();
    visitor.list(at, "an array of JSON Pointers", |visitor, item| {
        let Some(pointer) = visitor.text(item) else { return };
        let message = match pointer.as_ref() {
            "/ClusterId" => "ClusterId is always checked: it becomes part of the path",
            p if p == PATH || p.starts_with("/client/") => "client is always checked",
            p if !is_pointer(p) => "must be a JSON Pointer to a member, such as \"/worker_period\"",
            p => {
                pointers.insert(p.to_owned());
                return;
            }
        };
        visitor.findings.problem(item.path, Code::BadPointer, message);
    });
    pointers
}

fn is_pointer(text: &str) -> bool {
    text.len() > 1
        && text.starts_with('/')
        && text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']))
}
