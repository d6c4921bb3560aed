//! Hosts that are hard on libraries: each a program in C that is one, compiled and run here.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use local_ack::{Fault, Options};

use super::support::each_way;
use crate::common::faults::fault;
use crate::common::{Servers, start_with};
use crate::common_c::{Workshop, library};

/// A server that answers everything with JSON as deep as a reply may be large.
fn nesting() -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let depth = 150_000;
    let body = format!("{{\"tasks\":{}0{}}}", "{\"\":".repeat(depth), "}".repeat(depth));
    let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}", body.len());
    let reply = format!("{head}\r\n\r\n{body}");
    // It ends with the test program; a client that goes early is no failure of the server.
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 8192]).and_then(|_| stream.write_all(reply.as_bytes()));
        }
    });
    Ok(url)
}

#[test]
fn a_thread_with_a_stack_of_64_kib() {
    let shop = Workshop::new("small-stack");
    let program = shop.build("tests/c/small_stack.c");
    let (servers, nesting) = (Servers::start(), nesting().expect("a server"));
    // 16 of them must stay free: some C libraries take the guard page from the stack, a handler of
    // the host's may need its part, and keys longer than local-ack's take more.
    let arguments = servers.and(&[&nesting, "64", "16"]);
    // Not under valgrind, where the rest of the stack cannot be looked at.
    shop.bare().check(&program, &arguments, &[]);
}

#[test]
fn all_signals_blocked() {
    each_way("blocked", |runner, program, servers| {
        servers.http.fault_for("reset", Fault::ResetMidRequest);
        runner.check(program, &servers.and(&[]), &[]);
    });
}

#[test]
fn alarm_ticking() {
    each_way("ticking", |runner, program, servers| {
        // Long enough for many a signal while an answer is waited for.
        for (ack, cluster) in
            [(&servers.http, "c1"), (&servers.https, "c2"), (&servers.https, "c5")]
        {
            ack.fault_for(cluster, Fault::Delay(Duration::from_millis(300)));
        }
        runner.check(program, &servers.and(&[runner.pick("3000", "50000")]), &[]);
    });
}

#[test]
fn threads_that_are_cancelled() {
    each_way("cancel", |runner, program, servers| {
        for (ack, cluster) in [(&servers.http, "slow-1"), (&*servers.https, "slow-2")] {
            ack.fault_for(cluster, Fault::Delay(Duration::from_secs(runner.pick(1, 10))));
        }
        runner.check(program, &servers.and(&[]), &[]);
    });
}

#[test]
fn who_searches_its_memory_for_secrets() {
    let shop = Workshop::new("secrets");
    let program = shop.build("tests/c/secrets.c");
    let options = |tls| Options {
        access_key_secret: "acc3ss-KEY-s3cret-WvUtBn".to_owned(),
        tls,
        ..Options::default()
    };
    let [http, https, echo] = [false, true, false].map(|tls| start_with(options(tls)));
    echo.fault(fault("status:status=400,code=Bad,message=what is Zq7-login-PAssw0rd-xKd?"));
    let ca_file = shop.write("ca.pem", https.ca_pem().expect("an authority"));
    let ca_file = ca_file.to_str().expect("UTF-8");
    // Not under valgrind, which keeps copies of its own; and the loader, where it binds a name at its first
    // call, keeps what the program's own copying left in registers.
    let variables = [("LD_BIND_NOW", "1")];
    shop.bare().check(&program, &[&http.url(), &https.url(), ca_file, &echo.url()], &variables);
}

#[test]
fn a_locale_that_writes_decimal_commas() {
    let shop = Workshop::new("commas");
    let program = shop.build("tests/c/commas.c");
    let locales = shop.dir().to_str().expect("UTF-8");
    // Few machines have such a locale; most can make one.
    let mut localedef = Command::new("localedef");
    localedef.args(["-c", "-i", "de_DE", "-f", "UTF-8"]).arg(shop.path("de_DE.UTF-8"));
    let variables: &[_] = match localedef.output() {
        Ok(output) if output.status.success() => &[("LOCPATH", locales)],
        _ => &[],
    };
    for runner in shop.runners() {
        let servers = Servers::start();
        let throttled = "status:status=429,code=Throttling.User,header.x-acs-retry-after=10";
        servers.http.fault_for("numbers", fault(throttled));
        runner.check(&program, &servers.and(&[]), variables);
        let sent = servers.http.ledger().into_iter().find(|p| p.cluster_id == "numbers");
        let body =
            r#"{"count":501,"key_pair":"k","worker_system_disk_size":32768,"factor":1234.5e-1}"#;
        assert!(sent.is_none_or(|sent| sent.body == body), "the numbers went out as given");
    }
}

#[test]
fn after_fork() {
    each_way("forking", |runner, program, servers| {
        // Under valgrind, what the threads of the parent hold is lost in the child.
        runner.check(program, &servers.and(&[runner.pick("50", "0")]), &[]);
    });
}

#[test]
fn a_chroot_without_certificates() {
    let shop = Workshop::new("jail");
    let program = shop.build("tests/c/jail.c");
    let folder = shop.path("root");
    fs::create_dir(&folder).expect("a folder");
    let inside = folder.join("roots.pem");
    let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    for runner in shop.runners() {
        let servers = Servers::start();
        fs::copy(servers.https.ca_file(), &inside).expect("a copy");
        let address = format!("https://{}", servers.https.addr());
        let arguments =
            [servers.http.url(), address, text(&folder), "/roots.pem".into(), text(&inside)];
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        // With a library that is used there first, and with one that was used before.
        runner.check(&program, &arguments[..4], &[]);
        runner.check(&program, &arguments, &[]);
    }
}

#[test]
fn loaded_by_dlopen_and_unloaded() {
    let shop = Workshop::new("unload");
    // The library is not needed, and so not linked; the program's own functions stand before others'.
    let flags = ["-g", "-pthread", "-rdynamic", "-Wl,--as-needed"];
    let program = shop.compile("CC", "-std=c99", Path::new("tests/c/unload.c"), &flags);
    let library = library();
    let library = library.to_str().expect("UTF-8");
    for runner in shop.runners() {
        for who in ["main", "others"] {
            let servers = Servers::start();
            let loops = runner.pick("200", "10");
            runner.check(&program, &servers.and(&[library, loops, who]), &[]);
        }
    }
}
