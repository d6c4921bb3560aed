//! What only the validator knows, each by the problem's path and code.

use serde_json::Value;

/// A problem that the JSON Schema cannot tell.
#[derive(Debug)]
pub struct Exception {
    /// As in the table of members: `*` stands for an array's item.
    pub path: &'static str,
    pub code: &'static str,
    pub said: Said,
}

/// By whom it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The schema has no word for it.
    ByValidator,
    /// The schema has a word for a part of it.
    PartlyByBoth,
    /// The schema takes `3.0` and `3e0` for integers, and may have a word on their values.
    OfSpelledNumbers,
}

const fn only(path: &'static str, code: &'static str) -> Exception {
    Exception { path, code, said: Said::ByValidator }
}

const fn spelled(path: &'static str, code: &'static str) -> Exception {
    Exception { path, code, said: Said::OfSpelledNumbers }
}

pub const EXCEPTIONS: &[Exception] = &[
    // What several members say together.
    only("/worker_period", "missing"),
    only("/worker_period_unit", "missing"),
    only("/worker_auto_renew_period", "missing"),
    only("/login_password", "conflict"),
    only("/login_password", "plaintext_secret"),
    only("/client/security_token", "plaintext_secret"),
    only("/client/access_key_id", "incomplete"),
    only("/client/access_key_secret", "incomplete"),
    only("/client/security_token", "incomplete"),
    only("/tags/*/key", "duplicate_key"),
    // The form of a text.
    only("/ClusterId", "bad_character"),
    Exception { path: "/login_password", code: "weak_password", said: Said::PartlyByBoth },
    only("/login_password", "bad_character"),
    only("/user_data", "not_base64"),
    only("/client/region_id", "bad_character"),
    only("/client/endpoint", "bad_url"),
    only("/client/proxy", "bad_url"),
    only("/client/access_key_id", "bad_character"),
    only("/client/access_key_secret", "bad_character"),
    only("/client/security_token", "bad_character"),
    only("/client/unchecked/*", "bad_pointer"),
    // The spelling of numbers.
    spelled("/count", "wrong_type"),
    spelled("/worker_period", "wrong_type"),
    spelled("/worker_auto_renew_period", "wrong_type"),
    spelled("/worker_system_disk_size", "wrong_type"),
    spelled("/worker_data_disks/*/size", "out_of_range"),
    spelled("/client/connect_timeout_ms", "wrong_type"),
    spelled("/client/timeout_ms", "wrong_type"),
    spelled("/client/max_attempts", "wrong_type"),
    spelled("/client/reconcile_timeout_ms", "wrong_type"),
];

/// The exception that a problem is, if it is one.
pub fn of(path: &str, code: &str, value: Option<&Value>) -> Option<&'static Exception> {
    let pattern = pattern(path);
    // A number that is an integer, and was not written as one.
    let is_spelled = value.and_then(Value::as_f64).is_some_and(|n| n.fract() == 0.0)
        && value.is_some_and(Value::is_f64);
    EXCEPTIONS.iter().find(|exception| {
        let fits = exception.path == pattern && exception.code == code;
        fits && (exception.said != Said::OfSpelledNumbers || is_spelled)
    })
}

/// A pointer as the table has it.
pub fn pattern(path: &str) -> String {
    let is_index = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts = path.split('/').map(|part| if is_index(part) { "*" } else { part });
    parts.collect::<Vec<_>>().join("/")
}
