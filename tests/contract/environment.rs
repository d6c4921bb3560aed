//! The promise: where the document is silent the environment speaks, read at each call; the document
//! wins. Each case is a process of its own, since an environment belongs to a process.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};

use crate::common::{CLUSTER, closed_port, start, start_proxy, start_tls, start_with};
use local_ack::{Options, ProxyOptions};
use serde_json::{Value, json};

/// Not a test of its own: the process that [`call_with`] starts. It answers on stderr, which the
/// harness leaves alone.
#[test]
fn child() {
    if std::env::var_os("CS_TEST_CHILD").is_none() {
        return;
    }
    let document = std::io::read_to_string(std::io::stdin()).expect("a document");
    let answer = cs_scale_out::scale_out(document.as_bytes());
    writeln!(std::io::stderr(), "answer:{}", answer.document).expect("stderr");
}

fn call_with(variables: &[(&str, &str)], document: &Value) -> Value {
    let variables = variables.iter().map(|(name, value)| (*name, OsStr::new(*value)));
    call_with_bytes(&variables.collect::<Vec<_>>(), document)
}

/// A value may be no text.
fn call_with_bytes(variables: &[(&str, &OsStr)], document: &Value) -> Value {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["environment::child", "--exact", "--nocapture"])
        .env_clear()
        .env("CS_TEST_CHILD", "1")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a child");
    let mut stdin = child.stdin.take().expect("stdin");
    stdin.write_all(document.to_string().as_bytes()).expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("an end");
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    let line = text.lines().find_map(|line| line.strip_prefix("answer:"));
    serde_json::from_str(line.unwrap_or_else(|| panic!("no answer in {text}"))).expect("JSON")
}

