//! The promise: a task list that cannot be had whole is said to be none, and is not read on and on.

use std::io::Write;

use cs_scale_out::Status;
use serde_json::{Value, json};

use crate::common::{call, moment, read};
use crate::servers::{Server, with_length};

/// What is told where each page is `page`, and how many were asked for.
fn listed(page: String) -> (Status, Value, usize) {
    let server = Server::start(move |stream, _, requests| {
        while requests.read(stream).is_ok() {
            stream.write_all(with_length("200 OK", &page).as_bytes())?;
        }
        Ok(())
    });
    let client = server.request("http", "c", json!({}))["client"].take();
    let document = json!({"ClusterId": "c", "client": client});
    let (status, told) = read(cs_scale_out::list_tasks(document.to_string().as_bytes()));
    (status, told, server.requests().len())
}

fn page(total: usize) -> String {
    json!({
        "page_info": {"total_count": total},
        "tasks": [{"task_id": "T-1", "task_type": "cluster_scaleout", "state": "running"}],
    })
    .to_string()
}

#[test]
fn pages_that_repeat_themselves_are_not_read_to_the_last() {
    let (status, told, pages) = listed(page(500));
    assert_eq!((status, pages), (Status::Unknown, 2), "{told}");
    assert!(told["message"].as_str().is_some_and(|m| m.contains("repeat themselves")), "{told}");
}

#[test]
fn a_list_of_more_than_16_mib_is_none_though_its_beginning_is_whole() {
    const MOST: usize = 16 * 1024 * 1024;
    for (length, wanted) in [(MOST, Status::Ok), (MOST + 1, Status::Unknown)] {
        let (status, told, pages) = listed(page(1) + &" ".repeat(length - page(1).len()));
        assert_eq!((status, pages), (wanted, 1), "{told}");
        let cause = told["cause"].as_str().unwrap_or_default();
        assert_eq!(cause.contains("too large"), wanted != Status::Ok, "{told}");
    }
}

/// Now, as a `Date` has it; nobody looks at the day of the week.
fn date() -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let now = moment(0);
    let month = MONTHS[now[5..7].parse::<usize>().expect("a month") - 1];
    format!("Thu, {} {month} {} {} GMT", &now[8..10], &now[..4], &now[11..19])
}

/// A purchase that is lost, and would adopt what the list `page` shows.
fn adopted(cluster: &'static str, page: Value) -> (Status, Value) {
    let server = Server::start(move |stream, _, requests| {
        while let Ok(request) = requests.read(stream) {
            if request.starts_with("POST") {
                break;
            }
            let head = format!("200 OK\r\nDate: {}", date());
            stream.write_all(with_length(&head, &page.to_string()).as_bytes())?;
        }
        Ok(())
    });
    let client = json!({"reconcile": true, "reconcile_timeout_ms": 300, "adopt_candidate": true});
    call(&server.request("http", cluster, client))
}

#[test]
fn nothing_is_adopted_from_a_list_that_may_hold_another_candidate() {
    let task = |id: &str| json!({"task_id": id, "task_type": "cluster_scaleout", "state": "running", "created": moment(0)});
    let (status, told) = adopted("l-whole", json!({"tasks": [task("L-1")]}));
    assert_eq!((status, &told["task_id"]), (Status::Ok, &json!("L-1")), "{told}");
    for (cluster, page, candidates) in [
        ("l-other", json!({"cluster_id": "another", "tasks": [task("L-2")]}), false),
        ("l-token", json!({"next_token": "more", "tasks": [task("L-3")]}), false),
        ("l-odd", json!({"tasks": [task("L-4"), 7]}), true),
        ("l-twice", json!({"tasks": [task("L-5"), task("L-6")]}), true),
        ("l-long", json!({"tasks": [task("L-7"), task(&"x".repeat(129))]}), true),
    ] {
        let (status, told) = adopted(cluster, page);
        assert_eq!(status, Status::Unknown, "{cluster}: {told}");
        assert_eq!(told["candidates"].is_array(), candidates, "{cluster}: {told}");
    }
}
