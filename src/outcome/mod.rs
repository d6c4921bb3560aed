//! What an end means: the table that this library exists for. Every reply and every failure becomes
//! accepted, refused, unsent or unknown; in doubt it is unknown.

use std::time::Duration;

use crate::api::reply::Reply;
use crate::error::Detail;
use crate::redact::{redact, redact_truncated};
use crate::secret::Secret;
use crate::transport::{Failure, HttpResponse};

/// An undecodable reply is kept up to here.
const RAW: usize = 2048;
/// Texts of the service are cut here; none that was seen comes near.
const LONGEST_TEXT: usize = 4096;

/// The service took the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub cluster_id: Option<String>,
    pub task_id: String,
    pub request_id: Option<String>,
}

/// How one exchange ended.
#[derive(Debug)]
pub enum Outcome {
    Accepted(Accepted),
    Refused(Box<Detail>, RetryAdvice),
    /// No byte left; whether trying again can help.
    Unsent(Box<Detail>, bool),
    Unknown(Box<Detail>),
}

/// Whether a refused request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAdvice {
    Never,
    /// After the pause the service asks for, or one of our own.
    After(Option<Duration>),
    /// Once, with the clock set to the server's (seconds since 1970).
    WithClock(i64),
}

/// What must not be told, and what the hints need.
pub struct Redaction<'a> {
    pub secrets: &'a [&'a Secret],
    pub string_to_sign: &'a str,
}

/// The table of the contract, for a whole reply.
pub fn from_reply(incoming: &HttpResponse, redaction: &Redaction<'_>) -> Outcome {
    let reply = Reply::read(&incoming.body).filter(|_| !incoming.oversize);
    let accepted = reply.as_ref().and_then(|reply| accepted(reply, incoming, redaction));
    match (incoming.status, accepted) {
        (200..=299, Some(accepted)) => Outcome::Accepted(accepted),
        (408, _) => Outcome::Unknown(detail(incoming, reply, redaction)),
        (300..=499, _) => {
            let again = again(incoming, reply.as_ref());
            Outcome::Refused(detail(incoming, reply, redaction), again)
        }
        _ => Outcome::Unknown(detail(incoming, reply, redaction)),
    }
}

/// The same for an exchange without a whole reply: what counts is whether a byte had left.
pub fn from_failure(failure: &Failure, redaction: &Redaction<'_>) -> Outcome {
    let cause = redact(&failure.cause, redaction.secrets);
    if !failure.sent {
        let message = format!("nothing was sent: {cause}");
        let hint = unsent_hint(&cause).map(str::to_owned);
        let detail = Detail { message, cause: Some(cause), hint, ..Detail::default() };
        return Outcome::Unsent(Box::new(detail), !failure.permanent);
    }
    let mut detail = match &failure.partial {
        Some(partial) => detail(partial, None, redaction),
        None => Box::default(),
    };
    let what =
        if failure.timed_out { "no whole reply came in time" } else { "no whole reply came" };
    detail.message = format!("the request was sent, but {what}: nodes may be on their way");
    detail.hint = Some(LOOK_FIRST.to_owned());
    detail.cause = Some(cause);
    Outcome::Unknown(detail)
}

/// The hint where nothing better is known.
pub const LOOK_FIRST: &str = "look at the cluster's tasks and nodes before sending this again";

fn accepted(reply: &Reply, incoming: &HttpResponse, redaction: &Redaction<'_>) -> Option<Accepted> {
    let clean = |text: &String| one_line(text, redaction);
    Some(Accepted {
        cluster_id: reply.cluster_id.as_ref().map(clean),
        task_id: reply.task_id.as_ref().map(clean)?,
        request_id: reply.request_id.as_ref().or(incoming.request_id.as_ref()).map(clean),
    })
}

fn again(incoming: &HttpResponse, reply: Option<&Reply>) -> RetryAdvice {
    let code = reply.and_then(|reply| reply.code.as_deref()).unwrap_or_default();
    match (incoming.status, incoming.date) {
        (429, _) => RetryAdvice::After(incoming.retry_after),
        _ if code.starts_with("Throttling") => RetryAdvice::After(incoming.retry_after),
        (_, Some(date)) if code == "InvalidTimeStamp.Expired" => RetryAdvice::WithClock(date),
        _ => RetryAdvice::Never,
    }
}

/// All that a reply tells, scrubbed; its raw text where it tells nothing.
fn detail(incoming: &HttpResponse, reply: Option<Reply>, redaction: &Redaction<'_>) -> Box<Detail> {
    let raw = match &reply {
        None if !incoming.body.is_empty() => Some(raw(&incoming.body, redaction)),
        _ => None,
    };
    let reply = reply.unwrap_or_default();
    let hint = hint(incoming.status, &reply, redaction);
    let code = reply.code.as_ref().map(|code| one_line(code, redaction));
    let said = reply.message.as_ref().map(|message| one_line(message, redaction));
    let answer = match (&code, &said) {
        (Some(code), Some(said)) => format!("{code}: {said}"),
        (Some(code), None) => code.clone(),
        (None, said) => {
            let said = said.as_ref().map(|said| format!(": {said}"));
            format!("HTTP {}{}", incoming.status, said.unwrap_or_default())
        }
    };
    let message = match incoming.status {
        300..=407 | 409..=499 => format!("the service refused the request: {answer}"),
        200..=299 => "the service answered without a task id: nodes may be on their way".to_owned(),
        _ => format!("the service answered {answer}: nodes may be on their way"),
    };
    let request_id = reply.request_id.as_ref().or(incoming.request_id.as_ref());
    Box::new(Detail {
        message,
        code,
        http_status: Some(incoming.status),
        request_id: request_id.map(|id| one_line(id, redaction)),
        hint,
        cause: None,
        candidates: None,
        raw,
    })
}

