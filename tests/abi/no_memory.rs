//! A host whose memory runs out: no call ends the process, and each tells what is known.

use std::collections::HashMap;
use std::fs;

use cs_scale_out::Status;
use local_ack::{Fault, LocalAck};

use crate::common::{Servers, start};
use crate::common_c::Workshop;

/// A stand-in that meets every purchase with one fault.
fn faulty(fault: &Fault) -> LocalAck {
    let ack = start();
    // More than the program has calls for it.
    (0..4000).for_each(|_| ack.fault(fault.clone()));
    ack
}

#[test]
fn each_allocation_in_turn_is_refused() {
    let shop = Workshop::new("no-memory");
    let program = shop.build("tests/c/no_memory.c");
    let (servers, lost) = (Servers::start(), faulty(&Fault::CloseAfterRead { executed: true }));
    // What can be read in many ways takes the most memory to look for secrets in.
    let value = format!("<html>{}</html>", "%25&amp;\\u0041".repeat(200));
    let pages = faulty(&Fault::Body { status: 502, value, executed: false });
    let huge = faulty(&Fault::Huge { executed: true });
    let results = shop.path("results");
    let results_name = results.to_str().expect("UTF-8");
    let [http, https, ca_file, _] = servers.and(&[])[..] else { panic!("four arguments") };
    let [lost_url, pages_url, huge_url] = [&lost, &pages, &huge].map(LocalAck::url);
    let arguments = [http, https, ca_file, &lost_url, &pages_url, &huge_url, results_name];
    // Not under valgrind, which has its own allocator.
    shop.bare().check(&program, &arguments, &[]);
    let mut bought = HashMap::new();
    for ack in [&servers.http, &*servers.https, &lost, &pages, &huge] {
        for purchase in ack.ledger() {
            let before = bought.insert(purchase.cluster_id, purchase.task_id);
            assert_eq!(before, None, "bought twice");
        }
    }
    let results = fs::read_to_string(results).expect("results");
    for line in results.lines() {
        let [cluster, status, task] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let status: i32 = status.parse().expect("a number");
        let status = Status::ALL.into_iter().find(|known| known.number() == status);
        let status = status.unwrap_or_else(|| panic!("{line}: its document says another status"));
        let executed = bought.get(cluster);
        match status {
            Status::Ok => {
                let executed = executed.unwrap_or_else(|| panic!("{line}: nothing was bought"));
                assert!(task == "-" || task == executed, "{line}: it was {executed}");
            }
            Status::Unknown => {}
            Status::Unsent | Status::Refused | Status::Internal => {
                assert_eq!(executed, None, "{line}");
            }
            _ => panic!("{line}: no memory is not why"),
        }
    }
}
