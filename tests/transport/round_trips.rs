//! The promise: a warm call costs one round trip, a first one or one with a connection of its own over
//! http two, over https three (TLS 1.3). Counted through a relay that makes a long link, long enough that nothing else shows.

use std::time::{Duration, Instant};

use crate::common::{call, client, merge, start};
use cs_scale_out::Status;
use local_ack::{DelayProxy, LocalAck, Options};
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
    merge(
        &mut client,
        json!({
            "endpoint": format!("{scheme}://{}", link.addr()),
            "keep_alive": true,
        }),
    );
    merge(&mut client, extra);
    json!({"ClusterId": "long-way", "key_pair": "common", "client": client})
}

/// Half a round trip is a generous bound for a busy machine, and still less than one more trip.
fn assert_trips(what: &str, took: f64, expected: f64) {
    println!("{what}: {took:.3} round trips");
    assert!((expected..expected + 0.5).contains(&took), "{what}: {took:.3}, not {expected}");
}

#[test]
fn round_trips_are_as_few_as_can_be() {
    let plain = start();
    let secure = LocalAck::with(Options { tls: true, ..Options::default() }).expect("local-ack");
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("round_trips.pem");
    std::fs::write(&path, secure.ca_pem().expect("a certificate")).expect("a file");
    for (name, ack, cold) in [("http", &plain, 2.0), ("https", &secure, 3.0)] {
        let link = DelayProxy::start(ack.addr(), ROUND_TRIP).expect("a relay");
        let document = through(&link, ack, json!({"ca_file": path}));
        assert_trips(&format!("cold {name}"), round_trips(&document), cold);
        for _ in 0..3 {
            assert_trips(&format!("warm {name}"), round_trips(&document), 1.0);
        }
        assert_eq!(ack.connections(), 1);
        let own = through(&link, ack, json!({"ca_file": path, "keep_alive": false}));
        for _ in 0..2 {
            assert_trips(&format!("own connection, {name}"), round_trips(&own), cold);
        }
        assert_eq!(ack.connections(), 3);
    }
}

#[test]
fn sixteen_threads_wait_side_by_side() {
    let ack = start();
    let link = DelayProxy::start(ack.addr(), ROUND_TRIP).expect("a relay");
    let document = through(&link, &ack, json!({}));
    let all = |expected| {
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| assert_trips("one of sixteen", round_trips(&document), expected));
            }
        });
    };
    all(2.0);
    all(1.0);
    assert_eq!(ack.connections(), 16, "each thread's connection was kept");
}
