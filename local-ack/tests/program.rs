//! The program and its control routes.

mod common;

use common::{CLUSTER, Client, Request};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

/// Ends its process when the test does, however it does.
struct Running {
    child: Child,
    addr: SocketAddr,
    line: Value,
}

impl Running {
    fn new(args: &[&str]) -> Running {
        let mut child = Command::new(env!("CARGO_BIN_EXE_local-ack"))
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut line = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let line: Value = serde_json::from_str(&line).expect("a line of JSON");
        let url = line["url"].as_str().expect("a url");
        let addr = url.split("//").nth(1).expect("an address").parse().expect("an address");
        Running { child, addr, line }
    }

    fn control(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let length = body.len();
        let head = format!("{method} /_local-ack/{path} HTTP/1.1\r\nContent-Length: {length}\r\n");
        let bytes = format!("{head}Connection: close\r\n\r\n{body}");
        let reply = Client::new(self.addr).send(bytes.as_bytes()).reply();
        (reply.status, reply.json())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_says_where_it_is_and_takes_faults() {
    let running = Running::new(&["--fault", "status:status=503", "--fault=no_task_id"]);
    assert_eq!(running.line["access_key_id"], "testid");
    assert_eq!(running.line["access_key_secret"], "testsecret");
    assert_eq!(running.line["pid"], running.child.id());
    let mut client = Client::new(running.addr);
    assert_eq!(client.call(&Request::scale_out(CLUSTER).roa()).status, 503);
    assert!(client.call(&Request::scale_out(CLUSTER).roa()).json().get("task_id").is_none());
    assert_eq!(client.call(&Request::scale_out(CLUSTER).roa()).status, 200);
}

#[test]
fn it_is_steered_while_it_runs() {
    let running = Running::new(&[]);
    let list = json!([
        "status:status=500",
        {"cluster_id": "c1", "fault": "status", "status": 501},
        {"cluster_id": "c1", "fault": {"fault": "status", "status": 502}},
        {"reads": true, "fault": "status:status=504"},
    ]);
    let queued = running.control("POST", "faults", &list.to_string());
    assert_eq!(queued, (200, json!({"queued": 4})));
    assert_eq!(running.control("POST", "faults", "nonsense").0, 400);
    let mut client = Client::new(running.addr);
    let mut status = |request: Request| client.call(&request.roa()).status;
    assert_eq!(status(Request::scale_out("c1")), 501);
    assert_eq!(status(Request::scale_out("c1")), 502);
    assert_eq!(status(Request::tasks("c1", "")), 504);
    let every = json!({"reads": "every", "fault": "status:status=403"}).to_string();
    assert_eq!(running.control("POST", "faults", &every).0, 200);
    assert_eq!(status(Request::tasks("c1", "")), 403);
    assert_eq!(status(Request::tasks("c1", "")), 403);
    assert_eq!(running.control("DELETE", "faults", "").0, 200);
    assert_eq!(status(Request::tasks("c1", "")), 200);
    assert_eq!(status(Request::scale_out("c1")), 200);
    let ledger = running.control("GET", "ledger", "").1;
    assert_eq!(ledger[0]["cluster_id"], "c1");
    let id = ledger[0]["task_id"].as_str().expect("an id");
    let wish = json!({"state": "fail", "patch": {"current_stage": "x"}}).to_string();
    assert_eq!(running.control("POST", &format!("tasks/{id}"), &wish).0, 200);
    let task = client.call(&Request::task(id).roa()).json();
    assert_eq!((&task["state"], &task["current_stage"]), (&json!("fail"), &json!("x")));
    let wish = json!({"cluster_id": "c1", "count": 3, "age_ms": 3_600_000}).to_string();
    let (status, added) = running.control("POST", "tasks", &wish);
    let id = added["task_id"].as_str().expect("an id");
    let task = client.call(&Request::task(id).roa()).json();
    assert_eq!((status, task["task_result"].as_array().map(Vec::len)), (200, Some(3)));
    assert_eq!(running.control("POST", "tasks", "{}").0, 400);
    assert_eq!(running.control("GET", "nothing", "").0, 404);
}

#[test]
fn no_secret_is_shown() {
    let mut running = Running::new(&["--verbose", "--security-token", "tok"]);
    let target = format!("/api/v2/clusters/{CLUSTER}");
    let body = r#"{"login_password":"Hello@1234"}"#;
    let request = Request::new("POST", &target, "ScaleOutCluster", body);
    let request = request.with("x-acs-security-token", "tok").roa();
    let signature = request.headers.iter().find(|(name, _)| name == "Authorization");
    let signature = signature.and_then(|(_, value)| value.split(':').nth(1)).expect("signed");
    assert_eq!(Client::new(running.addr).call(&request).status, 200);
    let shown = [running.control("GET", "requests", ""), running.control("GET", "ledger", "")];
    let _ = running.child.kill();
    let mut verbose = String::new();
    let err = running.child.stderr.as_mut().expect("a pipe");
    err.read_to_string(&mut verbose).expect("text");
    assert!(verbose.contains("=> signature accepted: ROA-SHA1"), "{verbose}");
    assert!(verbose.contains("Authorization: acs testid:***"), "{verbose}");
    let shown = format!("{verbose}{} {}", shown[0].1, shown[1].1);
    for secret in ["Hello@1234", signature, "\"tok\"", ": tok\n", "testsecret"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn mistakes_end_it_with_one_line() {
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_local-ack"));
        let output = command.args(args).output().expect("the program runs");
        let error = String::from_utf8(output.stderr).expect("text");
        (output.status.code(), error, String::from_utf8(output.stdout).expect("text"))
    };
    for args in [
        &["--nonsense"][..],
        &["--port", "x"],
        &["--port", "70000"],
        &["--port"],
        &["--fault", "nonsense"],
        &["--tls=1"],
        &["--ca-out", "x"],
        &["extra"],
    ] {
        let (status, error, out) = run(args);
        assert_eq!(
            (status, error.lines().count(), out.len()),
            (Some(2), 1, 0),
            "{args:?}: {error}"
        );
        assert!(error.starts_with("local-ack: "));
    }
    let (status, _, help) = run(&["--help"]);
    assert!(status == Some(0) && help.contains("--clock-offset"));
    let readme = include_str!("../README.md").split("| text | what").nth(1).expect("a table");
    for row in readme.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let name = row.split(['`', ':']).nth(1).expect("a name");
        assert!(help.contains(name), "--help says nothing of {name}");
    }
}
