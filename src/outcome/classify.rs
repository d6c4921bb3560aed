//! The table of the contract: what a reply, or the want of one, means for a purchase.

use super::reply_hints::hint;
use super::text::{one_line, raw};
use super::{Accepted, LOOK_FIRST, Outcome, Redaction, RetryAdvice};
use crate::api::reply::Reply;
use crate::error::{Detail, Error};
use crate::redact::redact;
use crate::transport::{Failure, HttpResponse};

/// How one exchange ended, and whether the request may be sent again.
pub type Classified = (Outcome, RetryAdvice);

/// Classifies a purchase for `cluster_id`.
pub fn classify(
    end: &Result<HttpResponse, Failure>,
    cluster_id: &str,
    redaction: &Redaction<'_>,
) -> Classified {
    match end {
        Ok(response) => from_reply(response, cluster_id, redaction),
        Err(failure) => from_failure(failure, redaction),
    }
}

/// The table for a whole reply.
fn from_reply(response: &HttpResponse, cluster_id: &str, redaction: &Redaction<'_>) -> Classified {
    let reply = Reply::read(&response.body).filter(|_| !response.oversize);
    let accepted =
        reply.as_ref().and_then(|reply| accepted(reply, response, cluster_id, redaction));
    match (response.status, accepted) {
        (200..=299, Some(accepted)) => (Outcome::Accepted(accepted), RetryAdvice::Never),
        (300..=407 | 409..=499, _) => {
            let advice = advice(response, reply.as_ref());
            (Outcome::Failed(Error::Refused(detail(response, reply, redaction))), advice)
        }
        _ => {
            let detail = detail(response, reply, redaction);
            (Outcome::Failed(Error::Unknown(detail)), RetryAdvice::Never)
        }
    }
}

/// The same for an exchange without a whole reply: what counts is whether a byte had left.
fn from_failure(failure: &Failure, redaction: &Redaction<'_>) -> Classified {
    let cause = redact(&failure.cause, redaction.secrets);
    if !failure.sent {
        let message = format!("nothing was sent: {cause}");
        let hint = unsent_hint(&cause).map(str::to_owned);
        let detail = Detail { message, cause: Some(cause), hint, ..Detail::default() };
        let advice = match failure.permanent {
            true => RetryAdvice::Never,
            false => RetryAdvice::After(None),
        };
        return (Outcome::Failed(Error::Unsent(Box::new(detail))), advice);
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
    (Outcome::Failed(Error::Unknown(detail)), RetryAdvice::Never)
}

fn accepted(
    reply: &Reply,
    response: &HttpResponse,
    cluster_id: &str,
    redaction: &Redaction<'_>,
) -> Option<Accepted> {
    let clean = |text: &String| one_line(text, redaction);
    Some(Accepted {
        cluster_id: reply.cluster_id.as_ref().map_or_else(|| cluster_id.to_owned(), clean),
        task_id: reply.task_id.as_ref().map(clean)?,
        request_id: reply.request_id.as_ref().or(response.request_id.as_ref()).map(clean),
        is_adopted: false,
    })
}

fn advice(response: &HttpResponse, reply: Option<&Reply>) -> RetryAdvice {
    let code = reply.and_then(|reply| reply.code.as_deref()).unwrap_or_default();
    match (response.status, response.date) {
        (429, _) => RetryAdvice::After(response.retry_after),
        _ if code.starts_with("Throttling") => RetryAdvice::After(response.retry_after),
        (_, Some(date)) if code == "InvalidTimeStamp.Expired" => RetryAdvice::WithClock(date),
        _ => RetryAdvice::Never,
    }
}

/// All that a reply tells, redacted; its raw text where it tells nothing.
fn detail(response: &HttpResponse, reply: Option<Reply>, redaction: &Redaction<'_>) -> Box<Detail> {
    let raw = match &reply {
        None if !response.body.is_empty() => Some(raw(&response.body, redaction)),
        _ => None,
    };
    let reply = reply.unwrap_or_default();
    let hint = hint(response.status, &reply, redaction);
    let code = reply.code.as_ref().map(|code| one_line(code, redaction));
    let said = reply.message.as_ref().map(|message| one_line(message, redaction));
    let answer = match (&code, &said) {
        (Some(code), Some(said)) => format!("{code}: {said}"),
        (Some(code), None) => code.clone(),
        (None, said) => {
            let said = said.as_ref().map(|said| format!(": {said}"));
            format!("HTTP {}{}", response.status, said.unwrap_or_default())
        }
    };
    let message = match response.status {
        300..=407 | 409..=499 => format!("the service refused the request: {answer}"),
        200..=299 => "the service answered without a task id: nodes may be on their way".to_owned(),
        _ => format!("the service answered {answer}: nodes may be on their way"),
    };
    let request_id = reply.request_id.as_ref().or(response.request_id.as_ref());
    Box::new(Detail {
        message,
        code,
        http_status: Some(response.status),
        request_id: request_id.map(|id| one_line(id, redaction)),
        hint,
        cause: None,
        candidates: None,
        raw,
    })
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
