//! The promise: keys that expire during a wait are read again. Each case is a process of its own, since an
//! environment belongs to a process.

use std::io::Write;
use std::process::Command;
use std::time::Duration;

use crate::common::{looks, start_with};
use cs_scale_out::Control;
use local_ack::Options;
use serde_json::{Value, json};

const ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";

/// Not a test of its own: the process that [`wait_with`] starts. It answers on stderr, which the harness leaves
/// alone.
#[test]
fn child() {
    let Some(renewed) = std::env::var_os("CS_TEST_RENEWED_ID") else { return };
    let document = std::env::var("CS_TEST_DOCUMENT").expect("a document");
    // Asked for the first time while the first answer is waited for.
    let control = Control::watched(move |_| {
        // SAFETY: the one other thread of this process waits for this test.
        unsafe { std::env::set_var(ID, &renewed) };
        false
    });
    let answer = cs_scale_out::wait_task_with(document.as_bytes(), &control, &mut |_| {});
    writeln!(std::io::stderr(), "answer:{}", answer.document).expect("stderr");
}

fn wait_with(url: &str, task_id: &str, renewed: &str) -> Value {
    let document = json!({"task_id": task_id, "poll_interval_ms": 10, "client": {"endpoint": url}});
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["keys_again::child", "--exact", "--nocapture"])
        .env_clear()
        .env("CS_TEST_RENEWED_ID", renewed)
        .env("CS_TEST_DOCUMENT", document.to_string())
        .env(ID, "expired")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testsecret")
        .output()
        .expect("an end");
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    let line = text.lines().find_map(|line| line.strip_prefix("answer:"));
    serde_json::from_str(line.unwrap_or_else(|| panic!("no answer in {text}"))).expect("JSON")
}

#[test]
fn keys_that_expire_on_the_way_are_read_again() {
    let ack = start_with(Options { latency: Duration::from_millis(200), ..Options::default() });
    let id = ack.add_task("keys");
    let told = wait_with(&ack.url(), &id, "testid");
    assert_eq!((&told["status"], &told["attempts"]), (&json!("ok"), &json!(2)), "{told}");
    // The same keys again are no others: that is the answer.
    let told = wait_with(&ack.url(), &id, "expired");
    assert_eq!((&told["status"], &told["attempts"]), (&json!("refused"), &json!(1)), "{told}");
    assert_eq!(looks(&ack).len(), 3);
}
