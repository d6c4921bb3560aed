//! The promise: a guest in somebody else's process. Signals and forks of the host change
//! nothing about how a call ends. One test, so that no other thread of the harness is forked.
#![allow(unreachable_pub, reason = "nobody is outside of a test")]

mod common;

use std::time::{Duration, Instant};

use common::{call, request, start, start_tls};
use cs_scale_out::Status;
use local_ack::Fault;
use serde_json::json;

#[test]
fn signals_and_forks() {
    children_use_connections_of_their_own();
    interrupted_calls_end_the_same_way();
    a_broken_pipe_kills_nobody();
}

/// Parent and child, after a fork, on one connection would read each other's replies.
fn children_use_connections_of_their_own() {
    let ack = start();
    let document = request(&ack, json!({"keep_alive": true}));
    assert_eq!(call(&document).0, Status::Ok);
    // SAFETY: the child makes calls and leaves with _exit; this process has no other thread that
    // holds a lock of ours.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let all = (0..3).all(|_| call(&document).0 == Status::Ok);
        // SAFETY: ends the child without running the harness's destructors.
        unsafe { libc::_exit(if all { 0 } else { 1 }) };
    }
    let parent = (0..3).all(|_| call(&document).0 == Status::Ok);
    let mut ended = -1;
    // SAFETY: waits for the child just made.
    unsafe { libc::waitpid(child, &raw mut ended, 0) };
    assert!(parent && ended == 0, "parent {parent}, child {ended}");
    assert_eq!(ack.ledger().len(), 7);
    assert_eq!(ack.connections(), 2, "one for each process");
}

extern "C" fn on_alarm(_: libc::c_int) {}

/// An alarm every 3 ms, its handler installed without SA_RESTART.
fn tick(microseconds: libc::suseconds_t) {
    let every = libc::timeval { tv_sec: 0, tv_usec: microseconds };
    let timer = libc::itimerval { it_interval: every, it_value: every };
    // SAFETY: plain structures, a handler that does nothing.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = on_alarm as *const () as usize;
        libc::sigaction(libc::SIGALRM, &raw const action, std::ptr::null_mut());
        libc::setitimer(libc::ITIMER_REAL, &raw const timer, std::ptr::null_mut());
    }
}

fn interrupted_calls_end_the_same_way() {
    let (plain, secure) = (start(), start_tls());
    let client = json!({"timeout_ms": 1000, "reconcile": false});
    tick(3_000);
    for (ack, document) in
        [(&plain, request(&plain, client.clone())), (&*secure, secure.request(client))]
    {
        for _ in 0..3 {
            ack.fault(Fault::Delay(Duration::from_millis(100)));
            let (status, answer) = call(&document);
            assert_eq!(status, Status::Ok, "{answer}");
        }
        ack.fault(Fault::Hang { executed: false });
        let begun = Instant::now();
        assert_eq!(call(&document).0, Status::Unknown);
        assert!(begun.elapsed() >= Duration::from_secs(1), "a signal is no time-out");
        assert!(begun.elapsed() < Duration::from_secs(20), "a signal does not renew the time");
        assert_eq!(ack.ledger().len(), 3);
    }
    tick(0);
}

/// With SIGPIPE at its default a write to a dead connection would end the process.
fn a_broken_pipe_kills_nobody() {
    // SAFETY: restores the disposition a C program has; Rust's own start-up ignores the signal.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    let ack = start();
    let mut document = request(&ack, json!({"reconcile": false}));
    document["image_id"] = json!("x".repeat(1_000_000));
    ack.fault(Fault::ResetMidRequest);
    assert_eq!(call(&document).0, Status::Unknown);
}
