//! One task in full. Read value by value, not as a tree: see [`super::from_json`].

use super::member::{error, not_an_error, object, objects, text, text_or_number};
use crate::json::{Members, Raw};
use crate::task::{Event, Nodes, Stage, Task, TaskState};

/// Reads a whole body as the task `task_id`, its texts as they came. The message says why it is none.
pub(crate) fn read_task(body: &[u8], task_id: &str) -> Result<Task, &'static str> {
    let body = std::str::from_utf8(body).map_err(|_| "the reply is not UTF-8")?;
    let body = body.trim_start_matches('\u{feff}');
    let page = Raw::parse(body).map_err(|_| "the reply is not JSON")?;
    let members = page.members().ok_or("the reply is no object")?;
    not_an_error(&members)?;
    let mut ids = members.iter().filter(|(name, _)| name == "task_id").peekable();
    if ids.peek().is_none() {
        return Err("the reply names no task");
    }
    if !ids.all(|(_, id)| id.string().is_some_and(|id| id == task_id)) {
        return Err("the reply is about another task than the one asked for");
    }
    let state = text(&members, "state").filter(|word| !word.trim().is_empty());
    Ok(Task {
        task_id: task_id.to_owned(),
        cluster_id: text(&members, "cluster_id"),
        state: TaskState::of(&state.ok_or("the reply does not say how the task stands")?),
        nodes: nodes(&members),
        stages: objects(&members, "stages").iter().map(stage).collect(),
        error: error(&members),
        events: objects(&members, "events").iter().map(event).collect(),
        created: text_or_number(&members, "created"),
        updated: text_or_number(&members, "updated"),
        is_timed_out: false,
    })
}

/// What became of each instance. `initial`, `initail` in older versions, is none of the two ends.
fn nodes(members: &Members<'_>) -> Nodes {
    let mut nodes = Nodes::default();
    for result in objects(members, "task_result") {
        let Some(id) = text(&result, "data").filter(|id| !id.is_empty()) else { continue };
        let status = text(&result, "status").unwrap_or_default();
        match status.as_str() {
            "success" => nodes.succeeded.push(id),
            "fail" | "failed" => nodes.failed.push(id),
            _ => nodes.pending.push(id),
        }
    }
    nodes
}

fn stage(members: &Members<'_>) -> Stage {
    Stage {
        state: text(members, "state"),
        message: text(members, "message"),
        start_time: text_or_number(members, "start_time"),
        end_time: text_or_number(members, "end_time"),
        outputs: object(members, "outputs"),
    }
}

fn event(members: &Members<'_>) -> Event {
    Event {
        action: text(members, "action"),
        level: text(members, "level"),
        message: text(members, "message"),
        reason: text(members, "reason"),
        source: text(members, "source"),
        timestamp: text_or_number(members, "timestamp"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Task, &'static str> {
        read_task(text.as_bytes(), "T-1")
    }

    #[test]
    fn a_task_is_read_in_full() {
        let task = read(
            r#"{"task_id": "T-1", "cluster_id": "c1", "state": "failed", "created": 1767323045,
                "updated": "2026-01-02 11:04:05",
                "task_result": [{"data": "i-1", "status": "success"}, {"data": "i-2", "status": "failed"},
                    {"data": "i-3", "status": "initail"}, {"data": "i-4", "status": "initial"}, 7, {}],
                "stages": [{"state": "running", "start_time": "2026-01-02 11:04:05", "outputs": {"a": [1]}}],
                "events": [{"action": "a", "timestamp": "1767323045000"}, {"timestamp": 1767323045001}],
                "error": {"code": "QuotaExceed.X", "message": ""}, "target": {"id": "c1"}}"#,
        );
        let task = task.expect("a task");
        assert_eq!(task.state, TaskState::Fail);
        assert_eq!(task.nodes.succeeded, ["i-1"]);
        assert_eq!(task.nodes.failed, ["i-2"]);
        assert_eq!(task.nodes.pending, ["i-3", "i-4"]);
        assert_eq!(task.created.as_deref(), Some("1767323045"));
        assert_eq!(task.stages[0].outputs.as_deref(), Some(r#"{"a":[1]}"#));
        let stamps: Vec<_> = task.events.iter().map(|event| event.timestamp.as_deref()).collect();
        assert_eq!(stamps, [Some("1767323045000"), Some("1767323045001")]);
        let error = task.error.expect("an error");
        assert_eq!((error.code.as_deref(), error.message), (Some("QuotaExceed.X"), None));
    }

    #[test]
    fn an_error_that_says_nothing_is_none() {
        for error in ["{}", "null", r#""""#, r#"{"code": "", "message": ""}"#, "[]"] {
            let text = format!(r#"{{"task_id":"T-1","state":"running","error":{error}}}"#);
            assert_eq!(read(&text).expect("a task").error, None, "{error}");
        }
        let text = r#"{"task_id":"T-1","state":"running","error":"sold out"}"#;
        let error = read(text).expect("a task").error.expect("an error");
        assert_eq!(error.message.as_deref(), Some("sold out"));
    }

    #[test]
    fn a_reply_about_something_else_is_no_task() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"state":"success"}"#,
            r#"{"task_id":"T-2","state":"success"}"#,
            r#"{"task_id":"T-2","task_id":"T-1","state":"success"}"#,
            r#"{"task_id":["T-1"],"state":"success"}"#,
            r#"{"task_id":"T-1"}"#,
            r#"{"task_id":"T-1","state":"success","code":"Forbidden"}"#,
            r#"{"task_id":"T-1","state":" "}"#,
            r#"{"task_id":"T-1","state":7}"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(
            read(&format!(r#"{{"x":{deep},"task_id":"T-1","state":"a","error":{deep}}}"#)).is_ok()
        );
    }
}
