//! The promise: a task list that cannot be had whole is said to be none, and is not read on and on.

use std::io::Write;

use cs_scale_out::Status;
use serde_json::{Value, json};

use crate::common::read;
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
