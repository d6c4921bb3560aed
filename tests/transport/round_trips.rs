//! The promise: a warm call costs one round trip, a first one or one with a connection of its own over
//! http two, over https three (TLS 1.3). Counted through a relay that makes a long link, long enough that nothing else shows.

use std::time::{Duration, Instant};

use crate::common::{call, client, merge, start, start_tls};
use cs_scale_out::Status;
use local_ack::{DelayProxy, LocalAck};
use serde_json::{Value, json};

const ROUND_TRIP: Duration = Duration::from_millis(200);

/// How many round trips one call takes.
fn round_trips(document: &Value) -> f64 {
    let begun = Instant::now();
    let (status, answer) = call(document);
    assert_eq!(status, Status::Ok, "{answer}");
    begun.elapsed().as_secs_f64() / ROUND_TRIP.as_secs_f64()
}

fn through(link: &DelayProxy, ack: &LocalAck, extra: Value) -> Value {
    let scheme = ack.url().split(':').next().map(str::to_owned).expect("a scheme");
    let mut client = client(ack);
    let endpoint = format!("{scheme}://{}", link.addr());
    merge(&mut client, json!({"endpoint": endpoint, "keep_alive": true}));
    merge(&mut client, extra);
    json!({"ClusterId": "long-way", "key_pair": "common", "client": client})
}

/// A busy machine may hold up one call or another: the quickest of some tells how few it takes, and no call
/// is quicker than its round trips.
fn assert_trips(what: &str, expected: f64, once: impl Fn() -> f64) {
    let mut took = f64::INFINITY;
    for _ in 0..5 {
        took = took.min(once());
        println!("{what}: {took:.3} round trips");
        if took < expected + 0.5 {
            break;
        }
    }
    assert!((expected..expected + 0.5).contains(&took), "{what}: {took:.3}, not {expected}");
}

#[test]
fn round_trips_are_as_few_as_can_be() {
    let (plain, secure) = (start(), start_tls());
    for (name, ack, cold) in [("http", &plain, 2.0), ("https", &*secure, 3.0)] {
        let link = DelayProxy::start(ack.addr(), ROUND_TRIP).expect("a relay");
        let to = |keep_alive| {
            let client = json!({"ca_file": secure.ca_file(), "keep_alive": keep_alive});
            through(&link, ack, client)
        };
        assert_trips(&format!("own connection, {name}"), cold, || round_trips(&to(false)));
        let connections = ack.connections();
        round_trips(&to(true));
        assert_trips(&format!("warm {name}"), 1.0, || round_trips(&to(true)));
        assert_eq!(ack.connections(), connections + 1);
    }
}

#[test]
fn sixteen_threads_wait_side_by_side() {
    let ack = start();
    let link = DelayProxy::start(ack.addr(), ROUND_TRIP).expect("a relay");
    let document = through(&link, &ack, json!({}));
    let all = || {
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| round_trips(&document));
            }
        });
        begun.elapsed()
    };
    // One after the other they would take 32 round trips, and then 16.
    assert!(all() < ROUND_TRIP * 10);
    assert!(all() < ROUND_TRIP * 10);
    assert_eq!(ack.connections(), 16, "each thread's connection was kept");
}
