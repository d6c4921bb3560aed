//! Task lists that are hard to read.

mod common;

use common::clock::parse_utc;
use common::{CLUSTER, Client, Request, meet};
use local_ack::{Created, Fault, LocalAck};
use serde_json::{Value, json};

/// A page of the list.
fn list(client: &mut Client, query: &str) -> Value {
    client.call(&Request::tasks(CLUSTER, query).roa()).json()
}

fn created(client: &mut Client) -> Value {
    list(client, "")["tasks"][0]["created"].clone()
}

#[test]
fn dates_come_in_every_form_that_was_seen() {
    let server = LocalAck::start().expect("a server");
    server.add_task(CLUSTER);
    let mut client = Client::new(server.addr());
    let usual = created(&mut client);
    let usual = usual.as_str().expect("a text");
    let local = usual.strip_suffix("+08:00").expect("Beijing's time");
    let unix = parse_utc(&format!("{local}Z")).expect("a time") - 8 * 3600;
    for (form, wanted) in [
        (Created::Null, Value::Null),
        (Created::Empty, json!("")),
        (Created::Minutes, json!(format!("{}+08:00", &local[..16]))),
        (Created::Basic, json!(format!("{local}+0800"))),
        (Created::NoZone, json!(local)),
        (Created::Milliseconds, json!(format!("{local}.000+08:00"))),
        (Created::Blank, json!(usual.replace('T', " "))),
        (Created::Epoch, json!(unix)),
        (Created::EpochMs, json!(unix * 1000)),
    ] {
        server.fault_for_reads(Fault::Created(form));
        assert_eq!(created(&mut client), wanted, "{form}");
        assert_eq!(created(&mut client), usual, "one read takes it");
    }
}

#[test]
fn a_task_id_begins_with_the_seconds_of_its_creation() {
    let server = LocalAck::start().expect("a server");
    let id = server.add_task(CLUSTER);
    let usual = created(&mut Client::new(server.addr()));
    let local = usual.as_str().and_then(|text| text.strip_suffix("+08:00")).expect("a time");
    let unix = parse_utc(&format!("{local}Z")).expect("a time") - 8 * 3600;
    assert_eq!(i64::from_str_radix(&id[2..10], 16), Ok(unix), "{id}");
}

#[test]
fn a_list_never_ends() {
    let (server, mut client) = meet(Fault::ConnectionClose);
    let own = server.add_task(CLUSTER);
    server.fault_for_every_read(Fault::EndlessList);
    let mut seen = std::collections::HashSet::new();
    for page in 1..=20 {
        let list = list(&mut client, &format!("?page_size=50&page_number={page}"));
        assert_eq!(list["page_info"]["total_count"], 1_000_000);
        let tasks = list["tasks"].as_array().expect("tasks");
        assert_eq!((tasks.len(), tasks[0]["task_id"] == own), (50, page == 1), "page {page}");
        assert!(tasks.iter().all(|task| seen.insert(task["task_id"].to_string())));
    }
}

#[test]
fn a_fault_for_every_read_stays_and_leaves_the_queued_ones_their_turn() {
    let server = LocalAck::start().expect("a server");
    let mut client = Client::new(server.addr());
    let mut status = |request: Request| client.call(&request.roa()).status;
    server.fault_for_every_read("status:status=403".parse().expect("a fault"));
    server.fault_for_reads("status:status=502".parse().expect("a fault"));
    assert_eq!(status(Request::tasks(CLUSTER, "")), 502);
    for _ in 0..3 {
        assert_eq!(status(Request::tasks(CLUSTER, "")), 403);
        assert_eq!(status(Request::task("T-1")), 403);
    }
    assert_eq!(status(Request::scale_out(CLUSTER)), 200);
    server.clear_faults();
    assert_eq!(status(Request::tasks(CLUSTER, "")), 200);
}

#[test]
fn a_page_may_be_over_a_mebibyte() {
    let server = LocalAck::start().expect("a server");
    let id = server.add_task(CLUSTER);
    server.fault_for_reads(Fault::Huge { executed: false });
    let reply = Client::new(server.addr()).call(&Request::tasks(CLUSTER, "").roa());
    assert!(reply.body.len() > 1024 * 1024);
    assert_eq!(reply.json()["tasks"][0]["task_id"], id);
}
