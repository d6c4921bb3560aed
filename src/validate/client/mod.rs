//! The rules of the `client` member: how to send.

mod keys;
pub(super) mod no_effect;
mod places;
mod unchecked;

use super::findings::Findings;
use super::path::Path;
use super::presence::Presence;
use super::values;
use super::visitor::{Located, Visitor};
use crate::config::authority::Scheme;
use crate::config::client::{ClientOptions, Format, SignatureMethod};
use crate::error::Code;
use crate::json::Raw;
use crate::schema::{CLIENT, ClientRule, Member, Row};
use crate::secret::Secret;
use keys::KeyPair;

/// What was read of `client`.
#[derive(Default)]
struct ClientDraft {
    client: ClientOptions,
    keys: KeyPair,
    unchecked: Vec<String>,
}

/// What came of the `client` member.
pub(super) struct ClientValidation {
    pub client: ClientOptions,
    /// They know what to let through.
    pub findings: Findings,
    /// A security token stands in the document, whether its pair is whole or not.
    pub has_token: bool,
}

/// Checks the `client` member, if there is one.
pub(super) fn check(client: Option<Raw<'_>>) -> ClientValidation {
    let mut draft = ClientDraft::default();
    let length = client.map_or(0, |raw| raw.text().len());
    let mut visitor = Visitor::new(Findings::default(), length);
    if let Some(raw) = client {
        let at = Located { path: Path::CLIENT, raw };
        visitor.object(&CLIENT, at, |visitor, member, at| {
            check_member(visitor, &mut draft, member, at);
        });
    }
    let ClientDraft { mut client, keys, unchecked } = draft;
    let Visitor { mut findings, .. } = visitor;
    keys.check(&mut findings);
    let has_token = keys.token.is_given();
    client.credentials = keys.credentials();
    findings.set_unchecked(unchecked);
    ClientValidation { client, findings, has_token }
}

fn check_member(
    visitor: &mut Visitor,
    draft: &mut ClientDraft,
    member: &'static Member<ClientRule>,
    at: Located<'_, '_>,
) {
    let row = &member.row;
    let client = &mut draft.client;
    match member.rule {
        ClientRule::RegionId => client.region_id = places::region(visitor, row, at),
        ClientRule::Endpoint => client.endpoint = places::endpoint(visitor, row, at),
        ClientRule::Scheme => client.scheme = choice(visitor, row, at, SCHEMES),
        ClientRule::Format => client.format = choice(visitor, row, at, FORMATS).unwrap_or_default(),
        ClientRule::SignatureMethod => {
            client.signature_method = choice(visitor, row, at, METHODS).unwrap_or_default();
        }
        ClientRule::AccessKeyId => draft.keys.id = Presence::of(keys::header(visitor, row, at)),
        ClientRule::AccessKeySecret => {
            draft.keys.secret = Presence::of(keys::text(visitor, row, at).map(Secret::new));
        }
        ClientRule::SecurityToken => {
            draft.keys.token = Presence::of(keys::header(visitor, row, at).map(Secret::new));
        }
        ClientRule::Profile => client.profile = owned(visitor, row, at),
        ClientRule::ConnectTimeout => number(visitor, row, at, &mut client.connect_timeout_ms),
        ClientRule::Timeout => number(visitor, row, at, &mut client.timeout_ms),
        ClientRule::MaxAttempts => number(visitor, row, at, &mut client.max_attempts),
        ClientRule::KeepAlive => flag(visitor, at, &mut client.keep_alive),
        ClientRule::Reconcile => flag(visitor, at, &mut client.reconcile),
        ClientRule::ReconcileTimeout => number(visitor, row, at, &mut client.reconcile_timeout_ms),
        ClientRule::AdoptCandidate => flag(visitor, at, &mut client.adopt_candidate),
        ClientRule::Proxy => client.proxy = places::proxy(visitor, at),
        ClientRule::CaFile => client.ca_file = owned(visitor, row, at),
        ClientRule::DryRun => flag(visitor, at, &mut client.dry_run),
        ClientRule::Unchecked => draft.unchecked = unchecked::check(visitor, at),
    }
}

const SCHEMES: [(&str, Scheme); 2] = [("https", Scheme::Https), ("http", Scheme::Http)];
const FORMATS: [(&str, Format); 2] = [("json", Format::Json), ("xml", Format::Xml)];
const METHODS: [(&str, SignatureMethod); 2] = [
    ("HMAC-SHA1", SignatureMethod::HmacSha1),
    ("ACS3-HMAC-SHA256", SignatureMethod::Acs3HmacSha256),
];

/// What one of the row's words means.
fn choice<T: Copy>(
    visitor: &mut Visitor,
    row: &Row,
    at: Located<'_, '_>,
    meanings: [(&str, T); 2],
) -> Option<T> {
    let chosen = values::text(visitor, row, at)?;
    meanings.iter().find(|(word, _)| *word == chosen).map(|(_, meaning)| *meaning)
}

fn owned(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<String> {
    values::text(visitor, row, at).map(String::from)
}

fn number<N: TryFrom<i64>>(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>, target: &mut N) {
    let Some(value) = values::integer(visitor, row, at) else { return };
    if let Some(least) = row.advised.map(|range| range.least).filter(|least| value < *least) {
        let message = format!("is less than {least}; it counts milliseconds, not seconds");
        visitor.findings.warning(at.path, Code::Unadvised, message);
    }
    if let Ok(value) = N::try_from(value) {
        *target = value;
    }
}

fn flag(visitor: &mut Visitor, at: Located<'_, '_>, target: &mut bool) {
    if let Some(value) = visitor.boolean(at) {
        *target = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a member with this value makes of the options.
    fn options(name: &str, value: &str) -> ClientOptions {
        let text = format!("{{{name:?}: {value}}}");
        let raw = Raw::parse(&text).expect("JSON");
        check(Some(raw)).client
    }

    #[test]
    fn the_defaults_are_the_tables() {
        // Without a scheme the endpoint's counts.
        let shown = |options: ClientOptions| format!("{options:?}").replace("Some(Https)", "None");
        let default = shown(ClientOptions::default());
        for row in CLIENT.rows() {
            if let Some(value) = row.default {
                assert_eq!(shown(options(row.name, value)), default, "{}", row.name);
            }
        }
        for (name, value) in [("reconcile", "false"), ("dry_run", "true"), ("timeout_ms", "1")] {
            assert_ne!(shown(options(name, value)), default, "{name}");
        }
    }

    #[test]
    fn every_word_has_a_meaning() {
        let row =
            |rule| &CLIENT.members.iter().find(|member| member.rule == rule).expect("a row").row;
        let words = |rule| match row(rule).values {
            crate::schema::Values::Words(words) => words.to_vec(),
            other => panic!("{other:?}"),
        };
        assert_eq!(words(ClientRule::Scheme), SCHEMES.map(|(word, _)| word));
        assert_eq!(words(ClientRule::Format), FORMATS.map(|(word, _)| word));
        assert_eq!(words(ClientRule::SignatureMethod), METHODS.map(|(word, _)| word));
    }
}
