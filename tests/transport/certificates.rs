//! The promise: whom TLS trusts is what the roots say when a connection is made; and what is wrong with a
//! certificate is said in words that are true.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cs_scale_out::Status;
use rcgen::{BasicConstraints, IsCa, date_time_ymd};
use rustls::Stream;
use rustls::version::{TLS12, TLS13};
use serde_json::{Value, json};

use crate::common::{call, merge};
use crate::servers::{
    Authority, Identity, Server, accepted, cluster_of, file, flush, folder, kept, pem, self_signed,
    server_config, shake_hands,
};

/// A server that shows this certificate.
fn showing(identity: &Identity) -> Server {
    let config = Arc::new(server_config(identity, &[&TLS12, &TLS13]));
    Server::start(move |stream, _, requests| {
        let mut tls = shake_hands(stream, &config, b"")?;
        loop {
            let request = requests.read(&mut Stream::new(&mut tls, stream))?;
            tls.writer().write_all(accepted(cluster_of(&request), "T-1").as_bytes())?;
            flush(&mut tls, stream)?;
        }
    })
}

/// One call to it, trusting what is in `roots`.
fn trusting(server: &Server, folder: &Path, roots: &str) -> (Status, Value) {
    let ca = file(folder, "roots.pem", roots);
    call(&server.request("https", "c", json!({"ca_file": ca})))
}

fn assert_told(answer: &Value, cause: &str, hint: &[&str]) {
    let text = |member: &str| answer[member].as_str().unwrap_or_default().to_owned();
    assert!(text("cause").contains(cause), "{cause}: {answer}");
    for words in hint {
        assert!(text("hint").contains(words), "{words}: {answer}");
    }
    // No debug text of anybody's.
    for mark in ["InvalidCertificate", "Other(", "UnixTime", "DnsName", "{ "] {
        assert!(!answer.to_string().contains(mark), "{answer}");
    }
}

