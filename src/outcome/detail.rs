//! All that a reply tells, made fit for a document.

use super::reply_hints::{self, of_purchase};
use super::text::{id, json, message, one_line, raw};
use super::{LOOK_FIRST, Redaction};
use crate::api::Operation;
use crate::api::reply::Reply;
use crate::error::Detail;
use crate::transport::HttpResponse;

/// What every failure of a read says of itself.
pub(super) const A_READ: &str = "it is a read, and buys nothing";

/// What the service said of a purchase; its raw text where no message was found in it.
pub(super) fn described(
    reply: &Reply,
    response: &HttpResponse,
    redaction: &Redaction<'_>,
) -> Box<Detail> {
    let mut detail = told(reply, response, redaction);
    let answer = answer(&detail.code, reply, response, redaction);
    let has_said = detail.code.is_some() || reply.message.is_some();
    detail.message = match response.status {
        _ if reply.decisive_code() == "SignatureNonceUsed" => format!(
            "the service has seen this request before ({answer}), and an earlier copy may have been \
             executed: nodes may be on their way"
        ),
        300..=407 | 409..=499 => format!("the service refused the request: {answer}"),
        200..=299 if has_said => {
            format!("the service answered without a task id ({answer}): nodes may be on their way")
        }
        200..=299 => "the service answered without a task id: nodes may be on their way".to_owned(),
        _ => format!("the service answered {answer}: nodes may be on their way"),
    };
    detail.hint = of_purchase(response, reply, redaction);
    detail
}

/// What the service said of a read.
pub(super) fn of_read(
    operation: &Operation,
    reply: &Reply,
    response: &HttpResponse,
    redaction: &Redaction<'_>,
) -> Box<Detail> {
    let mut detail = told(reply, response, redaction);
    let answer = answer(&detail.code, reply, response, redaction);
    let action = operation.action;
    detail.message = match response.status {
        300..=407 | 409..=499 => format!("the service refused {action}: {answer}; {A_READ}"),
        _ => format!("{action} has no answer that can be trusted: {answer}; {A_READ}"),
    };
    detail.hint = reply_hints::of_read(operation, response, reply, redaction);
    detail
}

/// The service's answer on one line.
fn answer(
    code: &Option<String>,
    reply: &Reply,
    response: &HttpResponse,
    redaction: &Redaction<'_>,
) -> String {
    let said = reply.message.as_ref().map(|text| message(text, redaction));
    match (code, said) {
        (Some(code), Some(said)) => format!("{code}: {said}"),
        (Some(code), None) => code.clone(),
        (None, Some(said)) => format!("HTTP {}: {said}", response.status),
        (None, None) => format!("HTTP {}", response.status),
    }
}

/// What the reply itself tells.
fn told(reply: &Reply, response: &HttpResponse, redaction: &Redaction<'_>) -> Box<Detail> {
    let has_message = reply.message.is_some() || response.body.is_empty();
    Box::new(Detail {
        code: reply.code.as_ref().map(|code| one_line(code, redaction)),
        http_status: Some(response.status),
        request_id: id(reply.request_id.as_ref().or(response.request_id.as_ref()), redaction),
        retry_after_ms: response.retry_after.and_then(|pause| pause.as_millis().try_into().ok()),
        access_denied_detail: reply.access_denied_detail.as_ref().and_then(|d| json(d, redaction)),
        raw: (!has_message).then(|| raw(&response.body, redaction)),
        ..Detail::default()
    })
}

/// What a reply that cannot be trusted said, with its raw text.
pub(super) fn contradictory(
    reply: &Reply,
    response: &HttpResponse,
    why: &str,
    redaction: &Redaction<'_>,
) -> Box<Detail> {
    let mut detail = described(reply, response, redaction);
    detail.message = format!(
        "the answer (HTTP {}) is not to be trusted, since {why}: nodes may be on their way",
        response.status
    );
    detail.hint = Some(LOOK_FIRST.to_owned());
    detail.raw = Some(raw(&response.body, redaction));
    detail.names_a_task = reply.task_id.is_some() || reply.has_inner_task;
    detail
}
