//! The routes under `/_local-ack/`, for tests that cannot link this library. They are not signed
//! and not recorded.

use crate::fault::Fault;
use crate::mask;
use crate::record::{Purchase, Seen};
use crate::reply::Reply;
use crate::shared::Shared;
use crate::sync::lock;
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) fn answer(shared: &Shared, method: &str, target: &str, body: &[u8]) -> Reply {
    let path = target.split('?').next().unwrap_or_default();
    let text = String::from_utf8_lossy(body);
    let result = match (method, path.trim_start_matches("/_local-ack/")) {
        ("POST", "faults") => queue(shared, text.trim()).map(|count| json!({"queued": count})),
        ("DELETE", "faults") => {
            shared.faults.clear();
            Ok(json!({}))
        }
        ("GET", "ledger") => Ok(lock(&shared.ledger).iter().map(purchase).collect()),
        ("GET", "requests") => Ok(shared.log.all().iter().map(seen).collect()),
        ("POST", "tasks") => add_task(shared, &text),
        ("POST", path) if path.starts_with("tasks/") => task(shared, &path[6..], &text),
        _ => {
            return Reply::json(404, &json!({"error": "no such control route"}), shared.now());
        }
    };
    match result {
        Ok(document) => Reply::json(200, &document, shared.now()),
        Err(error) => Reply::json(400, &json!({"error": error}), shared.now()),
    }
}

/// A fault's text, a fault as JSON, `{"cluster_id":…,"fault":…}`, `{"reads":true,"fault":…}` (`"every"`
/// for all of them from now on), or a list of such. All of a list is queued, or nothing.
fn queue(shared: &Shared, text: &str) -> Result<usize, String> {
    let parsed = if text.starts_with(['{', '[', '"']) {
        serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?
    } else {
        Value::from(text)
    };
    let entries = match parsed {
        Value::Array(entries) => entries,
        other => vec![other],
    };
    let faults: Vec<(Value, Fault)> =
        entries.into_iter().map(addressed).collect::<Result<_, _>>()?;
    let count = faults.len();
    for (address, fault) in faults {
        match (address.get("cluster_id").and_then(Value::as_str), address.get("reads")) {
            (Some(cluster_id), _) => shared.faults.push_for(cluster_id, fault),
            (None, Some(Value::Bool(true))) => shared.faults.push_for_reads(fault),
            (None, Some(Value::String(every))) if every == "every" => {
                shared.faults.keep_for_reads(fault);
            }
            _ => shared.faults.push(fault),
        }
    }
    Ok(count)
}

/// The entry, for the queue it names, and its fault.
fn addressed(entry: Value) -> Result<(Value, Fault), String> {
    let mut own = entry.clone();
    if let Some(members) = own.as_object_mut() {
        members.remove("cluster_id");
        members.remove("reads");
        if let Some(inner @ Value::Object(_)) = members.get("fault") {
            own = inner.clone();
        }
    }
    Ok((entry, Fault::from_json(&own)?))
}

/// `{"cluster_id":"c1","count":1,"age_ms":0}`
fn add_task(shared: &Shared, text: &str) -> Result<Value, String> {
    let wanted: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    let cluster_id = wanted["cluster_id"].as_str().ok_or("\"cluster_id\" is missing")?;
    let age = Duration::from_millis(wanted["age_ms"].as_u64().unwrap_or_default());
    let count = wanted["count"].as_i64();
    Ok(json!({"task_id": shared.tasks.add_aged(cluster_id, count, shared.now(), age)}))
}

/// `{"state":"fail","patch":{…}}`
fn task(shared: &Shared, id: &str, text: &str) -> Result<Value, String> {
    let wanted: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    let state = wanted.get("state").and_then(Value::as_str).ok_or("\"state\" is missing")?;
    let patch = wanted.get("patch").and_then(Value::as_object).cloned().unwrap_or_default();
    match shared.tasks.force(id, state, patch) {
        true => Ok(json!({})),
        false => Err(format!("no task {id}")),
    }
}

fn purchase(entry: &Purchase) -> Value {
    json!({
        "cluster_id": entry.cluster_id,
        "task_id": entry.task_id,
        "request_id": entry.request_id,
        "count": entry.count,
        "body": mask::body(entry.body.as_bytes()),
        "nonce": entry.nonce,
        "connection": entry.connection,
        "created_unix_ms": entry.created_unix_ms,
    })
}

fn seen(entry: &Seen) -> Value {
    let headers =
        entry.headers.iter().map(|(name, value)| json!([name, mask::header(name, value)]));
    json!({
        "method": entry.method,
        "target": entry.target,
        "headers": headers.collect::<Vec<_>>(),
        "body": mask::body(&entry.body),
        "connection": entry.connection,
        "status": entry.status,
        "executed": entry.executed,
        "body_complete": entry.body_complete,
    })
}
