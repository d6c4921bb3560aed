//! The promise: one way to log in, strong, and never readable on a wire.

use crate::common::{CLUSTER, merge};
use crate::support::Find::{Nothing, Problem, Warning};
use crate::support::{borders, finds_in, full, put, small, verdict};
use serde_json::{Value, json};

/// The reference's example value.
const PASSWORD: &str = "Hello@1234";

fn with_password(password: &str) -> Value {
    json!({"ClusterId": CLUSTER, "count": 1, "login_password": password})
}

#[test]
fn a_key_pair_or_a_password_but_not_both() {
    finds_in(&small(), &[], &[]);
    finds_in(&with_password(PASSWORD), &[], &[]);
    let mut both = small();
    both["login_password"] = json!(PASSWORD);
    finds_in(&both, &["/login_password conflict"], &[]);
    finds_in(&json!({"ClusterId": CLUSTER, "count": 1}), &[], &["/key_pair no_login"]);
    let nulls = json!({"ClusterId": CLUSTER, "count": 1, "key_pair": null, "login_password": null});
    finds_in(&nulls, &[], &["/key_pair no_login"]);
}

#[test]
fn a_broken_way_to_log_in_is_given_all_the_same() {
    for member in ["key_pair", "login_password"] {
        let mut document = json!({"ClusterId": CLUSTER, "count": 1});
        document[member] = json!(12345678);
        finds_in(&document, &[&format!("/{member} wrong_type")], &[]);
    }
}

#[test]
fn a_password_has_8_to_30_characters() {
    let of_length = |n: usize| json!(format!("Aa1{}", "x".repeat(n - 3)));
    borders(
        &with_password(PASSWORD),
        "/login_password",
        &[
            (json!(""), Problem("weak_password")),
            (of_length(7), Problem("weak_password")),
            (of_length(8), Nothing),
            (of_length(30), Nothing),
            (of_length(31), Problem("weak_password")),
            // Characters, not bytes.
            (json!(format!("Aa1{}", "ö".repeat(27))), Warning("unadvised")),
        ],
    );
}

#[test]
fn a_password_that_nobody_can_type_is_told() {
    let row = |password: &str, find| (json!(password), find);
    borders(
        &with_password(PASSWORD),
        "/login_password",
        &[
            row("Hello@1234\n", Problem("bad_character")),
            row("Hello@1234\r\n", Problem("bad_character")),
            row("Hello\t1234", Problem("bad_character")),
            row("Hello@1234\u{1}", Problem("bad_character")),
            row("Hello@1234\u{7f}", Problem("bad_character")),
            row("Hello@1234\u{85}", Problem("bad_character")),
            row("Hello@1234\u{a0}", Warning("unadvised")),
            row("Hello@1234\u{200b}", Warning("unadvised")),
            row("Hello@1234密", Warning("unadvised")),
            row("Hello 1234", Nothing),
            row("Hello~1234", Nothing),
        ],
    );
    let seven = ["/login_password weak_password"];
    finds_in(&with_password("Aa1öööö"), &seven, &["/login_password unadvised"]);
}

#[test]
fn a_password_holds_three_of_four_kinds() {
    let weak = [
        "helloworld",
        "HELLOWORLD",
        "12345678",
        "@@@@@@@@",
        "HelloWorld",
        "hello1234",
        "HELLO1234",
    ]
    .into_iter()
    .chain(["hello@@@", "HELLO@@@", "1234@@@@"]);
    for password in weak {
        let row = [(json!(password), Problem("weak_password"))];
        borders(&with_password(PASSWORD), "/login_password", &row);
    }
    for password in ["Hello1234", "Hello@World", "hello@1234", "HELLO@1234", "Hello@1234"] {
        borders(&with_password(PASSWORD), "/login_password", &[(json!(password), Nothing)]);
    }
    for special in "()`~!@#$%^&*-_+=|{}[]:;'<>,.?/\\\"".chars() {
        let password = json!(format!("hello123{special}"));
        borders(&with_password(PASSWORD), "/login_password", &[(password, Nothing)]);
    }
}

