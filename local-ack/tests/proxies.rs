//! The two relays.

mod common;

use common::{CLUSTER, Client, Request};
use local_ack::{ClosedPort, ConnectProxy, DelayProxy, LocalAck, Options, ProxyOptions, Unasked};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

#[test]
fn a_link_takes_its_round_trip_and_one_more_to_open() {
    let server = LocalAck::start().expect("a server");
    let trip = Duration::from_millis(60);
    let proxy = DelayProxy::start(server.addr(), trip).expect("a proxy");
    let mut client = Client::new(proxy.addr());
    let before = Instant::now();
    assert_eq!(client.call(&Request::scale_out(CLUSTER).roa()).status, 200);
    let first = before.elapsed();
    let before = Instant::now();
    assert_eq!(client.call(&Request::scale_out(CLUSTER).roa()).status, 200);
    let second = before.elapsed();
    assert!(first >= trip * 2, "{first:?}");
    assert!(second >= trip, "{second:?}");
    assert!(second < trip * 10, "{second:?}");
}

#[test]
fn bytes_under_way_do_not_wait_for_each_other() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let target = listener.local_addr().expect("an address");
    let proxy = DelayProxy::start(target, Duration::from_millis(200)).expect("a proxy");
    let mut client = Client::new(proxy.addr());
    let before = Instant::now();
    // Store-and-sleep would need 50 times 100 ms.
    for number in 0..50u8 {
        client.send(&[number]);
        std::thread::sleep(Duration::from_millis(1));
    }
    client.0.shutdown(std::net::Shutdown::Write).expect("half closed");
    let (mut end, _) = listener.accept().expect("the proxy connects");
    let mut got = Vec::new();
    end.read_to_end(&mut got).expect("the end is passed on");
    assert_eq!(got, (0..50u8).collect::<Vec<_>>());
    let took = before.elapsed();
    assert!(took >= Duration::from_millis(300) && took < Duration::from_secs(3), "{took:?}");
}

#[test]
fn dropping_a_relay_ends_its_connections() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let target = listener.local_addr().expect("an address");
    let proxy = DelayProxy::start(target, Duration::from_secs(60)).expect("a proxy");
    let mut client = Client::new(proxy.addr());
    client.send(b"never arrives");
    let (_end, _) = listener.accept().expect("the proxy connects");
    let before = Instant::now();
    drop(proxy);
    assert!(before.elapsed() < Duration::from_secs(10));
    assert!(client.rest().0.is_empty());
}

fn connect(target: &str, extra: &str) -> Vec<u8> {
    format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{extra}\r\n").into_bytes()
}

#[test]
fn a_tunnel_carries_a_call() {
    let server = LocalAck::start().expect("a server");
    let options = ProxyOptions { forward_to: Some(server.addr()), ..ProxyOptions::default() };
    let proxy = ConnectProxy::start(options).expect("a proxy");
    let mut client = Client::new(proxy.addr());
    let target = "cs.cn-hangzhou.aliyuncs.com:443";
    // The first bytes for the tunnel may come together with the CONNECT.
    let request = Request::scale_out(CLUSTER).roa().bytes();
    client.send(&[connect(target, ""), request].concat());
    assert_eq!(client.reply().status, 200);
    assert_eq!(client.reply().json()["cluster_id"], CLUSTER);
    assert_eq!((proxy.tunnels(), proxy.targets()), (1, vec![target.to_string()]));
    assert!(proxy.heads()[0].starts_with("CONNECT cs.cn-hangzhou"));
    drop(proxy);
    assert!(client.rest().0.is_empty());
}

#[test]
fn a_proxy_may_refuse() {
    let server = LocalAck::start().expect("a server");
    let target = server.addr().to_string();
    let credentials = Some(("user".to_string(), "pass".to_string()));
    let options = ProxyOptions { credentials, ..ProxyOptions::default() };
    let proxy = ConnectProxy::start(options).expect("a proxy");
    let ask = |extra: &str, target: &str| {
        Client::new(proxy.addr()).send(&connect(target, extra)).reply().status
    };
    let right = "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n";
    assert_eq!(ask("", &target), 407);
    assert_eq!(ask("Proxy-Authorization: Basic eDp5\r\n", &target), 407);
    assert_eq!(ask(right, "192.0.2.1:80"), 403);
    assert_eq!(ask(right, &target), 200);
    assert_eq!(proxy.tunnels(), 1);
    let options = ProxyOptions { answer: Some(502), ..ProxyOptions::default() };
    let proxy = ConnectProxy::start(options).expect("a proxy");
    let mut client = Client::new(proxy.addr());
    client.0.write_all(&connect(&target, "")).expect("sent");
    assert_eq!(client.reply().status, 502);
    assert_eq!(proxy.targets(), [target]);
}

#[test]
fn an_answer_may_stand_right_behind_the_tunnels_200() {
    let server = LocalAck::start().expect("a server");
    let answer_first = Some(Unasked { status: 200, cluster_id: CLUSTER.into() });
    let options = ProxyOptions { answer_first, ..ProxyOptions::default() };
    let proxy = ConnectProxy::start(options).expect("a proxy");
    let mut client = Client::new(proxy.addr());
    client.send(&connect(&server.addr().to_string(), ""));
    // Nothing was sent through the tunnel yet.
    let mut room = [0; 4096];
    let count = client.0.read(&mut room).expect("both in one segment");
    let text = String::from_utf8_lossy(&room[..count]);
    let (yes, reply) = text.split_once("\r\n\r\n").expect("two heads");
    assert!(yes.starts_with("HTTP/1.1 200 Connection Established"));
    assert!(reply.starts_with("HTTP/1.1 200 OK") && reply.contains(CLUSTER), "{reply}");
    assert!(server.requests().is_empty());
}

#[test]
fn a_closed_port_refuses_until_a_server_comes_up_there() {
    let closed = ClosedPort::new().expect("a port");
    assert!(TcpStream::connect(closed.addr()).is_err());
    assert_eq!(closed.url(), format!("http://{}", closed.addr()));
    let options = Options { port: closed.addr().port(), ..Options::default() };
    let server = LocalAck::with(options).expect("a server");
    assert_eq!(server.addr(), closed.addr());
    let mut client = Client::new(closed.addr());
    assert_eq!(client.call(&Request::scale_out(CLUSTER).roa()).status, 200);
}
