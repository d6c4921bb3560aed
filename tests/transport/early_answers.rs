//! The promise: what is there before a request's first byte was written is no answer to it, wherever it
//! lies; and what is left over behind a reply is none to the next one.

use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use cs_scale_out::Status;
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, Stream};
use serde_json::{Value, json};

use crate::common::{call, merge};
use crate::servers::{
    Authority, Requests, Server, accepted, cluster_of, file, flush, folder, kept, pem,
    server_config, shake_hands, with_length,
};

/// Replies that somebody may want believed.
fn forged() -> [String; 4] {
    [
        accepted("forged", "T-forged"),
        with_length("429 Too Many Requests", r#"{"Code":"Throttling","Message":"x"}"#),
        with_length("500 Internal Server Error", ""),
        "H".to_owned(),
    ]
}

fn assert_unsent(document: &Value, server: &Server, what: &str) {
    let (status, answer) = call(document);
    assert_eq!(status, Status::Unsent, "{what}: {answer}");
    assert!(answer["cause"].as_str().is_some_and(|c| c.contains("bytes were there")), "{answer}");
    assert!(server.requests().is_empty(), "{what}: the request was written");
}

/// Serves TLS: a good certificate, and the file that vouches for it.
fn secure(
    name: &str,
    change: impl Fn(&mut ServerConfig),
    serve: impl Fn(&mut TcpStream, &Arc<ServerConfig>, &Requests) -> io::Result<()>
    + Send
    + Sync
    + 'static,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> (Server, Value) {
    let authority = Authority::new();
    let mut config = server_config(&authority.sign(|_| {}), versions);
    change(&mut config);
    let config = Arc::new(config);
    let server = Server::start(move |stream, _, requests| serve(stream, &config, requests));
    let ca = file(&folder(name), "ca.pem", &pem(&[authority.issuer.der()]));
    (server, json!({"ca_file": ca}))
}

/// After what was written the connection stays open, until a request comes that should not.
fn linger(stream: &mut TcpStream, requests: &Requests) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    requests.read(stream).map(drop)
}

fn linger_in_tls(
    stream: &mut TcpStream,
    tls: &mut rustls::ServerConnection,
    requests: &Requests,
) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    requests.read(&mut Stream::new(tls, stream)).map(drop)
}

#[test]
fn in_the_flight_that_ends_a_handshake() {
    // In TLS 1.2 that is the server's Finished; in 1.3 a server may speak before the client's.
    for (versions, half) in [(&[&TLS12], false), (&[&TLS13], true)] {
        for (number, reply) in forged().into_iter().enumerate() {
            let early = reply.clone();
            let name = format!("early-{half}-{number}");
            let serve = move |stream: &mut TcpStream, config: &_, requests: &Requests| {
                let mut tls = shake_hands(stream, config, early.as_bytes())?;
                linger_in_tls(stream, &mut tls, requests)
            };
            let change = |config: &mut ServerConfig| config.send_half_rtt_data = half;
            let (server, trust) = secure(&name, change, serve, versions);
            let document = server.request("https", "c", trust);
            assert_unsent(&document, &server, &format!("half {half}: {reply}"));
        }
    }
}

#[test]
fn a_record_that_has_not_come_whole_is_waited_for() {
    // The first bytes of a record of application data share a segment with Finished, the rest follows.
    let early = accepted("forged", "T-forged");
    let serve = move |stream: &mut TcpStream, config: &Arc<ServerConfig>, requests: &Requests| {
        let mut tls = rustls::ServerConnection::new(Arc::clone(config)).expect("a session");
        while tls.is_handshaking() {
            if tls.wants_write() {
                flush(&mut tls, stream)?;
                continue;
            }
            tls.read_tls(stream)?;
            tls.process_new_packets().map_err(io::Error::other)?;
        }
        tls.writer().write_all(early.as_bytes())?;
        let mut records = Vec::new();
        while tls.wants_write() {
            tls.write_tls(&mut records)?;
        }
        let (first, rest) = records.split_at(records.len() - 20);
        stream.write_all(first)?;
        std::thread::sleep(Duration::from_millis(100));
        stream.write_all(rest)?;
        linger_in_tls(stream, &mut tls, requests)
    };
    let (server, trust) = secure("early-partial", |_| {}, serve, &[&TLS12]);
    assert_unsent(&server.request("https", "c", trust), &server, "a partial record");
}

