//! What a fault makes of an answer before it goes out.

use crate::clock;
use crate::fault::{Fault, Shape};
use crate::ids;
use crate::refusal::render;
use crate::reply::Reply;
use crate::service::Document;
use serde_json::{Value, json};

const PADDING: usize = 1536 * 1024;
/// A list that never ends says how long it is, nevertheless.
const ENDLESS: usize = 1_000_000;

/// Bends the success document, or the list, as the fault asks.
pub(crate) fn bend_document(fault: Option<&Fault>, document: &mut Document) {
    match fault {
        Some(Fault::NoTaskId { .. }) => {
            document.remove("task_id");
        }
        Some(Fault::Huge { .. }) => {
            document.insert("padding".into(), Value::from("x".repeat(PADDING)));
        }
        Some(Fault::OtherCluster { .. }) => {
            document.insert("cluster_id".into(), "c-of-somebody-else".into());
        }
        Some(Fault::TaskId { value, .. }) => {
            document.insert("task_id".into(), value.as_str().into());
        }
        Some(Fault::Contradiction { code, .. }) if !code.is_empty() => {
            document.insert("code".into(), code.as_str().into());
            document.insert("message".into(), "made to fail".into());
        }
        Some(Fault::Created(form)) => {
            let write = |created: &mut Value| {
                *created = form.write(created.as_str().unwrap_or_default());
            };
            document.get_mut("created").into_iter().for_each(write);
            tasks(document).iter_mut().filter_map(|task| task.get_mut("created")).for_each(write);
        }
        Some(Fault::EndlessList) => endless(document),
        _ => {}
    }
}

fn tasks(document: &mut Document) -> &mut [Value] {
    document.get_mut("tasks").and_then(Value::as_array_mut).map_or(&mut [], Vec::as_mut_slice)
}

/// Fills the page, whichever it is, with tasks of long ago.
fn endless(document: &mut Document) {
    let Some(info) = document.get_mut("page_info") else {
        return;
    };
    info["total_count"] = ENDLESS.into();
    let size = info["page_size"].as_u64().unwrap_or_default() as usize;
    let Some(Value::Array(tasks)) = document.get_mut("tasks") else {
        return;
    };
    const CREATED: i64 = 1_577_836_800;
    let date = clock::beijing(CREATED);
    tasks.resize_with(size, || {
        json!({"task_id": ids::task_id(CREATED), "task_type": "cluster_scaleout",
            "state": "success", "created": date, "updated": date, "error": {}})
    });
}

/// Replaces what the fault replaces of the reply; `now` is by the server's clock.
pub(crate) fn bend_reply(fault: Option<&Fault>, reply: &mut Reply, request_id: &str, now: i64) {
    match fault {
        Some(Fault::GarbageBody { .. }) => {
            reply.body = b"it is 200 o'clock & all is well {\x00\xff".to_vec();
        }
        Some(Fault::Body { status, value, .. }) => {
            reply.status = *status;
            reply.body = value.clone().into_bytes();
            reply.set("Content-Type", "application/json;charset=utf-8");
        }
        Some(Fault::Contradiction { status, .. }) => reply.status = *status,
        Some(Fault::TwoTaskIds { .. }) => add_task_id(reply, now),
        Some(Fault::FrontEnd { status, date_offset, .. }) => {
            let (media, body) = render(Shape::Html, *status, "", "front end", request_id);
            let date = clock::http_date(now.saturating_add(*date_offset));
            *reply = Reply::new(*status, media, body, request_id, now);
            // It knows nothing of the service's ids.
            reply.headers.retain(|(name, _)| name != "x-acs-request-id");
            reply.set("Date", &date);
        }
        Some(Fault::Status { status, shape, code, message, headers, .. }) => {
            let (media, body) = render(*shape, *status, code, message, request_id);
            reply.status = *status;
            reply.body = body;
            reply.set("Content-Type", media);
            for (name, _) in headers {
                reply.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
            }
            for (name, value) in headers {
                reply.add(name, value);
            }
        }
        _ => {}
    }
}

/// A second member of the name, which no map holds.
fn add_task_id(reply: &mut Reply, now: i64) {
    let id = ids::task_id(now);
    if reply.body.pop_if(|last| *last == b'}').is_some() {
        reply.body.extend_from_slice(format!(",\"task_id\":\"{id}\"}}").as_bytes());
    } else {
        reply.body.extend_from_slice(format!("<task_id>{id}</task_id>\n").as_bytes());
    }
}