const KEYS: [(&str, &str); 2] =
    [("ALIBABA_CLOUD_ACCESS_KEY_ID", "testid"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testsecret")];

fn bare() -> Value {
    json!({"ClusterId": CLUSTER, "count": 1, "key_pair": "common"})
}

fn with(variables: &[(&'static str, &str)], document: &Value) -> Value {
    let all: Vec<_> = KEYS.iter().chain(variables).copied().collect();
    call_with(&all, document)
}

#[test]
fn endpoint_keys_and_token_come_from_the_environment() {
    let ack = start();
    let url = ack.url();
    let answer = with(&[("CS_SCALE_OUT_ENDPOINT", &url)], &bare());
    assert_eq!(answer["status"], "ok", "{answer}");
    let strict =
        start_with(Options { security_token: Some("a-token".into()), ..Options::default() });
    let (url, token) = (strict.url(), ("ALIBABA_CLOUD_SECURITY_TOKEN", "a-token"));
    let answer = with(&[("CS_SCALE_OUT_ENDPOINT", &url), token], &bare());
    assert_eq!(answer["status"], "ok", "{answer}");
}

#[test]
fn the_document_wins_and_an_explicit_pair_takes_no_token() {
    let ack = start();
    let (closed, mut document) = (closed_port().url(), bare());
    document["client"] = crate::common::client(&ack);
    let variables = [
        ("CS_SCALE_OUT_ENDPOINT", closed.as_str()),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "another"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "another"),
        // A request with a token would be refused here.
        ("ALIBABA_CLOUD_SECURITY_TOKEN", "a-token"),
    ];
    let answer = call_with(&variables, &document);
    assert_eq!(answer["status"], "ok", "{answer}");
}

#[test]
fn without_usable_keys_every_source_is_listed() {
    let id = KEYS[0];
    for (variables, said) in [
        (vec![], "are not set"),
        (vec![id], "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set"),
        (vec![KEYS[1]], "ALIBABA_CLOUD_ACCESS_KEY_ID is not set"),
        (vec![id, ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "")], "SECRET is not set (or empty)"),
    ] {
        let answer = call_with(&variables, &bare());
        assert_eq!(answer["status"], "credentials", "{answer}");
        assert_eq!(answer["attempts"], 0);
        let sources = answer["sources"].as_array().expect("sources");
        let names: Vec<_> = sources.iter().filter_map(|s| s["source"].as_str()).collect();
        assert_eq!(names, ["client", "environment"]);
        let reason = sources[1]["reason"].as_str().expect("a reason");
        assert!(reason.contains(said), "{reason}");
        assert!(!answer.to_string().contains("testsecret"), "{answer}");
    }
}

#[test]
fn a_key_that_was_copied_with_more_than_itself_is_told_before_it_is_sent() {
    let ack = start();
    let url = ack.url();
    let endpoint = ("CS_SCALE_OUT_ENDPOINT", url.as_str());
    let token = "ALIBABA_CLOUD_SECURITY_TOKEN";
    for name in [KEYS[0].0, KEYS[1].0, token] {
        for end in ["\n", "\r\n", " ", "\t", "\u{200b}", "\u{feff}", "\u{1}"] {
            let value = format!("copied{end}");
            let answer = with(&[endpoint, (name, &value)], &bare());
            assert_eq!(answer["status"], "credentials", "{name} {end:?}: {answer}");
            let reason = answer["sources"][1]["reason"].as_str().expect("a reason");
            assert!(reason.starts_with(name) && !reason.contains("copied"), "{reason}");
        }
    }
    let answer = with(&[endpoint, (KEYS[0].0, "STS.temporary")], &bare());
    assert_eq!(answer["status"], "credentials", "{answer}");
    assert!(answer["sources"][1]["reason"].as_str().is_some_and(|r| r.contains(token)), "{answer}");
    assert!(ack.requests().is_empty());
}

#[test]
fn other_tools_variables_are_named_where_they_are_set() {
    for name in ["ALICLOUD_ACCESS_KEY", "ALIBABACLOUD_ACCESS_KEY_ID", "ALIYUN_ACCESS_KEY_SECRET"] {
        let answer = call_with(&[(name, "a-secret-value")], &bare());
        assert_eq!(answer["status"], "credentials", "{answer}");
        let said = answer["sources"].to_string();
        assert!(said.contains(&format!("{name} is set, but not read here")), "{said}");
        assert!(!said.contains("a-secret-value"), "{said}");
    }
}

#[test]
fn a_dry_run_needs_no_credentials_but_half_a_pair_is_an_error() {
    let mut document = bare();
    document["client"] = json!({"dry_run": true});
    let answer = call_with(&[], &document);
    assert_eq!(answer["status"], "ok", "{answer}");
    assert_eq!(answer["warnings"][0]["code"], "not_signed");
    assert_eq!(answer["request"]["headers"]["authorization"], Value::Null);
    assert_eq!(answer["request"]["headers"]["x-acs-action"], "ScaleOutCluster");
    let answer = with(&[], &document);
    assert_eq!(answer["request"]["headers"]["authorization"], "***");
    assert_eq!(answer["warnings"], json!([]));
    assert_eq!(call_with(&[KEYS[0]], &document)["status"], "credentials");
}

#[test]
fn region_and_default_give_the_host() {
    let mut document = bare();
    document["client"] = json!({"dry_run": true});
    let url = |variables: &[(&'static str, &str)]| {
        let answer = with(variables, &document);
        answer["request"]["url"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    };
    let path = format!("/api/v2/clusters/{CLUSTER}");
    assert_eq!(url(&[]), format!("https://cs.aliyuncs.com{path}"));
    let region = ("ALIBABA_CLOUD_REGION_ID", "eu-central-1");
    assert_eq!(url(&[region]), format!("https://cs.eu-central-1.aliyuncs.com{path}"));
    let host = ("CS_SCALE_OUT_ENDPOINT", "cs.private.example:8443");
    assert_eq!(url(&[region, host]), format!("https://cs.private.example:8443{path}"));
}

#[test]
fn a_bad_variable_is_named() {
    for (name, value) in [
        ("CS_SCALE_OUT_ENDPOINT", "http://a/b"),
        ("ALIBABA_CLOUD_REGION_ID", "not a region"),
        ("HTTPS_PROXY", "socks5://a:1"),
    ] {
        let answer = with(&[(name, value)], &bare());
        assert_eq!(answer["status"], "invalid", "{answer}");
        let message = answer["problems"][0]["message"].as_str().expect("a message");
        assert!(message.contains(name), "{message}");
    }
}

#[test]
fn a_variable_that_is_not_utf8_is_named_where_it_would_be_used() {
    let broken = OsStr::from_bytes(b"http://\xff");
    let keys = KEYS.map(|(name, value)| (name, OsStr::new(value)));
    for (name, path) in [
        ("CS_SCALE_OUT_ENDPOINT", "/client/endpoint"),
        ("ALIBABA_CLOUD_REGION_ID", "/client/region_id"),
        ("HTTPS_PROXY", "/client/proxy"),
        ("https_proxy", "/client/proxy"),
        ("ALL_PROXY", "/client/proxy"),
    ] {
        let answer = call_with_bytes(&[keys[0], keys[1], (name, broken)], &bare());
        assert_eq!(answer["status"], "invalid", "{answer}");
        assert_eq!(answer["problems"][0]["path"], path);
        let message = answer["problems"][0]["message"].as_str().expect("a message");
        assert!(message.starts_with(name), "{message}");
    }
    let no_proxy = [keys[0], keys[1], ("HTTPS_PROXY", OsStr::new("p:1")), ("NO_PROXY", broken)];
    let answer = call_with_bytes(&no_proxy, &bare());
    assert_eq!(answer["problems"][0]["path"], "/client/proxy", "{answer}");
    let answer = call_with_bytes(&[keys[0], (KEYS[1].0, broken)], &bare());
    assert_eq!(answer["status"], "credentials", "{answer}");
    // What this call does not use is nobody's mistake.
    let ack = start();
    let mut document = bare();
    document["client"] = crate::common::client(&ack);
    let unused = [("CS_SCALE_OUT_ENDPOINT", broken), ("HTTPS_PROXY", broken), (KEYS[0].0, broken)];
    assert_eq!(call_with_bytes(&unused, &document)["status"], "ok");
}

#[test]
fn proxies_come_from_either_case_and_no_proxy_is_heeded() {
    let ack = start();
    let url = ack.url();
    let endpoint = ("CS_SCALE_OUT_ENDPOINT", url.as_str());
    for name in ["HTTP_PROXY", "http_proxy"] {
        let proxy = start_proxy(ProxyOptions::default());
        let address = proxy.url();
        assert_eq!(with(&[endpoint, (name, &address)], &bare())["status"], "ok");
        assert_eq!(proxy.tunnels(), 1, "{name}");
        for exception in ["NO_PROXY", "no_proxy"] {
            let variables = [endpoint, (name, address.as_str()), (exception, "127.0.0.0/8")];
            assert_eq!(with(&variables, &bare())["status"], "ok");
        }
        assert_eq!(proxy.tunnels(), 1, "{name} with an exception");
    }
}

#[test]
fn roots_come_from_ssl_cert_file() {
    let ack = start_tls();
    let url = ack.url();
    let endpoint = ("CS_SCALE_OUT_ENDPOINT", url.as_str());
    assert_eq!(with(&[endpoint, ("SSL_CERT_FILE", ack.ca_file())], &bare())["status"], "ok");
    let mut document = bare();
    document["client"] = json!({"max_attempts": 1});
    let answer = with(&[endpoint], &document);
    assert_eq!(answer["status"], "unsent", "{answer}");
    let answer = with(&[endpoint, ("SSL_CERT_FILE", "/no/such/file")], &document);
    assert!(answer["cause"].as_str().is_some_and(|c| c.contains("/no/such/file")), "{answer}");
    // Without TLS nobody asks for roots.
    let plain = start();
    let url = plain.url();
    let variables = [("CS_SCALE_OUT_ENDPOINT", url.as_str()), ("SSL_CERT_FILE", "/no/such/file")];
    assert_eq!(with(&variables, &bare())["status"], "ok");
}

#[test]
fn a_secret_in_the_environment_is_not_sent_in_the_plain() {
    let token = ("ALIBABA_CLOUD_SECURITY_TOKEN", "a-token");
    let plain = ("CS_SCALE_OUT_ENDPOINT", "http://cs.example");
    let answer = with(&[plain, token], &bare());
    assert_eq!(answer["problems"][0]["code"], "plaintext_secret", "{answer}");
    assert_eq!(answer["problems"][0]["path"], "/client/security_token");
}
