//! Correct answers: documents and tasks.

mod common;

use common::{CLUSTER, Client, Request};
use local_ack::{LocalAck, Options};
use serde_json::{Value, json};
use std::time::Duration;

fn start() -> (LocalAck, Client) {
    let server = LocalAck::start().expect("a server");
    let client = Client::new(server.addr());
    (server, client)
}

fn is_form(text: &str, form: &str) -> bool {
    let same = |(character, form): (char, char)| match form {
        'X' => character.is_ascii_digit() || ('A'..='F').contains(&character),
        'x' => character.is_ascii_digit() || ('a'..='f').contains(&character),
        '9' => character.is_ascii_digit(),
        other => character == other,
    };
    text.len() == form.len() && text.chars().zip(form.chars()).all(same)
}

#[test]
fn a_purchase_is_answered_and_entered() {
    let (server, mut client) = start();
    let reply = client.call(&Request::scale_out(CLUSTER).roa());
    let document = reply.json();
    let ledger = server.ledger();
    assert_eq!(document["cluster_id"], CLUSTER);
    assert_eq!(document["task_id"], *ledger[0].task_id);
    assert_eq!(document["request_id"], *ledger[0].request_id);
    assert_eq!(document["request_id"], *reply.headers["x-acs-request-id"]);
    assert!(is_form(&ledger[0].request_id, "XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX"));
    assert!(is_form(&ledger[0].task_id, "T-xxxxxxxxxxxxxxxxxxxxxxxx"));
    assert_eq!((ledger[0].count, ledger[0].body.as_str()), (Some(2), r#"{"count":2}"#));
    assert_eq!(ledger[0].connection, 1);
    assert_eq!(reply.headers["connection"], "keep-alive");
    let seen = server.requests();
    let nonce = |(name, _): &&(String, String)| name == "x-acs-signature-nonce";
    let nonce = seen[0].headers.iter().find(nonce).map(|(_, value)| value.as_str());
    assert_eq!(nonce, Some(ledger[0].nonce.as_str()));
    assert_eq!((seen[0].method.as_str(), seen[0].status, seen[0].executed), ("POST", 200, true));
    assert_eq!(seen[0].target, format!("/api/v2/clusters/{CLUSTER}"));
    assert_eq!(seen[0].body, br#"{"count":2}"#);
}

#[test]
fn xml_has_no_root_and_is_the_answer_where_json_was_not_asked_for() {
    let (server, mut client) = start();
    let asked = Request::scale_out(CLUSTER).with("Accept", "application/xml").roa();
    let silent = Request::scale_out("a&b").without("Accept").roa();
    for (request, cluster) in [(asked, CLUSTER), (silent, "a&amp;b")] {
        let text = client.call(&request).text();
        let entry = server.ledger().pop().expect("a purchase");
        let (request, task) = (entry.request_id, entry.task_id);
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        assert_eq!(
            lines,
            [
                format!("<cluster_id>{cluster}</cluster_id>"),
                format!("<request_id>{request}</request_id>"),
                format!("<task_id>{task}</task_id>")
            ]
        );
    }
    let unsigned = client.call(&Request::scale_out(CLUSTER).without("Accept")).text();
    assert!(unsigned.contains("<Error><RequestId>"));
    assert!(unsigned.contains("<Code>IncompleteSignature</Code>"));
}

#[test]
fn a_task_is_described() {
    let (server, mut client) = start();
    let id = client.call(&Request::scale_out(CLUSTER).roa()).json()["task_id"].clone();
    let id = id.as_str().expect("an id");
    let task = client.call(&Request::task(id).roa()).json();
    assert_eq!(task["cluster_id"], CLUSTER);
    assert_eq!(
        (&task["state"], &task["task_type"]),
        (&json!("success"), &json!("cluster_scaleout"))
    );
    let created = task["created"].as_str().unwrap_or_default();
    assert!(is_form(created, "9999-99-99T99:99:99+08:00"), "{created}");
    let results = task["task_result"].as_array().expect("results");
    assert_eq!(results.len(), 2);
    assert!(results.iter().all(|it| it["status"] == "success"));
    assert_ne!(results[0]["data"], results[1]["data"]);
    let patch = json!({"error": {"code": "NoStock", "message": "sold out"}});
    assert!(server.set_task(id, "fail", patch));
    let task = client.call(&Request::task(id).acs3()).json();
    assert_eq!((&task["state"], &task["error"]["code"]), (&json!("fail"), &json!("NoStock")));
    assert!(!server.set_task("T-none", "fail", Value::Null));
    assert_eq!(client.call(&Request::task("T-none").roa()).status, 404);
    let xml = client.call(&Request::task(id).without("Accept").roa()).text();
    assert!(xml.contains("<state>fail</state>") && xml.contains("<code>NoStock</code>"), "{xml}");
}

#[test]
fn a_task_runs_for_as_long_as_it_is_told() {
    let options = Options { task_length: Duration::from_secs(3600), ..Options::default() };
    let server = LocalAck::with(options).expect("a server");
    let id = server.add_task(CLUSTER);
    let task = Client::new(server.addr()).call(&Request::task(&id).roa()).json();
    assert_eq!(task["state"], "running");
    assert_eq!(task["task_result"][0]["status"], "initial");
}

#[test]
fn tasks_are_listed_newest_first_in_pages() {
    let (server, mut client) = start();
    let ids: Vec<String> = (0..12).map(|_| server.add_task(CLUSTER)).collect();
    server.add_task("another");
    let mut list = |query: &str| client.call(&Request::tasks(CLUSTER, query).roa()).json();
    let names = |list: &Value| -> Vec<String> {
        let tasks = list["tasks"].as_array().expect("tasks");
        tasks.iter().map(|it| it["task_id"].as_str().unwrap_or_default().to_string()).collect()
    };
    let newest: Vec<String> = ids.iter().rev().cloned().collect();
    let first = list("");
    assert_eq!(names(&first), newest[..10]);
    let info = json!({"page_number": 1, "page_size": 10, "total_count": 12});
    assert_eq!(first["page_info"], info);
    assert!(first["tasks"][0].get("task_result").is_none());
    assert_eq!(names(&list("?page_size=5&page_number=3")), newest[10..]);
    assert!(names(&list("?page_size=5&page_number=4")).is_empty());
    let reply = client.call(&Request::tasks(CLUSTER, "?page_size=0").roa());
    assert_eq!(reply.status, 400);
}

#[test]
fn a_task_may_appear_late() {
    let options = Options { task_delay: Duration::from_secs(3600), ..Options::default() };
    let server = LocalAck::with(options).expect("a server");
    let mut client = Client::new(server.addr());
    let id = client.call(&Request::scale_out(CLUSTER).roa()).json()["task_id"].clone();
    let list = client.call(&Request::tasks(CLUSTER, "").roa()).json();
    assert_eq!((&list["tasks"], &list["page_info"]["total_count"]), (&json!([]), &json!(0)));
    let task = Request::task(id.as_str().expect("an id")).roa();
    assert_eq!(client.call(&task).status, 200);
}

#[test]
fn many_threads_get_one_purchase_each() {
    let server = LocalAck::start().expect("a server");
    let addr = server.addr();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || {
                let mut client = Client::new(addr);
                for _ in 0..50 {
                    let request = Request::scale_out(&format!("c{thread}")).roa();
                    assert_eq!(client.call(&request).status, 200);
                }
            });
        }
    });
    let mut ids: Vec<String> = server.ledger().into_iter().map(|it| it.task_id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), server.connections()), (400, 8));
}
