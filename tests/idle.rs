//! The promise: a connection is used again only while it is young. A process of its own, since the pool
//! is the process's, and a busy neighbour would fill it.
#![allow(unreachable_pub, reason = "nobody is outside of a test")]

mod common;

use std::time::Duration;

use common::{call, request, start};
use cs_scale_out::Status;
use serde_json::json;

#[test]
fn a_connection_that_idled_for_five_seconds_is_not_used_again() {
    let ack = start();
    let document = request(&ack, json!({"keep_alive": true}));
    for (pause, connections) in [(0, 1), (4, 1), (6, 2)] {
        std::thread::sleep(Duration::from_secs(pause));
        assert_eq!(call(&document).0, Status::Ok);
        assert_eq!(ack.connections(), connections, "after {pause} s");
    }
}