#[test]
fn behind_a_proxys_yes() {
    for (reply, scheme) in forged().into_iter().flat_map(|r| [(r.clone(), "http"), (r, "https")]) {
        let early = format!("HTTP/1.1 200 Connection Established\r\n\r\n{reply}");
        let proxy = Server::start(move |stream, _, requests| {
            // CONNECT is none of those that are counted.
            Requests::default().read(stream)?;
            stream.write_all(early.as_bytes())?;
            linger(stream, requests)
        });
        let proxy_url = format!("http://{}", proxy.addr);
        let document = proxy.request(scheme, "c", json!({"proxy": proxy_url}));
        assert_unsent(&document, &proxy, &reply);
    }
}

/// Answers the request for c0 twice at once, the second time as c1 would want it.
fn answer_twice(first: &str, requests: &Requests, read: &mut impl io::Read) -> io::Result<String> {
    match cluster_of(&requests.read(read)?) {
        "c0" => Ok(format!("{first}{}", accepted("c1", "T-again"))),
        cluster => Ok(accepted(cluster, "T-own")),
    }
}

/// Two calls; the second one must not be told what is left over from the first.
fn assert_not_shifted(server: &Server, scheme: &str, trust: &Value, what: &str) {
    for cluster in ["c0", "c1", "c2"] {
        let mut client = kept();
        merge(&mut client, trust.clone());
        let (status, answer) = call(&server.request(scheme, cluster, client));
        assert_eq!(status, Status::Ok, "{what}, {cluster}: {answer}");
        assert_eq!(answer["cluster_id"], cluster, "{what}: {answer}");
        let task = if cluster == "c0" { "T-first" } else { "T-own" };
        assert!(
            answer["task_id"].as_str().is_some_and(|id| id.starts_with(task)),
            "{what}: {answer}"
        );
    }
    assert_eq!(server.requests().len(), 3, "{what}");
}

/// Replies that end where a buffer or a record does, and one that does not.
fn sizes() -> impl Iterator<Item = usize> {
    [300, 4096, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 32 * 1024].into_iter()
}

/// The answer to c0, as long as wanted.
fn first_reply(size: usize) -> String {
    let short = accepted("c0", "T-first");
    let missing = size.saturating_sub(short.len());
    short.replacen("\r\n", &format!("\r\nX-Pad: {}\r\n", "x".repeat(missing.saturating_sub(9))), 1)
}

#[test]
fn a_second_reply_behind_the_first_over_http() {
    for size in sizes() {
        let first = first_reply(size);
        let server = Server::start(move |stream, _, requests| {
            loop {
                let reply = answer_twice(&first, requests, stream)?;
                stream.write_all(reply.as_bytes())?;
            }
        });
        assert_not_shifted(&server, "http", &json!({}), &format!("{size} bytes"));
    }
}

#[test]
fn a_second_reply_behind_the_first_over_tls() {
    for versions in [&[&TLS12], &[&TLS13]] {
        for (size, apart) in sizes().flat_map(|size| [(size, false), (size, true)]) {
            let first = first_reply(size);
            let serve = move |stream: &mut TcpStream, config: &_, requests: &Requests| {
                let mut tls = shake_hands(stream, config, b"")?;
                loop {
                    let reply = answer_twice(&first, requests, &mut Stream::new(&mut tls, stream))?;
                    // In a record of its own, and in the same one.
                    let at =
                        if apart && reply.len() > first.len() { first.len() } else { reply.len() };
                    for part in [&reply[..at], &reply[at..]] {
                        tls.writer().write_all(part.as_bytes())?;
                    }
                    flush(&mut tls, stream)?;
                }
            };
            let name = format!("twice-{size}-{apart}");
            let (server, trust) = secure(&name, |_| {}, serve, versions);
            assert_not_shifted(&server, "https", &trust, &name);
        }
    }
}

#[test]
fn half_a_record_behind_a_reply() {
    let serve = move |stream: &mut TcpStream, config: &_, requests: &Requests| {
        let mut tls = shake_hands(stream, config, b"")?;
        loop {
            let request = requests.read(&mut Stream::new(&mut tls, stream))?;
            let cluster = cluster_of(&request);
            let task = if cluster == "c0" { "T-first" } else { "T-own" };
            tls.writer().write_all(accepted(cluster, task).as_bytes())?;
            let mut records = Vec::new();
            tls.write_tls(&mut records)?;
            if cluster == "c0" {
                // The rest may come at any time.
                records.extend_from_slice(&[23, 3, 3, 0, 99, 1, 2, 3]);
            }
            stream.write_all(&records)?;
        }
    };
    let (server, trust) = secure("half-record", |_| {}, serve, &[&TLS13]);
    assert_not_shifted(&server, "https", &trust, "half a record");
}
