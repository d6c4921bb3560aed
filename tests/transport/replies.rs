//! The promise: a reply that did not come whole, or is not HTTP as it can be trusted, is no answer; one
//! that came whole is, however long its head.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

use cs_scale_out::Status;
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, Stream};
use serde_json::{Value, json};

use crate::common::{call, merge};
use crate::servers::{
    Authority, Requests, Server, accepted, cluster_of, file, flush, folder, kept, pem,
    server_config, shake_hands, with_length,
};

/// One call to a server that answers with `reply` and closes.
fn answered(reply: &str) -> (Status, Value, usize) {
    let reply = reply.to_owned();
    let server = Server::start(move |stream, _, requests| {
        requests.read(stream)?;
        stream.write_all(reply.as_bytes())?;
        stream.shutdown(Shutdown::Write)
    });
    let (status, answer) = call(&server.request("http", "c", json!({"max_attempts": 3})));
    (status, answer, server.requests().len())
}

const ACCEPTED: &str = r#"{"cluster_id":"c","request_id":"R","task_id":"T-1"}"#;

#[test]
fn what_is_not_to_be_trusted_is_unknown_and_never_sent_again() {
    let chunks = format!("{:x}\r\n{ACCEPTED}\r\n0\r\n\r\n", ACCEPTED.len());
    for reply in [
        format!("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n{}", accepted("c", "T-1")),
        format!("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"),
        format!("HTTP/1.1 200 OK\r\nContent-Length: 7, 8\r\n\r\n{ACCEPTED}"),
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{ACCEPTED}", ACCEPTED.len() + 1),
        format!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}",
            &chunks[..chunks.len() - 2]
        ),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n{ACCEPTED}"),
        format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n{ACCEPTED}", "x".repeat(70_000)),
        "HTTP/1.1 100 Continue\r\n\r\n".repeat(17) + &accepted("c", "T-1"),
        "SSH-2.0-OpenSSH_9.2\r\n".to_owned(),
        String::new(),
    ] {
        let (status, answer, requests) = answered(&reply);
        let shown = &reply[..reply.len().min(80)];
        assert_eq!((status, requests), (Status::Unknown, 1), "{shown}: {answer}");
        assert!(answer["cause"].as_str().is_some_and(|cause| cause.starts_with("127.0.0.1:")));
    }
}

#[test]
fn long_heads_interim_replies_and_old_servers_are_read() {
    let chunks = format!("{:x}\r\n{ACCEPTED}\r\n0\r\nX-Trailer: y\r\n\r\n", ACCEPTED.len());
    for reply in [
        // Proxies and gateways add fields of their own.
        with_length("200 OK", ACCEPTED).replacen(
            "\r\n",
            &format!("\r\n{}", "X-F: y\r\n".repeat(255)),
            1,
        ),
        with_length("200 OK", ACCEPTED).replacen(
            "\r\n",
            &format!("\r\nX: {}\r\n", "x".repeat(60_000)),
            1,
        ),
        format!(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n{}",
            accepted("c", "T-1")
        ),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"),
        format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n{ACCEPTED}", ACCEPTED.len()),
        format!("HTTP/1.1 200 OK\r\n\r\n{ACCEPTED}"),
    ] {
        let (status, answer, _) = answered(&reply);
        let shown = &reply[..reply.len().min(80)];
        assert_eq!(status, Status::Ok, "{shown}: {answer}");
        assert!(answer["task_id"].as_str().is_some_and(|id| id.starts_with("T-1")), "{shown}");
    }
}

/// A server with TLS whose body ends with the connection: in order, or cut.
fn until_close(
    name: &str,
    in_order: bool,
    version: &'static rustls::SupportedProtocolVersion,
) -> (Status, Value) {
    let authority = Authority::new();
    let config = Arc::new(server_config(&authority.sign(|_| {}), &[version]));
    let server = Server::start(move |stream, _, requests| {
        let mut tls = shake_hands(stream, &config, b"")?;
        requests.read(&mut Stream::new(&mut tls, stream))?;
        tls.writer().write_all(format!("HTTP/1.1 200 OK\r\n\r\n{ACCEPTED}").as_bytes())?;
        if in_order {
            tls.send_close_notify();
        }
        flush(&mut tls, stream)?;
        stream.shutdown(Shutdown::Write)
    });
    let ca = file(&folder(name), "ca.pem", &pem(&[authority.issuer.der()]));
    call(&server.request("https", "c", json!({"ca_file": ca})))
}

#[test]
fn a_body_that_ends_with_its_connection_needs_the_end_that_tls_gives_it() {
    for (version, name) in [(&TLS12, "12"), (&TLS13, "13")] {
        let (status, answer) = until_close(&format!("close-notify-{name}"), true, version);
        assert_eq!((status, &answer["task_id"]), (Status::Ok, &json!("T-1")), "{answer}");
        let (status, answer) = until_close(&format!("cut-{name}"), false, version);
        assert_eq!(status, Status::Unknown, "{answer}");
        assert!(answer["cause"].as_str().is_some_and(|c| c.contains("close_notify")), "{answer}");
    }
}

