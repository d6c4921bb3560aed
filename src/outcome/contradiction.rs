//! Replies that cannot be trusted, whatever they say: what contradicts itself, or is an answer to somebody else.

use super::text::is_id;
use super::{Purchase, Redaction};
use crate::api::reply::Reply;
use crate::json::Raw;
use crate::transport::HttpResponse;

/// Why a reply that could not be read decides nothing, if it is more than a page, plain text or nothing.
pub(super) fn undecodable(read: Option<&Reply>, response: &HttpResponse) -> Option<&'static str> {
    if response.oversize {
        return Some("it is longer than 1 MiB and was not read to its end");
    }
    let is_refusal = (300..=499).contains(&response.status);
    match read {
        None if is_refusal && is_broken_document(&response.body) => {
            Some("its document cannot be decoded")
        }
        None if response.ends_by_close && !response.body.is_empty() => {
            Some("it has no length and no whole document, and may have been cut off")
        }
        _ => None,
    }
}

/// Whether a body that could not be read was meant to be one of the service's documents.
fn is_broken_document(body: &[u8]) -> bool {
    const PAGES: [&[u8]; 12] = [
        b"<!", b"<html", b"<head", b"<title", b"<body", b"<h1", b"<h2", b"<p", b"<div", b"<center",
        b"<pre", b"<meta",
    ];
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    let begins =
        |page: &&[u8]| body.get(..page.len()).is_some_and(|start| start.eq_ignore_ascii_case(page));
    match body.first() {
        Some(b'{') => !is_whole_json(body),
        Some(b'[') => true,
        Some(b'<') => !PAGES.iter().any(begins),
        _ => false,
    }
}

/// JSON that says nothing we know is whole all the same.
fn is_whole_json(body: &[u8]) -> bool {
    let text = std::str::from_utf8(body);
    text.is_ok_and(|text| Raw::parse(text).is_ok() && Raw::parse(text).is_ok_and(has_no_task))
}

fn has_no_task(document: Raw<'_>) -> bool {
    !["task_id\"", "TaskId\""].iter().any(|name| document.text().contains(name))
}

/// Why the reply is no trustworthy answer to `purchase`, if it is none.
pub(super) fn contradiction(
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
    if (task_id.is_some() || reply.has_inner_task) && !is_success {
        return Some("it is no success and names a task all the same");
    }
    if task_id.is_some() && (is_error_code(reply, response.status) || reply.has_inner_error) {
        return Some("it names a task beside an error");
    }
    if task_id.is_some_and(|id| !is_id(id, redaction)) {
        return Some(
            "the task id in it is none: an id has 1 to 128 printable characters and holds no secret",
        );
    }
    if response.has_surplus && !is_success {
        return Some("more than one answer came for one request");
    }
    if response.reused && is_somebody_elses(reply, response, purchase) {
        return Some("it came over a used connection and may be the answer to an earlier request");
    }
    None
}

/// A connection that brought two answers to one request brings each later one to the wrong request. A request
/// id tells them apart, and without one only a task that nobody was given yet.
fn is_somebody_elses(reply: &Reply, response: &HttpResponse, purchase: &Purchase<'_>) -> bool {
    let ids = [reply.request_id.as_deref(), response.request_id.as_deref()];
    let mut ids = ids.into_iter().flatten().filter(|id| !id.trim().is_empty()).peekable();
    if ids.peek().is_none() {
        let is_refusal = !(200..=299).contains(&response.status);
        return is_refusal || reply.task_id.as_deref().is_some_and(purchase.is_known_task);
    }
    ids.any(purchase.is_known_request)
}

/// Some replies repeat the HTTP status as their code.
fn is_error_code(reply: &Reply, status: u16) -> bool {
    reply.code.as_deref().is_some_and(|code| code != status.to_string())
}