/// A text of the service's on one line, without secrets, not too long.
fn one_line(text: &str, redaction: &Redaction<'_>) -> String {
    if is_one_line(text) {
        return redact(text, redaction.secrets);
    }
    let text = truncate(text, 4 * LONGEST_TEXT);
    let line = redact(text, redaction.secrets).split_whitespace().collect::<Vec<_>>().join(" ");
    truncate(&line, LONGEST_TEXT).to_owned()
}

/// Whether there is nothing to fold and nothing to cut, as in any id.
fn is_one_line(text: &str) -> bool {
    text.len() <= LONGEST_TEXT && text.bytes().all(|b| b.is_ascii_graphic())
}

/// The beginning of an undecodable reply. Scrubbed before it is cut, so that no half secret stays.
fn raw(body: &[u8], redaction: &Redaction<'_>) -> String {
    let longest_secret = redaction.secrets.iter().map(|s| s.expose().len()).max().unwrap_or(0);
    // An escape takes six bytes for one, three times over when it was escaped again.
    let window = &body[..body.len().min(RAW + 18 * longest_secret)];
    let text = redact_truncated(&String::from_utf8_lossy(window), redaction.secrets);
    truncate(&text, RAW).to_owned()
}

fn truncate(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or(0)]
}

fn hint(status: u16, reply: &Reply, redaction: &Redaction<'_>) -> Option<String> {
    let code = reply.code.as_deref().unwrap_or_default();
    let hint = match code {
        "SignatureDoesNotMatch" => mismatch(reply.message.as_deref()?, redaction.string_to_sign)?,
        "InvalidAccessKeyId.NotFound" | "InvalidAccessKeyId.Inactive" => {
            "the access key id is unknown or disabled: check it, and that the endpoint's site is its own"
        }
        "InvalidTimeStamp.Expired" | "InvalidTimeStamp.Format" => {
            "this machine's clock is more than 15 minutes off: set it"
        }
        "SignatureNonceUsed" => {
            "the service has seen this very request before: something on the way repeats requests"
        }
        _ if code.starts_with("Forbidden") => {
            "the account may not do this: grant it cs:ScaleOutCluster for this cluster"
        }
        _ if status == 429 || (code.starts_with("Throttling") && (400..500).contains(&status)) => {
            "too many requests; nothing was started: wait and send it again"
        }
        _ if (300..400).contains(&status) => "redirects are not followed: correct the endpoint",
        _ if (300..500).contains(&status) && status != 408 => return None,
        _ => LOOK_FIRST,
    };
    Some(hint.to_owned())
}

/// The server says what it would have signed: the same as we did, or not.
fn mismatch(message: &str, ours: &str) -> Option<&'static str> {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let (message, ours) = (squeezed(message), squeezed(ours));
    if message.contains(&ours) {
        return Some("the server signs the same text, so the access key secret is wrong");
    }
    let told = message.to_ascii_lowercase().contains("stringtosign");
    told.then_some(
        "the server signs another text: something on the way changed a header or the path",
    )
}

fn unsent_hint(cause: &str) -> Option<&'static str> {
    const HINTS: [(&[&str], &str); 8] = [
        (
            &["no root certificates"],
            "install ca-certificates (in a chroot: inside it), or name a PEM file of roots in \
             client.ca_file or SSL_CERT_FILE",
        ),
        (
            &["the certificate file"],
            "client.ca_file, or SSL_CERT_FILE without it, must name a PEM file of roots that this \
             process can read (in a chroot: inside it)",
        ),
        (
            &["notvalidforname", "not valid for name"],
            "the server's certificate is for another name: check the endpoint",
        ),
        (
            &["invalid peer certificate"],
            "no root that is trusted vouches for the server's certificate: see client.ca_file",
        ),
        (
            &["name or service", "host not found", "not resolved", "failure in name resolution"],
            "check the endpoint and region, and that this machine can resolve names",
        ),
        (
            &["refused", "unreachable", "no connection was made"],
            "check the endpoint, or the proxy if there is one, and that nothing on the way blocks it",
        ),
        (
            &["invalidcontenttype"],
            "what answered does not speak TLS: check the endpoint's scheme and port",
        ),
        (&["proxy server"], "the proxy opened no tunnel: check client.proxy or HTTPS_PROXY"),
    ];
    let cause = cause.to_ascii_lowercase();
    let fits = |words: &&[&str]| words.iter().any(|word| cause.contains(word));
    HINTS.iter().find(|(words, _)| fits(words)).map(|(_, hint)| *hint)
}
