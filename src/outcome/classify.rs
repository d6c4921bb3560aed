//! The table of the contract: what a reply, or the want of one, means for a purchase.

use super::contradiction::{contradiction, undecodable};
use super::detail::{self, described};
use super::hints::unsent;
use super::text::id;
use super::{Accepted, Classified, LOOK_FIRST, Purchase, Redaction, RetryAdvice};
use crate::api::reply::Reply;
use crate::error::{Detail, Error};
use crate::redact::redact;
use crate::transport::{Failure, HttpResponse};

/// Classifies the end of a purchase.
pub(crate) fn classify(
    end: &Result<HttpResponse, Failure>,
    purchase: &Purchase<'_>,
    redaction: &Redaction<'_>,
) -> Classified<Accepted> {
    match end {
        Ok(response) => from_reply(response, purchase, redaction),
        Err(failure) => from_failure(failure, redaction),
    }
}

/// The table for a whole reply. In doubt it is unknown: what contradicts itself comes first.
fn from_reply(
    response: &HttpResponse,
    purchase: &Purchase<'_>,
    redaction: &Redaction<'_>,
) -> Classified<Accepted> {
    let read = Reply::read(&response.body).filter(|_| !response.oversize);
    if let Some(why) = undecodable(read.as_ref(), response) {
        return unknown(detail::contradictory(&Reply::default(), response, why, redaction));
    }
    let reply = read.unwrap_or_default();
    if let Some(why) = contradiction(&reply, response, purchase, redaction) {
        return unknown(detail::contradictory(&reply, response, why, redaction));
    }
    match response.status {
        200..=299 if reply.task_id.is_some() => accepted(reply, response, purchase, redaction),
        300..=407 | 409..=499 if reply.decisive_code() != "SignatureNonceUsed" => {
            let detail = described(&reply, response, redaction);
            (Err(Error::Refused(detail)), advice(response, &reply))
        }
        _ => unknown(described(&reply, response, redaction)),
    }
}

fn unknown(detail: Box<Detail>) -> Classified<Accepted> {
    (Err(Error::Unknown(detail)), RetryAdvice::Never)
}

/// The ids have been looked at: they are passed on as they came.
fn accepted(
    reply: Reply,
    response: &HttpResponse,
    purchase: &Purchase<'_>,
    redaction: &Redaction<'_>,
) -> Classified<Accepted> {
    let accepted = Accepted {
        cluster_id: purchase.cluster_id.to_owned(),
        task_id: reply.task_id.unwrap_or_default(),
        request_id: id(reply.request_id.as_ref().or(response.request_id.as_ref()), redaction),
        is_adopted: false,
    };
    (Ok(accepted), RetryAdvice::Never)
}

/// Of a refused purchase.
fn advice(response: &HttpResponse, reply: &Reply) -> RetryAdvice {
    match (response.status, reply.decisive_code(), response.date) {
        // It may answer an earlier request, and this one may be executed yet.
        _ if response.reused || response.status < 400 => RetryAdvice::Never,
        (429, ..) => RetryAdvice::After(response.retry_after),
        _ if reply.is_throttling() => RetryAdvice::After(response.retry_after),
        (_, "InvalidTimeStamp.Expired" | "IllegalTimestamp", Some(date)) => {
            RetryAdvice::WithClock(date)
        }
        _ => RetryAdvice::Never,
    }
}

/// The table for an exchange without a whole reply: what counts is whether a byte had left.
fn from_failure(failure: &Failure, redaction: &Redaction<'_>) -> Classified<Accepted> {
    let cause = redact(&failure.cause.to_string(), redaction.secrets);
    if !failure.sent {
        let message = format!("nothing was sent: {cause}");
        let hint = unsent(&failure.cause);
        let detail = Detail { message, cause: Some(cause), hint, ..Detail::default() };
        let advice = match failure.permanent {
            true => RetryAdvice::Never,
            false => RetryAdvice::After(None),
        };
        return (Err(Error::Unsent(Box::new(detail))), advice);
    }
    let mut detail = match &failure.partial {
        Some(partial) => described(&Reply::default(), partial, redaction),
        None => Box::default(),
    };
    let what = match failure.cause.is_time_out() {
        true => "no whole reply came in time",
        false => "no whole reply came",
    };
    detail.message = format!("the request was sent, but {what}: nodes may be on their way");
    detail.hint = Some(LOOK_FIRST.to_owned());
    detail.cause = Some(cause);
    unknown(detail)
}