#[test]
fn what_is_wrong_with_a_certificate_is_told() {
    let (authority, folder) = (Authority::new(), folder("wrong"));
    let roots = pem(&[authority.issuer.der()]);
    let year = |year| {
        move |params: &mut rcgen::CertificateParams| {
            params.not_before = date_time_ymd(year, 1, 2);
            params.not_after = date_time_ymd(year + 1, 3, 4);
        }
    };
    let expired = authority.sign(year(2001));
    let early = authority.sign(year(2101));
    let name = authority.sign(|params| {
        *params = rcgen::CertificateParams::new(vec![
            "other.example".to_owned(),
            "*.b.example".to_owned(),
        ])
        .expect("names");
    });
    let mut first = authority.sign(|_| {});
    // The version is the first thing in it that has this form.
    let der = first.certificate.to_vec();
    let at = der.windows(5).position(|w| w == [0xA0, 3, 2, 1, 2]).expect("a version");
    let mut der = der;
    der[at + 4] = 0;
    first.certificate = der.into();
    let stranger = Authority::new().sign(|_| {});
    let alone = self_signed(|params| params.is_ca = IsCa::ExplicitNoCa);
    let marked = self_signed(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    let this_year = &format!("clock says 20{:02}-", years_since_2000());
    let cases: [(&Identity, &str, &[&str]); 7] = [
        (&expired, "has expired", &["valid until 2002-03-04", this_year]),
        (&early, "not valid yet", &["valid from 2101-01-02", this_year]),
        (&name, "is for other.example, *.b.example", &["another name"]),
        (&first, "version 1", &["version 3"]),
        (&stranger, "no trusted root", &["client.ca_file"]),
        (&alone, "self-signed", &["name it in client.ca_file"]),
        (&marked, "CA:TRUE", &["basicConstraints=CA:FALSE"]),
    ];
    for (identity, cause, hint) in cases {
        let server = showing(identity);
        let (status, answer) = trusting(&server, &folder, &roots);
        assert_eq!(status, Status::Unsent, "{cause}: {answer}");
        assert_told(&answer, cause, hint);
        assert!(server.requests().is_empty(), "{cause}");
    }
}

fn years_since_2000() -> u64 {
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since_1970.expect("a clock").as_secs() * 100 / 3_155_760_000 - 30
}

#[test]
fn a_certificate_among_the_roots_is_trusted_where_name_and_dates_hold() {
    let folder = folder("among");
    let ca = |params: &mut rcgen::CertificateParams| {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    };
    let signed = Authority::new().sign(|_| {});
    for good in [self_signed(ca), self_signed(|p| p.is_ca = IsCa::ExplicitNoCa), signed] {
        let (status, answer) = trusting(&showing(&good), &folder, &pem(&[&good.certificate]));
        assert_eq!(status, Status::Ok, "{answer}");
    }
    let expired = self_signed(|params| {
        ca(params);
        params.not_after = date_time_ymd(2002, 3, 4);
    });
    let named = self_signed(|params| {
        *params = rcgen::CertificateParams::new(vec!["other.example".to_owned()]).expect("names");
        ca(params);
    });
    // Another one by the same name is not the one that is trusted.
    let (trusted, other) = (self_signed(ca), self_signed(ca));
    for (shown, root, cause) in [
        (&expired, &expired, "has expired"),
        (&named, &named, "is for other.example"),
        (&other, &trusted, "CA:TRUE"),
    ] {
        let server = showing(shown);
        let (status, answer) = trusting(&server, &folder, &pem(&[&root.certificate]));
        assert_eq!(status, Status::Unsent, "{answer}");
        assert_told(&answer, cause, &[]);
        assert!(server.requests().is_empty());
    }
}

#[test]
fn a_kept_connection_is_not_used_once_its_trust_has_changed() {
    let folder = folder("changed");
    let (ours, other) = (Authority::new(), Authority::new());
    let [good, bad] = [&ours, &other].map(|authority| pem(&[authority.issuer.der()]));
    let server = showing(&ours.sign(|_| {}));
    let ca = folder.join("roots.pem");
    let call = || {
        let mut client = json!({"ca_file": ca.to_str()});
        merge(&mut client, kept());
        call(&server.request("https", "c", client))
    };
    let ok = |what: &str| {
        let (status, answer) = call();
        assert_eq!(status, Status::Ok, "{what}: {answer}");
    };
    let refused = |what: &str| {
        let (status, answer) = call();
        assert_eq!(status, Status::Unsent, "{what}: {answer}");
    };
    file(&folder, "roots.pem", &good);
    ok("at first");
    ok("the same");
    assert_eq!(server.connections(), 1, "it was kept");
    // Written over, with as many bytes; and taken back.
    std::thread::sleep(Duration::from_millis(20));
    file(&folder, "roots.pem", &bad);
    refused("written over");
    std::thread::sleep(Duration::from_millis(20));
    file(&folder, "roots.pem", &good);
    ok("taken back");
    // Another file in its place, with the time and the size of the first.
    let modified = std::fs::metadata(&ca).and_then(|m| m.modified()).expect("a time");
    let next = file(&folder, "next.pem", &bad);
    let set =
        std::fs::File::options().append(true).open(&next).and_then(|f| f.set_modified(modified));
    set.expect("a time");
    std::fs::rename(&next, &ca).expect("a rename");
    refused("renamed");
    // Where a link leads.
    file(&folder, "good.pem", &good);
    file(&folder, "bad.pem", &bad);
    for (target, is_good) in [("good.pem", true), ("bad.pem", false)] {
        std::fs::remove_file(&ca).expect("it is there");
        std::os::unix::fs::symlink(target, &ca).expect("a link");
        if is_good { ok(target) } else { refused(target) }
    }
    std::fs::remove_file(&ca).expect("it is there");
    refused("gone");
}

#[test]
fn what_cannot_be_read_as_roots_is_told_at_once() {
    let folder = folder("unreadable");
    let server = Server::start(|_, _, _| Ok(()));
    let fifo = folder.join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo");
    assert!(made.success());
    let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    for (ca, cause) in [
        (text(&fifo), "not a regular file"),
        (text(&folder), "not a regular file"),
        ("/dev/zero".to_owned(), "not a regular file"),
        (text(&folder.join("none")), "no such file"),
        (file(&folder, "empty.pem", ""), "holds no PEM certificate"),
        (
            file(
                &folder,
                "key.pem",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            ),
            "holds no PEM",
        ),
        (file(&folder, "cut.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n"), "holds no PEM"),
    ] {
        let document = server.request("https", "c", json!({"ca_file": ca, "max_attempts": 3}));
        let (status, answer) = call(&document);
        assert_eq!((status, &answer["attempts"]), (Status::Unsent, &json!(1)), "{answer}");
        assert_told(&answer, cause, &["client.ca_file"]);
    }
    assert_eq!(server.connections(), 0);
}
