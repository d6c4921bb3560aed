//! Answers that contradict themselves.

mod common;

use common::{CLUSTER, Request, meet, purchase, task_id};
use local_ack::Fault;

#[test]
fn a_success_speaks_of_another_cluster() {
    for executed in [false, true] {
        let (server, mut client) = meet(Fault::OtherCluster { executed });
        let reply = client.send(&purchase()).reply();
        assert_eq!((reply.status, task_id(&reply.body).is_some()), (200, true));
        assert_ne!(reply.json()["cluster_id"], CLUSTER);
        assert_eq!(server.ledger().len(), usize::from(executed));
    }
}

#[test]
fn a_task_id_is_whatever_was_wanted() {
    let long = "x".repeat(200);
    for value in ["", " ", "T-1\n", "T-é", &long] {
        let (server, mut client) = meet(Fault::TaskId { value: value.into(), executed: true });
        assert_eq!(task_id(&client.send(&purchase()).reply().body).as_deref(), Some(value));
        assert_eq!(server.ledger().len(), 1);
    }
    let (_server, mut client) = meet("task_id".parse().expect("a fault"));
    assert_eq!(task_id(&client.send(&purchase()).reply().body).as_deref(), Some(" "));
}

#[test]
fn a_success_has_two_task_ids() {
    for (accept, name) in [("application/json", "\"task_id\":\""), ("application/xml", "<task_id>")]
    {
        let (server, mut client) = meet(Fault::TwoTaskIds { executed: true });
        let text = client.call(&Request::scale_out(CLUSTER).with("Accept", accept).roa()).text();
        let ids: Vec<&str> = text.split(name).skip(1).filter_map(|rest| rest.get(..26)).collect();
        assert_eq!(ids.len(), 2, "{text}");
        assert!(ids[0] == server.ledger()[0].task_id && ids[0] != ids[1], "{text}");
        assert!(accept.ends_with("xml") || text.ends_with("\"}"), "{text}");
    }
}

#[test]
fn an_error_has_a_task_id() {
    for (status, code) in [(200, "SomeCode"), (429, "Throttling.User"), (409, "")] {
        let fault = Fault::Contradiction { status, code: code.into(), executed: true };
        let (server, mut client) = meet(fault);
        let reply = client.send(&purchase()).reply();
        assert_eq!(reply.status, status);
        let document = reply.json();
        assert_eq!(document["task_id"], server.ledger()[0].task_id);
        assert_eq!(document["code"].as_str().unwrap_or_default(), code);
        assert_eq!(document["message"].is_string(), !code.is_empty());
        assert_eq!(server.requests()[0].status, status);
    }
}

#[test]
fn a_body_is_whatever_was_wanted() {
    for (status, value) in [(200, "[{\"task_id\":\"T-1\"}]"), (409, "null"), (200, "")] {
        let fault = Fault::Body { status, value: value.into(), executed: true };
        let (server, mut client) = meet(fault);
        let reply = client.send(&purchase()).reply();
        assert_eq!((reply.status, reply.text().as_str()), (status, value));
        assert!(reply.headers["content-type"].starts_with("application/json"));
        assert_eq!(server.ledger().len(), 1);
    }
}
