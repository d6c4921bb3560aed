//! The library as C programs see it: compiles tests/c and the example against the header, links
//! them with the shared library of this build, and runs them.

use std::path::Path;

use cs_scale_out::Status;
use local_ack::{Fault, LocalAck};

use super::support::each_way;
use crate::common::faults::{Case, cases, fault};
use crate::common::start;
use crate::common_c::{Ran, Runner, STRICT, Workshop, compiler, has, header, output_of};

#[test]
fn pointers_texts_statuses_and_limits() {
    each_way("abi", |runner, program, _| {
        runner.check(program, &[env!("CARGO_PKG_VERSION")], &[]);
    });
}

#[test]
fn a_request_is_built_member_by_member() {
    each_way("edit", |runner, program, _| runner.check(program, &[], &[]));
}

#[test]
fn errno_signals_and_memory_are_the_hosts() {
    each_way("host", |runner, program, servers| runner.check(program, &servers.and(&[]), &[]));
}

#[test]
fn each_way_a_call_can_end() {
    each_way("call", |runner, program, servers| {
        let closing = start();
        (0..50).for_each(|_| closing.fault(Fault::CloseBeforeRead));
        // Some wait for a time-out, which is too short for a machine so slow.
        let mut cases = runner.pick(cases(), Vec::new());
        cases.retain(|case| case.statuses.len() == 1);
        let faulty: Vec<_> = cases.into_iter().map(faulty).collect();
        let mut more = vec![closing.url()];
        let pair =
            |(ack, case): &(LocalAck, Case)| [ack.url(), case.statuses[0].number().to_string()];
        more.extend(faulty.iter().flat_map(pair));
        let more: Vec<_> = more.iter().map(String::as_str).collect();
        // Whatever looks for keys beyond the environment finds a server that has none.
        let url = servers.http.url();
        let variables = [("CS_SCALE_OUT_METADATA_ENDPOINT", &*url)];
        runner.check(program, &servers.and(&more), &variables);
        let bought: Vec<_> = servers.http.ledger().into_iter().map(|p| p.cluster_id).collect();
        assert_eq!(bought, ["c1", "c2", "c3", "c4", "lost"]);
        assert_eq!((servers.https.ledger().len(), closing.ledger().len()), (1, 0));
        for (ack, case) in faulty {
            assert_eq!(ack.ledger().len(), usize::from(case.executed), "{}", case.fault);
        }
    });
}

#[test]
fn a_task_is_seen_through() {
    each_way("tasks", |runner, program, servers| {
        servers.http.fault_for("half", fault("task_ends:state=success,failed=1"));
        runner.check(program, &servers.and(&[]), &[]);
    });
}

fn faulty(case: Case) -> (LocalAck, Case) {
    let ack = start();
    ack.fault(case.fault.clone());
    (ack, case)
}

#[test]
fn many_threads_at_once() {
    each_way("threads", |runner, program, servers| {
        let (threads, calls) = runner.pick((16, 50), (4, 5));
        let counts = [threads.to_string(), calls.to_string()];
        runner.check(program, &[&servers.http.url(), &counts[0], &counts[1]], &[]);
        assert_eq!(servers.http.ledger().len(), threads * calls);
    });
}

#[test]
fn a_process_does_not_grow() {
    each_way("grow", |runner, program, _| {
        runner.check(program, &[runner.pick("20000", "200")], &[]);
    });
}

/// Runs the example against `ack` with a request from stdin.
fn example(runner: &Runner, program: &Path, ack: &LocalAck, secret: &str, request: &[u8]) -> Ran {
    let url = ack.url();
    let variables = [
        ("CS_SCALE_OUT_ENDPOINT", &*url),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "testid"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret),
    ];
    match request {
        [] => runner.run(program, &["examples/request.json"], &variables, b""),
        _ => runner.run(program, &["-"], &variables, request),
    }
}

const REQUEST: &[u8] = br#"{"ClusterId": "c1", "count": 1, "key_pair": "common"}"#;

#[test]
fn the_example_prints_the_task_id() {
    let shop = Workshop::new("example-ok");
    let program = shop.build("examples/scale_out.c");
    for runner in shop.runners() {
        let ack = start();
        let ran = example(&runner, &program, &ack, "testsecret", b"");
        let ledger = ack.ledger();
        assert_eq!(ran.out, format!("task {}\n", ledger[0].task_id), "{}", ran.err);
        assert_eq!(ledger[0].cluster_id, "c82e6987e2961451182edacd7****");
        let warned: Vec<_> = ran.err.lines().filter_map(|line| line.split(':').next()).collect();
        assert_eq!(warned, ["  /ClusterId", "  /worker_data_disk"], "{}", ran.err);
        assert_eq!(ran.code, Some(0));
        let ran = example(&runner, &program, &ack, "testsecret", REQUEST);
        let task_id = &ack.ledger()[1].task_id;
        assert_eq!((ran.code, ran.out, ran.err), (Some(0), format!("task {task_id}\n"), "".into()));
    }
}

