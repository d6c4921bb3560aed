//! What the end of a read means. A read buys nothing and is repeated freely: what counts is only whether asking
//! again may help.

use super::detail::{A_READ, of_read};
use super::hints::unsent;
use super::reply_hints::is_not_found;
use super::{Classified, Redaction, RetryAdvice};
use crate::api::Operation;
use crate::api::reply::Reply;
use crate::error::{Detail, Error};
use crate::redact::redact;
use crate::transport::cause::Why;
use crate::transport::{Failure, HttpResponse};

/// Reads the body of an answer. The message says why it is none.
pub(crate) type Parse<'a, T> = &'a dyn Fn(&HttpResponse, &Redaction<'_>) -> Result<T, &'static str>;

/// Classifies the end of a read.
pub(crate) fn classify<T>(
    operation: &Operation,
    end: &Result<HttpResponse, Failure>,
    redaction: &Redaction<'_>,
    parse: Parse<'_, T>,
) -> Classified<T> {
    match end {
        Ok(response) => from_reply(operation, response, redaction, parse),
        Err(failure) => from_failure(operation, failure, redaction),
    }
}

fn from_reply<T>(
    operation: &Operation,
    response: &HttpResponse,
    redaction: &Redaction<'_>,
    parse: Parse<'_, T>,
) -> Classified<T> {
    let answer = match response.status {
        200..=299 if response.oversize => Some(Err("the reply is too large")),
        200..=299 => Some(parse(response, redaction)),
        _ => None,
    };
    let why = match answer {
        Some(Ok(answer)) => return (Ok(answer), RetryAdvice::Never),
        Some(Err(why)) => Some(why),
        None => None,
    };
    let reply = Reply::read(&response.body).unwrap_or_default();
    let mut detail = of_read(operation, &reply, response, redaction);
    if let Some(why) = why {
        detail.cause = Some(why.to_owned());
    }
    match response.status {
        300..=407 | 409..=499 => (Err(Error::Refused(detail)), refused(response, &reply)),
        _ => (Err(Error::Unknown(detail)), RetryAdvice::After(response.retry_after)),
    }
}

/// Whether a refused read may have another answer.
fn refused(response: &HttpResponse, reply: &Reply) -> RetryAdvice {
    match (reply.decisive_code(), response.date) {
        _ if response.status == 429 || reply.is_throttling() => {
            RetryAdvice::After(response.retry_after)
        }
        ("SignatureNonceUsed", _) => RetryAdvice::After(None),
        ("InvalidTimeStamp.Expired" | "IllegalTimestamp", Some(date)) => {
            RetryAdvice::WithClock(date)
        }
        ("SignatureDoesNotMatch" | "MissingSecurityToken", _) => RetryAdvice::WithKeys,
        (code, _)
            if code.starts_with("InvalidSecurityToken")
                || code.starts_with("InvalidAccessKeyId") =>
        {
            RetryAdvice::WithKeys
        }
        _ if is_not_found(response, reply) => RetryAdvice::Later,
        _ => RetryAdvice::Never,
    }
}

fn from_failure<T>(
    operation: &Operation,
    failure: &Failure,
    redaction: &Redaction<'_>,
) -> Classified<T> {
    let cause = redact(&failure.cause.to_string(), redaction.secrets);
    let is_over = matches!(failure.cause.why, Why::GivenUp | Why::Forked);
    let advice = match failure.permanent || is_over {
        true => RetryAdvice::Never,
        false => RetryAdvice::After(None),
    };
    let action = operation.action;
    let mut detail = match &failure.partial {
        Some(partial) => of_read(operation, &Reply::default(), partial, redaction),
        None => Box::<Detail>::default(),
    };
    let error = match failure.sent {
        true => {
            detail.message = format!("{action} got no whole reply: {cause}; {A_READ}");
            detail.hint = Some("ask again".to_owned());
            Error::Unknown as fn(Box<Detail>) -> Error
        }
        false => {
            detail.message = format!("{action} was not sent: {cause}; {A_READ}");
            detail.hint = unsent(&failure.cause);
            Error::Unsent
        }
    };
    detail.cause = Some(cause);
    (Err(error(detail)), advice)
}
