//! The promise: what failed before the first byte is told with its place, by the step that failed, and
//! with a hint that is true.

use std::io::Write;
use std::net::TcpListener;

use cs_scale_out::Status;
use serde_json::{Value, json};

use crate::common::{FullQueue, call, merge};
use crate::servers::Server;

/// A call that sends nothing; its answer.
fn unsent(server: &Server, scheme: &str, extra: Value) -> Value {
    let (status, answer) = call(&server.request(scheme, "c", extra));
    assert_eq!(status, Status::Unsent, "{answer}");
    answer
}

fn assert_told(answer: &Value, cause: &str, hint: &str) {
    assert_eq!(answer["cause"], cause, "{answer}");
    assert!(answer["hint"].as_str().unwrap_or_default().contains(hint), "{hint}: {answer}");
}

/// A proxy that answers CONNECT with this.
fn proxy(reply: &'static str) -> Server {
    Server::start(move |stream, _, requests| {
        requests.read(stream)?;
        stream.write_all(reply.as_bytes())
    })
}

#[test]
fn a_proxy_says_no() {
    let server = Server::start(|_, _, _| Ok(()));
    let cases = [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\n\
             Proxy-Authenticate: Negotiate\r\n\r\n",
            "the proxy answered CONNECT with 407, asking for NTLM, Negotiate",
            "only Basic is spoken here",
        ),
        (
            "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"Negotiate, x\"\r\n\r\n",
            "the proxy answered CONNECT with 407, asking for Basic",
            "percent-encoded",
        ),
        ("HTTP/1.1 407 x\r\n\r\n", "the proxy answered CONNECT with 407", "wants a login"),
        ("HTTP/1.1 403 x\r\n\r\n", "the proxy answered CONNECT with 403", "check client.proxy"),
        ("HTTP/1.1 302 x\r\nLocation: /\r\n\r\n", "the proxy answered CONNECT with 302", "proxy"),
        ("220 smtp.example ESMTP\r\n", "the reply is not HTTP", "no proxy that knows CONNECT"),
        ("", "the connection was closed before the proxy had answered CONNECT", "no proxy"),
    ];
    for (reply, cause, hint) in cases {
        let proxy = proxy(reply);
        for scheme in ["http", "https"] {
            let answer =
                unsent(&server, scheme, json!({"proxy": format!("http://{}", proxy.addr)}));
            assert_told(&answer, &format!("{}: {cause}", proxy.addr), hint);
        }
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_proxy_is_told_who_asks_and_where_to() {
    let proxy = proxy("HTTP/1.1 502 x\r\n\r\n");
    let server = Server::start(|_, _, _| Ok(()));
    let url = format!("http://user:p%40ss%3Aw%25@{}", proxy.addr);
    for (endpoint, target) in [
        ("https://cs.example", "cs.example:443"),
        ("http://localhost", "localhost:80"),
        ("https://[::1]:8443", "[::1]:8443"),
    ] {
        unsent(&server, "http", json!({"proxy": url, "endpoint": endpoint}));
        let request = proxy.requests().pop().expect("a request");
        // printf 'user:p@ss:w%%' | base64
        let login = "Proxy-Authorization: Basic dXNlcjpwQHNzOncl\r\n";
        assert!(
            request.starts_with(&format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n")),
            "{request}"
        );
        assert!(request.contains(login), "{request}");
    }
}

#[test]
fn the_step_that_took_too_long_is_named() {
    let full = FullQueue::start();
    let at = full.addr;
    let silent =
        Server::start(|stream, _, _| std::io::copy(stream, &mut std::io::sink()).map(drop));
    let open = silent.addr;
    let proxy = json!({"proxy": format!("http://{open}")});
    let cases = [
        (
            "http",
            json!({"endpoint": format!("http://{at}")}),
            format!("{at}: no connection was made in time"),
            "nothing on the way blocks it",
        ),
        (
            "http",
            proxy,
            format!("{open}: the proxy did not answer CONNECT in time"),
            "client.proxy",
        ),
        (
            "https",
            json!({}),
            format!("{open}: the TLS handshake did not end in time"),
            "scheme and port",
        ),
    ];
    for (scheme, extra, cause, hint) in cases {
        let mut client = json!({"connect_timeout_ms": 300});
        merge(&mut client, extra);
        assert_told(&unsent(&silent, scheme, client), &cause, hint);
    }
    let (status, answer) = call(&silent.request("http", "c", json!({"timeout_ms": 1000})));
    assert_eq!(status, Status::Unknown, "{answer}");
    assert_eq!(answer["cause"], format!("{open}: timed out waiting for the reply"));
}

#[test]
fn where_nobody_listens_or_nothing_leads() {
    let server = Server::start(|_, _, _| Ok(()));
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port");
    let way = "nothing on the way blocks it";
    let cases = [
        (
            json!({"endpoint": format!("http://{closed}")}),
            format!("{closed}: connection refused"),
            way,
        ),
        (
            json!({"proxy": format!("http://{closed}")}),
            format!("{closed}: connection refused"),
            way,
        ),
        (
            json!({"endpoint": "https://no-such-host.invalid"}),
            "no-such-host.invalid: the name".to_owned(),
            "resolve names",
        ),
    ];
    for (extra, cause, hint) in cases {
        let answer = unsent(&server, "http", extra);
        assert!(answer["cause"].as_str().is_some_and(|c| c.starts_with(&cause)), "{answer}");
        assert!(answer["hint"].as_str().is_some_and(|h| h.contains(hint)), "{answer}");
    }
}

#[test]
fn what_answers_tls_with_something_else() {
    for (reply, cause, hint) in [
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "what answered does not speak TLS", "scheme and port"),
        ("", "the connection was closed during the TLS handshake", "scheme and port"),
        // Alerts: handshake_failure, unrecognized_name, and one that has no number.
        (
            "\x15\x03\x03\0\x02\x02\x28",
            "the server ended the TLS handshake (handshake failure)",
            "TLS 1.2",
        ),
        (
            "\x15\x03\x03\0\x02\x02\x70",
            "the server ended the TLS handshake (unrecognized name)",
            "host name",
        ),
        (
            "\x15\x03\x03\0\x02\x02\x7f",
            "the server ended the TLS handshake (alert 127)",
            "host name",
        ),
    ] {
        let server = Server::start(move |stream, _, _| {
            std::io::Read::read(stream, &mut [0; 4096])?;
            stream.write_all(reply.as_bytes())?;
            stream.shutdown(std::net::Shutdown::Write)
        });
        let answer = unsent(&server, "https", json!({}));
        assert_told(&answer, &format!("{}: {cause}", server.addr), hint);
    }
}
