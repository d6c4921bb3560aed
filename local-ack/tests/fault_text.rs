//! Faults by name.

use local_ack::{Created, Fault, Shape, TaskEnd, Unasked};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

fn all() -> Vec<Fault> {
    let executed = true;
    let status = |status, shape, headers: &[(&str, &str)]| Fault::Status {
        status,
        shape,
        code: "Throttling.User".into(),
        message: "slow, down: 100% = too much".into(),
        headers: headers.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect(),
        executed,
    };
    vec![
        Fault::CloseBeforeRead,
        Fault::CloseAfterRead { executed },
        Fault::Reset { executed },
        Fault::ResetMidRequest,
        Fault::Hang { executed },
        Fault::HalfReply { executed },
        Fault::HalfBody { executed },
        Fault::ShortBody { executed },
        Fault::NoLastChunk { executed },
        Fault::Chunked { executed: false },
        Fault::Garbage { executed },
        Fault::GarbageBody { executed },
        Fault::SlowDrip { executed: false, gap: Duration::from_millis(5) },
        Fault::Huge { executed },
        status(429, Shape::Gateway, &[("Retry-After", "1"), ("x-acs-retry-after", "20")]),
        status(500, Shape::Cs, &[]),
        status(302, Shape::Xml, &[("Location", "http://127.0.0.1:1/a?b=c,d")]),
        status(415, Shape::Text, &[("Set-Cookie", "a"), ("Set-Cookie", "b")]),
        status(502, Shape::Html, &[]),
        Fault::NoTaskId { executed },
        Fault::Delay(Duration::from_millis(250)),
        Fault::ConnectionClose,
        Fault::CloseAfterReply,
        Fault::DieOnSecond { executed: false, reset: true },
        Fault::Informational,
        Fault::CloseDelimited { executed },
        Fault::NoCloseNotify { executed: false },
        Fault::AnswerTwice { executed: false, pause: Duration::from_millis(7) },
        Fault::SurplusRefusal { executed, pause: Duration::ZERO },
        Fault::AnswerFirst(Unasked { status: 429, cluster_id: "c,2".into() }),
        Fault::DeliveredTwice { executed },
        Fault::OtherCluster { executed },
        Fault::TaskId { value: " \n,%é".into(), executed },
        Fault::Body { status: 409, value: "[{\"task_id\":\"T-1\"},1]".into(), executed },
        Fault::TwoTaskIds { executed },
        Fault::Contradiction { status: 429, code: "Throttling.User".into(), executed },
        Fault::Contradiction { status: 200, code: String::new(), executed: false },
        Fault::FrontEnd { status: 504, date_offset: -7200, executed },
        Fault::Created(Created::EpochMs),
        Fault::EndlessList,
        Fault::TaskEnds(TaskEnd::new("paused")),
        Fault::TaskEnds(TaskEnd {
            failed: Some(2),
            code: "QuotaExceed.X".into(),
            message: "no, none".into(),
            ..TaskEnd::new("fail")
        }),
        status(403, Shape::AccessDenied, &[]),
        status(400, Shape::Nested, &[]),
    ]
}

#[test]
fn every_fault_survives_both_forms() {
    for fault in all() {
        let text = fault.to_string();
        assert_eq!(text.parse::<Fault>().as_ref(), Ok(&fault), "{text}");
        let json = fault.to_json();
        assert_eq!(Fault::from_json(&json).as_ref(), Ok(&fault), "{json}");
        assert_eq!(json.to_string().parse::<Fault>().as_ref(), Ok(&fault), "{json}");
    }
}

/// The names in the README's table, and whether each is marked as correct.
fn documented() -> Vec<(String, bool)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let text = std::fs::read_to_string(path).expect("a file");
    let table = text.split("| text | what the client meets |").nth(1).expect("a table");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let name = |row: &str| {
        let cell = row.split('|').nth(1)?;
        let name = cell.split('`').nth(1)?.split(':').next()?;
        Some((name.to_string(), cell.trim().ends_with('*')))
    };
    rows.filter_map(name).collect()
}

#[test]
fn every_fault_is_documented_and_every_documented_one_is_there() {
    let name = |fault: &Fault| fault.to_string().split(':').next().map(String::from);
    let all: BTreeSet<String> = all().iter().filter_map(name).collect();
    let documented = documented();
    assert_eq!(documented.iter().map(|(name, _)| name.clone()).collect::<BTreeSet<_>>(), all);
    for (name, correct) in documented {
        let fault: Fault = name.parse().expect("a fault");
        if fault.to_json().get("executed").is_some() && name != "die_on_second" {
            assert_eq!(fault.executed(), correct, "{name}");
        }
    }
    for form in Created::ALL {
        assert_eq!(form.to_string().parse(), Ok(form));
    }
}

#[test]
fn the_documented_forms_are_read() {
    let read = |text: &str| text.parse::<Fault>().map_err(|error| format!("{text}: {error}"));
    let executed = true;
    assert_eq!(read("close_after_read:executed=true"), Ok(Fault::CloseAfterRead { executed }));
    assert_eq!(read("reset"), Ok(Fault::Reset { executed: false }));
    assert_eq!(read("chunked"), Ok(Fault::Chunked { executed }));
    assert_eq!(read("delay:ms=250"), Ok(Fault::Delay(Duration::from_millis(250))));
    let text = "status:status=429,shape=cs,code=X,message=a%2Cb,header.Retry-After=1";
    let status = Fault::Status {
        status: 429,
        shape: Shape::Cs,
        code: "X".into(),
        message: "a,b".into(),
        headers: vec![("Retry-After".into(), "1".into())],
        executed: false,
    };
    assert_eq!(read(text), Ok(status.clone()));
    let object = json!({"fault": "status", "status": 429, "shape": "cs", "code": "X",
        "message": "a,b", "headers": {"Retry-After": 1}});
    assert_eq!(Fault::from_json(&object), Ok(status));
}

#[test]
fn mistakes_are_named() {
    for (text, part) in [
        ("close_after_reed", "no fault is called \"close_after_reed\""),
        ("", "no fault is called \"\""),
        ("reset:executed=maybe", "executed=maybe has no meaning"),
        ("reset:gap_ms=1", "reset has no member \"gap_ms\""),
        ("informational:executed=true", "informational has no member \"executed\""),
        ("reset:executed", "\"executed\" is not member=value"),
        ("status:status=99", "99 is no HTTP status"),
        ("status:header.A=b%0D%0Ac", "would break the head"),
        ("{\"fault\":1}", "\"fault\" is missing"),
        ("{", "not JSON"),
    ] {
        let error = text.parse::<Fault>().expect_err(text);
        assert!(error.contains(part), "{text}: {error}");
    }
}
