//! The promise: no secret's value stands in a document that says what is wrong, wherever in the
//! input it was.

use crate::common::{CLUSTER, read};
use crate::support::{full, put, small};
use cs_scale_out::Status;
use serde_json::{Value, json};

const SECRET: &str = "Qx7@vErYsEcReT";
/// The same as a number: somebody's password, its quotes forgotten.
const NUMBER: u64 = 7_391_462_850_173_946;

/// Both functions; whatever they say, they do not say the secret.
fn silent(text: &str) {
    for answer in
        [cs_scale_out::validate(text.as_bytes()), cs_scale_out::scale_out(text.as_bytes())]
    {
        let (status, document) = read(answer);
        assert!(matches!(status, Status::Invalid | Status::Argument), "{document}");
        let said = document.to_string().to_lowercase();
        for part in [SECRET.to_lowercase(), "verysecret".to_owned(), NUMBER.to_string()] {
            assert!(!said.contains(&part), "{part} in {document}");
        }
    }
}

/// A secret in every JSON shape.
fn shapes() -> Vec<Value> {
    vec![
        json!(SECRET),
        json!(NUMBER),
        json!([SECRET]),
        json!([[NUMBER]]),
        json!({"a": SECRET}),
        json!({"key": SECRET, "name": SECRET, "size": SECRET, "effect": SECRET}),
        json!([{"key": SECRET, "effect": SECRET, "size": SECRET, "encrypted": SECRET}, 1]),
        json!([[{"a": [SECRET]}]]),
        json!(format!("http://user:{SECRET}@host/path")),
        json!(format!("{SECRET} {SECRET}")),
        json!(format!("{SECRET}\n{}", "x".repeat(100))),
    ]
}

/// A document that is refused anyway, so that every rule has its say beside the secret.
fn refused() -> Value {
    let mut document = full();
    document["stranger"] = json!(1);
    document
}

#[test]
fn a_secret_in_any_member_is_not_repeated() {
    let document = refused();
    let top = document.as_object().expect("an object").keys().map(|name| format!("/{name}"));
    let client = document["client"].as_object().expect("an object").keys();
    let nested = ["runtime/name", "tags/0/key", "tags/0/value", "taints/0/effect", "vswitch_ids/0"]
        .into_iter()
        .chain(["worker_data_disks/0/size", "worker_data_disks/0/encrypted", "client/unchecked/0"]);
    let pointers = top
        .chain(client.map(|name| format!("/client/{name}")))
        .chain(nested.map(|path| format!("/{path}")))
        .chain(["/login_password".to_owned(), "/client/stranger".to_owned()]);
    for pointer in pointers {
        // A count or a size may be named: a number that is taken for one is no secret.
        let takes_a_number = ["/count", "/worker_system_disk_size"].contains(&&*pointer);
        for shape in shapes().into_iter().filter(|shape| !(takes_a_number && shape.is_number())) {
            let mut document = document.clone();
            put(&mut document, &pointer, shape);
            silent(&document.to_string());
        }
    }
}

#[test]
fn secrets_are_not_repeated_whatever_else_is_wrong() {
    let keys = json!({
        "access_key_id": "testid",
        "access_key_secret": SECRET,
        "security_token": SECRET,
        "proxy": format!("http://user:{SECRET}@proxy.example.com:3128"),
    });
    for (pointer, value) in [
        ("/ClusterId", json!("a/b")),
        ("/key_pair", json!("k")),
        ("/count", json!(0)),
        ("/new", json!({"login_password": SECRET})),
        ("/client/scheme", json!("http")),
        ("/client/endpoint", json!("http://cs.example.com")),
        ("/client/access_key_id", Value::Null),
        ("/client/access_key_secret", json!([SECRET])),
        ("/client/security_token", json!(format!("{SECRET}\r\nx: y"))),
        ("/client/proxy", json!(format!("socks5://user:{SECRET}@proxy"))),
        ("/client/unchecked", json!([SECRET])),
    ] {
        let mut document = json!({"ClusterId": CLUSTER, "login_password": SECRET, "client": keys});
        put(&mut document, pointer, value);
        silent(&document.to_string());
    }
    for password in ["verysecret".to_owned(), "verysecret1".repeat(4), format!("{SECRET}\u{0}")] {
        let mut document = json!({"ClusterId": CLUSTER, "stranger": 1, "client": keys});
        document["login_password"] = json!(password);
        silent(&document.to_string());
    }
}

#[test]
fn secrets_are_not_repeated_where_the_json_is_broken() {
    let document = format!(r#"{{"ClusterId":"c","login_password":"{SECRET}""#);
    let broken = [
        document.clone(),
        format!("{document},}}"),
        format!("{document}{document}"),
        SECRET.to_owned(),
        format!("\"{SECRET}\""),
        NUMBER.to_string(),
        format!(r#"{{"login_password":{SECRET}}}"#),
        format!(r#"{{"login_password":"{SECRET}\x"}}"#),
        format!(r#"{{"login_password":"{SECRET}\ud800","ClusterId":"c"}}"#),
        format!(r#"{{"login_password":0{NUMBER}}}"#),
        format!(r#"{document},"login_password":"{SECRET}"}}"#),
        format!(r#"{document},"\ud800":1}}"#),
    ];
    for text in broken {
        silent(&text);
    }
    let mut bytes = format!("{document}}}").into_bytes();
    bytes.insert(40, 0xff);
    let (status, answer) = read(cs_scale_out::validate(&bytes));
    assert_eq!(status, Status::Argument);
    assert!(!answer.to_string().contains("Qx7"), "{answer}");
}

#[test]
fn an_ok_document_does_not_repeat_them_either() {
    let mut document = small();
    document["key_pair"] = Value::Null;
    document["login_password"] = json!(SECRET);
    document["worker_data_disk"] = json!(true);
    document["client"] = json!({
        "access_key_id": "testid",
        "access_key_secret": SECRET,
        "security_token": SECRET,
        "proxy": format!("http://user:{SECRET}@127.0.0.1:1"),
        "dry_run": true,
    });
    let text = document.to_string();
    for answer in
        [cs_scale_out::validate(text.as_bytes()), cs_scale_out::scale_out(text.as_bytes())]
    {
        let (status, document) = read(answer);
        assert_eq!(status, Status::Ok, "{document}");
        assert!(!document.to_string().contains(SECRET), "{document}");
    }
}