/// `client` options with whether a secret would be readable beyond this machine.
fn ways() -> Vec<(Value, bool)> {
    vec![
        (json!({}), false),
        (json!({"scheme": "https"}), false),
        (json!({"scheme": "http"}), true),
        (json!({"scheme": "http", "region_id": "cn-hangzhou"}), true),
        (json!({"endpoint": "cs.example.com"}), false),
        (json!({"endpoint": "cs.example.com", "scheme": "http"}), true),
        (json!({"endpoint": "http://cs.example.com"}), true),
        (json!({"endpoint": "HTTP://cs.example.com:8080"}), true),
        (json!({"endpoint": "http://10.0.0.1"}), true),
        (json!({"endpoint": "http://[2001:db8::1]:80"}), true),
        // An endpoint URL's scheme wins over `scheme`.
        (json!({"endpoint": "https://cs.example.com", "scheme": "http"}), false),
        (json!({"endpoint": "http://cs.example.com", "scheme": "https"}), true),
        // Loopback, and what only looks like it.
        (json!({"endpoint": "http://127.0.0.1:8080"}), false),
        (json!({"endpoint": "http://127.1.2.3"}), false),
        (json!({"endpoint": "http://localhost:8080"}), false),
        (json!({"endpoint": "http://LOCALHOST"}), false),
        (json!({"endpoint": "http://[::1]:8080"}), false),
        (json!({"endpoint": "127.0.0.1:8080", "scheme": "http"}), false),
        (json!({"endpoint": "http://127.0.0.1.example.com"}), true),
        (json!({"endpoint": "http://localhost.example.com"}), true),
        (json!({"endpoint": "http://notlocalhost"}), true),
        (json!({"endpoint": "http://0.0.0.0"}), true),
        (json!({"endpoint": "http://128.0.0.1"}), true),
        // A plain proxy reads what is not encrypted end to end; a tunnel to https it cannot read.
        (json!({"endpoint": "http://127.0.0.1", "proxy": "http://proxy.example.com:3128"}), true),
        (json!({"endpoint": "http://127.0.0.1", "proxy": "proxy.example.com:3128"}), true),
        (json!({"endpoint": "http://127.0.0.1", "proxy": "http://127.0.0.1:3128"}), false),
        (json!({"endpoint": "http://127.0.0.1", "proxy": ""}), false),
        (json!({"endpoint": "http://cs.example.com", "proxy": "http://127.0.0.1:3128"}), true),
        (json!({"endpoint": "https://cs.example.com", "proxy": "http://proxy.example.com"}), false),
    ]
}

/// A scheme that loses against the endpoint's is warned of, whatever travels.
fn warnings(client: &Value) -> Vec<&'static str> {
    let endpoint = client["endpoint"].as_str().unwrap_or_default();
    let scheme = client["scheme"].as_str().unwrap_or_default();
    let loses = !scheme.is_empty() && endpoint.contains("://");
    loses.then_some("/client/scheme no_effect").into_iter().collect()
}

#[test]
fn a_password_never_travels_in_the_plain() {
    for (client, exposed) in ways() {
        let mut document = with_password(PASSWORD);
        document["client"] = client.clone();
        let problems: &[&str] = if exposed { &["/login_password plaintext_secret"] } else { &[] };
        finds_in(&document, problems, &warnings(&client));
        // Without a secret there is nothing to read.
        let mut document = small();
        document["client"] = client.clone();
        finds_in(&document, &[], &warnings(&client));
    }
}

#[test]
fn a_security_token_never_travels_in_the_plain() {
    let keys = json!({"access_key_id": "testid", "access_key_secret": "testsecret"});
    for (client, exposed) in ways() {
        let warnings = warnings(&client);
        let mut document = small();
        document["client"] = client;
        merge(&mut document["client"], keys.clone());
        finds_in(&document, &[], &warnings);
        document["client"]["security_token"] = json!("testtoken");
        let told = ["/client/security_token plaintext_secret", "/login_password plaintext_secret"];
        finds_in(&document, if exposed { &told[..1] } else { &[] }, &warnings);
        let mut both = with_password(PASSWORD);
        both["client"] = document["client"].clone();
        finds_in(&both, if exposed { &told } else { &[] }, &warnings);
    }
}

#[test]
fn neither_unchecked_nor_a_dry_run_lets_a_secret_travel_in_the_plain() {
    let mut document = with_password("short");
    document["client"] = json!({
        "endpoint": "http://cs.example.com",
        "dry_run": true,
        "unchecked": ["/login_password"],
    });
    finds_in(&document, &["/login_password plaintext_secret"], &[]);
}

#[test]
fn a_weak_password_in_the_plain_is_two_problems() {
    let mut document = with_password("short");
    document["client"] = json!({"scheme": "http"});
    finds_in(
        &document,
        &["/login_password weak_password", "/login_password plaintext_secret"],
        &[],
    );
}

#[test]
fn a_password_is_masked_wherever_it_stands_in_the_body() {
    for (members, sent) in [
        (r#""login_password":"Hello@1234","count":1"#, r#"{"login_password":"***","count":1}"#),
        (
            r#""count":1,"login_password":"H\u0065llo@1234""#,
            r#"{"count":1,"login_password":"***"}"#,
        ),
        (
            r#""image_id":"Hello@123","login_password":"Hello@123""#,
            "Hello@123\",\"login_password\":\"***",
        ),
    ] {
        let body = crate::support::body(members);
        assert!(body.contains(sent), "{body}");
    }
    let mut document = full();
    put(&mut document, "/key_pair", Value::Null);
    put(&mut document, "/login_password", json!(PASSWORD));
    assert!(!verdict(&document.to_string()).document.to_string().contains(PASSWORD));
}
