//! Replies that cannot be trusted, whatever they say: what contradicts itself, or is an answer to somebody else.

use super::text::is_id;
use super::{Purchase, Redaction};
use crate::api::reply::Reply;
use crate::transport::HttpResponse;

/// Why the reply is no trustworthy answer to `purchase`, if it is none.
pub fn contradiction(
    reply: &Reply,
    response: &HttpResponse,
    purchase: &Purchase<'_>,
    redaction: &Redaction<'_>,
) -> Option<&'static str> {
    let is_success = (200..=299).contains(&response.status);
    let task_id = reply.task_id.as_deref();
    if reply.is_contradictory {
        return Some(
            "it names more than one task or cluster, or a task by something that is no text",
        );
    }
    if reply.cluster_id.as_deref().is_some_and(|id| id != purchase.cluster_id) {
        return Some("it is about another cluster than the one asked for");
    }
    if task_id.is_some() && !is_success {
        return Some("it is no success and names a task all the same");
    }
    if task_id.is_some() && is_error_code(reply, response.status) {
        return Some("it names a task beside an error code");
    }
    if task_id.is_some_and(|id| !is_id(id, redaction)) {
        return Some("the task id in it is none: an id has 1 to 128 printable characters");
    }
    if response.reused && is_somebody_elses(reply, response, purchase) {
        return Some("it came over a used connection and may be the answer to an earlier request");
    }
    None
}

/// A connection that brought two answers to one request brings each later one to the wrong request.
fn is_somebody_elses(reply: &Reply, response: &HttpResponse, purchase: &Purchase<'_>) -> bool {
    let ids = [reply.request_id.as_deref(), response.request_id.as_deref()];
    let mut ids = ids.into_iter().flatten().peekable();
    let is_refusal = !(200..=299).contains(&response.status);
    let is_anonymous = is_refusal && ids.peek().is_none();
    is_anonymous || ids.any(purchase.is_known_request)
}

/// Some replies repeat the HTTP status as their code.
fn is_error_code(reply: &Reply, status: u16) -> bool {
    reply.code.as_deref().is_some_and(|code| code != status.to_string())
}
