//! The `client` member: how to send.

use super::object::Object;
use super::row::{Kind, Row};

/// Where a member's value goes, and what is checked of it beyond its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientRule {
    RegionId,
    Endpoint,
    Scheme,
    Format,
    SignatureMethod,
    AccessKeyId,
    AccessKeySecret,
    SecurityToken,
    Profile,
    ConnectTimeout,
    Timeout,
    MaxAttempts,
    KeepAlive,
    Reconcile,
    ReconcileTimeout,
    AdoptCandidate,
    Proxy,
    CaFile,
    DryRun,
    Unchecked,
}

/// A day: longer is a slip of the unit.
pub(super) const LONGEST_MS: i64 = 86_400_000;
/// Shorter is a slip of the unit, too.
const SHORTEST_MS: i64 = 1_000;

pub(crate) static CLIENT: Object<ClientRule> = Object::new(&[
    Row::new(
        "/client/region_id",
        Kind::String,
        "Region, which the service's host is named after; else ALIBABA_CLOUD_REGION_ID.",
        r#""cn-hangzhou""#,
    )
    .filled()
    .rule(ClientRule::RegionId),
    Row::new(
        "/client/endpoint",
        Kind::String,
        "host[:port] or a URL, whose scheme wins; else CS_SCALE_OUT_ENDPOINT.",
        r#""cs.cn-hangzhou.aliyuncs.com""#,
    )
    .filled()
    .rule(ClientRule::Endpoint),
    Row::new(
        "/client/scheme",
        Kind::String,
        "Scheme, where the endpoint names none.",
        r#""https""#,
    )
    .words(&["https", "http"])
    .default(r#""https""#)
    .rule(ClientRule::Scheme),
    Row::new(
        "/client/format",
        Kind::String,
        "Representation to ask for; any is understood.",
        r#""json""#,
    )
    .words(&["json", "xml"])
    .default(r#""json""#)
    .rule(ClientRule::Format),
    Row::new(
        "/client/signature_method",
        Kind::String,
        "How requests are signed.",
        r#""ACS3-HMAC-SHA256""#,
    )
    .words(&["HMAC-SHA1", "ACS3-HMAC-SHA256"])
    .default(r#""HMAC-SHA1""#)
    .rule(ClientRule::SignatureMethod),
    Row::new(
        "/client/access_key_id",
        Kind::String,
        "Id of an explicit key pair; without a pair, the environment's.",
        r#""LTAI5tExampleKeyId""#,
    )
    .filled()
    .rule(ClientRule::AccessKeyId),
    Row::new(
        "/client/access_key_secret",
        Kind::String,
        "Secret of an explicit key pair.",
        r#""example-access-key-secret""#,
    )
    .filled()
    .rule(ClientRule::AccessKeySecret),
    Row::new(
        "/client/security_token",
        Kind::String,
        "Token of an explicit key pair, if it is a temporary one.",
        r#""example-security-token""#,
    )
    .filled()
    .rule(ClientRule::SecurityToken),
    Row::new(
        "/client/profile",
        Kind::String,
        "Taken with a warning, for this version reads no credential files.",
        r#""default""#,
    )
    .filled()
    .rule(ClientRule::Profile),
    Row::new(
        "/client/connect_timeout_ms",
        Kind::Integer,
        "For name look-up, connect, tunnel and TLS together.",
        "5000",
    )
    .within(1, LONGEST_MS)
    .advised(SHORTEST_MS, LONGEST_MS)
    .unit("ms")
    .default("5000")
    .rule(ClientRule::ConnectTimeout),
    Row::new("/client/timeout_ms", Kind::Integer, "For the whole call with its retries.", "30000")
        .within(1, LONGEST_MS)
        .advised(SHORTEST_MS, LONGEST_MS)
        .unit("ms")
        .default("30000")
        .rule(ClientRule::Timeout),
    Row::new(
        "/client/max_attempts",
        Kind::Integer,
        "How often a request that provably was not executed is tried.",
        "3",
    )
    .within(1, 100)
    .default("3")
    .rule(ClientRule::MaxAttempts),
    Row::new(
        "/client/keep_alive",
        Kind::Boolean,
        "Use and keep connections for purchases, too, for many calls in a row.",
        "true",
    )
    .default("false")
    .since("0.2")
    .rule(ClientRule::KeepAlive),
    Row::new(
        "/client/reconcile",
        Kind::Boolean,
        "Whether to look at the task list after an unknown end.",
        "true",
    )
    .default("true")
    .rule(ClientRule::Reconcile),
    Row::new("/client/reconcile_timeout_ms", Kind::Integer, "For that look at most.", "10000")
        .within(1, LONGEST_MS)
        .unit("ms")
        .default("10000")
        .rule(ClientRule::ReconcileTimeout),
    Row::new(
        "/client/adopt_candidate",
        Kind::Boolean,
        "Whether a sole candidate is taken for this call's own task.",
        "false",
    )
    .default("false")
    .rule(ClientRule::AdoptCandidate),
    Row::new(
        "/client/proxy",
        Kind::String,
        "URL of an http or https proxy; \"\" turns the environment's off.",
        r#""http://proxy.example.com:3128""#,
    )
    .rule(ClientRule::Proxy),
    Row::new(
        "/client/ca_file",
        Kind::String,
        "PEM file of the roots to trust; else SSL_CERT_FILE, else the system's.",
        r#""/etc/ssl/certs/ca-certificates.crt""#,
    )
    .filled()
    .rule(ClientRule::CaFile),
    Row::new(
        "/client/dry_run",
        Kind::Boolean,
        "Sign, but send nothing: the answer shows the request, secrets masked.",
        "true",
    )
    .default("false")
    .rule(ClientRule::DryRun),
    Row::new(
        "/client/unchecked",
        Kind::Array(&Row::new(
            "/client/unchecked/*",
            Kind::String,
            "A JSON Pointer to a parameter; never /ClusterId or /client.",
            r#""/new_parameter""#,
        )),
        "What the validator lets through as it is: new parameters, newer values.",
        r#"["/new_parameter"]"#,
    )
    .rule(ClientRule::Unchecked),
]);
