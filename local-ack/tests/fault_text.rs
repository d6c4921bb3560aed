//! Faults by name.

use local_ack::{Fault, Shape};
use serde_json::json;
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
