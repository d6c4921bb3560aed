//! Hosts that fork, close what is not theirs, or have a resolver that hangs: each a program in C.

use std::fs;
use std::time::Duration;

use local_ack::{ConnectProxy, DelayProxy, Fault, LocalAck, ProxyOptions};

use crate::common::{start, start_tls};
use crate::common_c::Workshop;

#[test]
fn who_closes_descriptors() {
    let shop = Workshop::new("descriptors");
    let program = shop.build("tests/c/descriptors.c");
    let (http, https) = (start(), start_tls());
    let ca = shop.write("ca.pem", https.ca_pem().expect("an authority"));
    let ca = ca.to_str().expect("UTF-8");
    // Not under valgrind, whose own descriptors are among those.
    shop.bare().check(&program, &[&http.url(), &https.url(), ca], &[]);
}

#[test]
fn who_forks_in_a_signal_handler_during_a_call() {
    let shop = Workshop::new("forked-call");
    let program = shop.build("tests/c/forked_call.c");
    let ack = start();
    for way in ["fork", "clone"] {
        ack.fault_for(&format!("reply-{way}"), Fault::Delay(Duration::from_millis(300)));
    }
    let refuses = || {
        let ack = start();
        ack.fault("status:status=429,header.x-acs-retry-after=600".parse().expect("a fault"));
        ack
    };
    let pausing = [refuses(), refuses()];
    let proxy = ConnectProxy::start(ProxyOptions::default()).expect("a proxy");
    let link = DelayProxy::start(proxy.addr(), Duration::from_millis(300)).expect("a relay");
    let proxy = format!("http://{}", link.addr());
    let [first, second] = pausing.each_ref().map(LocalAck::url);
    shop.bare().check(&program, &[&ack.url(), &proxy, &first, &second], &[]);
    for moment in ["send", "reply", "tunnel"] {
        for way in ["fork", "clone"] {
            assert_eq!(purchases(&ack, &format!("{moment}-{way}")), (1, 1), "{moment}, {way}");
        }
    }
    for (ack, way) in pausing.iter().zip(["fork", "clone"]) {
        assert_eq!(purchases(ack, &format!("pause-{way}")), (1, 2), "pause, {way}");
    }
}

/// How many were executed for a cluster, and how many asked for.
fn purchases(ack: &LocalAck, cluster: &str) -> (usize, usize) {
    let executed = ack.ledger().iter().filter(|bought| bought.cluster_id == cluster).count();
    let path = format!("/{cluster}");
    let asked = ack.requests().iter().filter(|seen| seen.target.ends_with(&path)).count();
    (executed, asked)
}

#[test]
fn who_forks_while_its_threads_make_their_first_calls() {
    let shop = Workshop::new("first-use");
    let program = shop.build("tests/c/first_use.c");
    let ack = start();
    shop.bare().check(&program, &[&ack.url(), "1500"], &[]);
}

#[test]
fn whose_names_hang_or_lie() {
    let shop = Workshop::new("names");
    let program = shop.build("tests/c/names.c");
    let ack = start();
    shop.bare().check(&program, &[&ack.url()], &[]);
    assert_eq!(ack.ledger().len(), 1);
}

#[test]
fn who_changes_what_is_trusted() {
    let shop = Workshop::new("trust");
    let program = shop.build("tests/c/trust.c");
    let (https, other) = (start_tls(), start_tls());
    let good = shop.write("good.pem", https.ca_pem().expect("an authority"));
    let bad = shop.write("bad.pem", other.ca_pem().expect("an authority"));
    for runner in shop.runners() {
        let folder = shop.path("folder");
        drop(fs::remove_dir_all(&folder));
        fs::create_dir(&folder).expect("a folder");
        let arguments = [&good, &bad, &folder].map(|path| path.to_str().expect("UTF-8"));
        let url = https.url();
        let arguments: Vec<_> = [url.as_str()].into_iter().chain(arguments).collect();
        runner.check(&program, &arguments, &[]);
    }
}