#[test]
fn the_example_says_what_went_wrong() {
    let shop = Workshop::new("example-not-ok");
    let program = shop.build("examples/scale_out.c");
    for runner in shop.runners() {
        let ack = start();
        let run = |secret, request: &[u8]| {
            let ran = example(&runner, &program, &ack, secret, request);
            assert_eq!(ran.out, "", "{}", ran.err);
            let lines: Vec<_> = ran.err.lines().map(str::to_owned).collect();
            (ran.code.expect("an exit code"), lines)
        };
        let (code, lines) = run("testsecret", br#"{"count": 0, "cpu_policy": "x"}"#);
        assert_eq!((code, &*lines[0]), (2, "status: invalid"));
        let problem = |path: &str| lines.iter().any(|line| line.starts_with(path));
        assert!(problem("  /ClusterId: ") && problem("  /count: ") && problem("  /cpu_policy: "));

        let (code, lines) = run("other", REQUEST);
        assert_eq!((code, &*lines[0]), (5, "status: refused"));
        assert!(lines[1].starts_with("message: "), "{lines:?}");
        assert_eq!(ack.ledger().len(), 0);

        ack.fault(Fault::CloseAfterRead { executed: true });
        let (code, lines) = run("testsecret", REQUEST);
        assert_eq!((code, &*lines[0]), (6, "status: unknown"));
        assert!(lines[2].starts_with("hint: "), "{lines:?}");
        let candidate = format!("  {}: ", ack.ledger()[0].task_id);
        assert!(lines.iter().any(|line| line.starts_with(&candidate)), "{lines:?}");
    }
}

#[test]
fn the_example_reads_with_care() {
    let shop = Workshop::new("example-reads");
    let program = shop.build("examples/scale_out.c");
    let ack = start();
    for runner in shop.runners() {
        // What stands before the NUL would be a request of its own.
        let cut = [REQUEST, b"\0", b"\n"].concat();
        let endless = vec![b' '; 3 * 1024 * 1024];
        for (request, code) in [(&cut, 64), (&endless, 1)] {
            let ran = example(&runner, &program, &ack, "testsecret", request);
            assert_eq!((ran.code, &*ran.out), (Some(code), ""), "{}", ran.err);
        }
        let ran = runner.run(&program, &["no/such.json"], &[], b"");
        assert_eq!((ran.code, &*ran.out), (Some(64), ""), "{}", ran.err);
        let ran = runner.run(&program, &["examples"], &[], b"");
        assert_eq!((ran.code, &*ran.out), (Some(64), ""), "a directory: {}", ran.err);
    }
    assert!(ack.requests().is_empty());
}

#[test]
fn the_header_stands_on_its_own() {
    let shop = Workshop::new("header");
    let line = "#include \"cs_scale_out.h\"\n";
    // Pedantry about C90 would object to the comments, which its GNU dialect allows.
    let lenient = &STRICT.iter().copied().filter(|&flag| flag != "-Wpedantic").collect::<Vec<_>>();
    for (name, text) in [("once", line.to_owned()), ("twice", line.repeat(2))] {
        let source = shop.write(name, &text);
        for (variable, language, std, warnings) in [
            ("CC", "c", "-std=gnu90", &**lenient),
            ("CC", "c", "-std=c99", &STRICT),
            ("CC", "c", "-std=c11", &STRICT),
            ("CXX", "c++", "-std=c++17", &STRICT),
        ] {
            let mut command = compiler(variable);
            if variable == "CXX" && !has(compiler(variable)) {
                continue;
            }
            command.args(["-x", language, std, "-fsyntax-only", "-Iinclude"]).args(warnings);
            output_of(command.arg(&source));
        }
    }
}

#[test]
fn the_constants_are_the_statuses_in_c_and_cpp() {
    let shop = Workshop::new("constants");
    let text = header();
    let variants = text.lines().filter_map(|line| line.strip_prefix("  CS_SCALE_OUT_"));
    let names: Vec<_> = variants
        .filter_map(|rest| Some(format!("CS_SCALE_OUT_{}", rest.split_once(' ')?.0)))
        .collect();
    // A switch besides, since that is where a value used twice is an error.
    let cases: String = names.iter().map(|name| format!("case {name}: return 1;\n")).collect();
    let lines: String = names
        .iter()
        .map(|name| format!("ok &= known({name}); show(\"{name}\", {name});\n"))
        .collect();
    let program = format!(
        "#include <stdio.h>\n#include \"cs_scale_out.h\"\n\
         static int known(int status) {{ switch (status) {{\n{cases}default: return 0; }} }}\n\
         static void show(const char *name, int status) {{\n\
         printf(\"%s %d %s\\n\", name, status, cs_scale_out_status_name(status)); }}\n\
         int main(void) {{ int ok = 1;\n{lines}cs_scale_out_free(NULL); return !ok; }}\n"
    );
    let expected: Vec<_> = Status::ALL
        .into_iter()
        .map(|status| {
            let prefix = if status == Status::Ok { "CS_SCALE_OUT" } else { "CS_SCALE_OUT_ERR" };
            format!(
                "{prefix}_{} {} {}",
                status.name().to_uppercase(),
                status.number(),
                status.name()
            )
        })
        .collect();
    for (variable, std, file) in [("CC", "-std=c99", "all.c"), ("CXX", "-std=c++17", "all.cpp")] {
        if variable == "CXX" && !has(compiler(variable)) {
            continue;
        }
        let source = shop.write(file, &program);
        let built = shop.compile(variable, std, &source, &[]);
        let ran = shop.runners()[0].run(&built, &[""; 0], &[], b"");
        assert_eq!((ran.code, &*ran.err), (Some(0), ""));
        assert_eq!(ran.out.lines().collect::<Vec<_>>(), expected, "{file}");
    }
}