#[test]
fn a_connection_that_was_said_to_end_is_not_used_again() {
    let authority = Authority::new();
    let config: Arc<ServerConfig> = Arc::new(server_config(&authority.sign(|_| {}), &[&TLS13]));
    let serve = move |stream: &mut TcpStream, _, requests: &Requests| -> io::Result<()> {
        let mut tls = shake_hands(stream, &config, b"")?;
        loop {
            let request = requests.read(&mut Stream::new(&mut tls, stream))?;
            tls.writer().write_all(accepted(cluster_of(&request), "T-1").as_bytes())?;
            // The reply is whole; nothing follows, but the socket stays open.
            tls.send_close_notify();
            flush(&mut tls, stream)?;
        }
    };
    let server = Server::start(serve);
    let ca = file(&folder("said"), "ca.pem", &pem(&[authority.issuer.der()]));
    for cluster in ["c0", "c1"] {
        let mut client = json!({"ca_file": ca});
        merge(&mut client, kept());
        let (status, answer) = call(&server.request("https", cluster, client));
        assert_eq!(status, Status::Ok, "{answer}");
    }
    assert_eq!(server.connections(), 2);
}

/// What a reply is taken for, and how often the request was sent.
fn ends_as(reply: &str) -> (Status, usize) {
    let (status, _, requests) = answered(reply);
    (status, requests)
}

#[test]
fn a_refusal_that_cannot_be_read_to_its_end_is_none() {
    let long = format!(r#"{{"code":"Throttling.User","x":"{}"}}"#, "y".repeat(2 * 1024 * 1024));
    let cut = r#"{"code":"Throttling.User","task_id":"T-"#;
    for body in [
        long.as_str(),
        cut,
        r#"[{"task_id":"T-1"}]"#,
        "<Error><Code>Throttling</Code>",
        "{\"code\":\"Throttling\"}\0",
        r#"{"code":"Throttling","data":{"task_id":"T-1"}}"#,
        r#"{"code":"Throttling","TaskId":"T-1"}"#,
        r#"{"code":"X.Y","Code":"Throttling.User"}"#,
        r#"{"code":"Throttling","error":{"code":"SignatureNonceUsed"}}"#,
    ] {
        for status in ["429 Too Many Requests", "400 Bad Request"] {
            let shown = &body[..body.len().min(60)];
            assert_eq!(
                ends_as(&with_length(status, body)),
                (Status::Unknown, 1),
                "{status} {shown}"
            );
        }
    }
    let surplus = format!("{}{}", with_length("429 x", "{}"), accepted("c", "T-1"));
    assert_eq!(ends_as(&surplus), (Status::Unknown, 1));
    let chunks = "HTTP/1.1 429 x\r\nTransfer-Encoding: chunked\r\n\r\n\r\n\r\n";
    assert_eq!(ends_as(chunks), (Status::Unknown, 1));
}

#[test]
fn a_page_or_nothing_is_a_refusal_all_the_same_and_a_redirect_is_sent_once() {
    for body in ["", "no", "<html><body>no</body>", "<!DOCTYPE html><p>no<br>", "<h1>no<hr>", "{}"]
    {
        assert_eq!(ends_as(&with_length("403 Forbidden", body)), (Status::Refused, 1), "{body}");
    }
    let redirect = with_length("302 Found", r#"{"code":"Throttling.User"}"#);
    assert_eq!(ends_as(&redirect), (Status::Refused, 1));
}

#[test]
fn over_plain_http_the_end_of_the_connection_may_be_a_cut() {
    let until_close = |status: &str, body: &str| format!("HTTP/1.1 {status}\r\n\r\n{body}");
    for body in ["{\"code\":\"Thr", "code", "<task_id>T-1</task_id>"] {
        let (status, requests) = ends_as(&until_close("429 x", body));
        assert_eq!((status, requests), (Status::Unknown, 1), "{body}");
    }
}

#[test]
fn a_task_beside_an_error_or_another_task_is_none() {
    for body in [
        r#"{"cluster_id":"c","request_id":"R","task_id":"T-1","error":{"message":"no"}}"#,
        r#"{"cluster_id":"c","request_id":"R","task_id":"T-1","data":{"task_id":"T-2"}}"#,
        "<Error><task_id>T-1</task_id><request_id>R</request_id></Error>",
    ] {
        let (status, answer, requests) = answered(&with_length("200 OK", body));
        assert_eq!((status, requests), (Status::Unknown, 1), "{body}: {answer}");
        assert_eq!(answer["task_id"], Value::Null, "{answer}");
    }
}

#[test]
fn over_a_used_connection_a_known_task_needs_a_request_id_of_its_own() {
    for (request_ids, wanted) in [(["R-1", "R-2"], Status::Ok), (["", ""], Status::Unknown)] {
        let task = format!("T-again-{}", request_ids[1]);
        let name = task.clone();
        let server = Server::start(move |stream, _, requests| {
            for request_id in request_ids {
                let cluster = cluster_of(&requests.read(stream)?).to_owned();
                let body =
                    json!({"cluster_id": cluster, "task_id": name, "request_id": request_id});
                stream.write_all(with_length("200 OK", &body.to_string()).as_bytes())?;
            }
            Ok(())
        });
        let document = server.request("http", "again", kept());
        assert_eq!(call(&document).1["task_id"], task);
        let (status, answer) = call(&document);
        assert_eq!((status, server.connections()), (wanted, 1), "{answer}");
    }
}
