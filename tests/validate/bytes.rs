//! The promise: no bytes, however hostile, get anything but `ok`, `argument` or `invalid`.

use crate::common::read;
use crate::support::{body_unchecked, finds, full, small, verdict};
use cs_scale_out::Status;

const MIB: usize = 1024 * 1024;

/// Both functions that validate say the same about a document that cannot be sent.
fn refused(bytes: &[u8]) -> Status {
    let (status, document) = read(cs_scale_out::validate(bytes));
    let (same, _) = read(cs_scale_out::scale_out(bytes));
    assert_eq!(status, same, "{document}");
    assert!(matches!(status, Status::Argument | Status::Invalid), "{document}");
    assert_eq!(document["attempts"], 0);
    assert!(document["message"].as_str().is_some_and(|text| !text.is_empty()));
    status
}

#[test]
fn what_is_not_json_is_a_bad_argument() {
    for text in [
        "",
        " ",
        "{",
        "}",
        "{]",
        "nul",
        "{'a':1}",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{} {}",
        "{}x",
        "01",
        "+1",
        ".5",
        "1.",
        "NaN",
        "Infinity",
        "\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\n\"",
        "\"\0\"",
        "{a:1}",
        "// c\n{}",
        "\u{feff}\u{feff}{}",
        " \u{feff}{}",
        "{\"count\":01}",
        "{\"count\":--1}",
        "\0",
        "{}\0",
    ] {
        assert_eq!(refused(text.as_bytes()), Status::Argument, "{text:?}");
    }
}

#[test]
fn white_space_is_what_json_says() {
    let document = small().to_string();
    for space in [" ", "\t", "\n", "\r", " \r\n\t "] {
        finds(&format!("{space}{document}{space}"), &[], &[]);
    }
    for other in ["\u{b}", "\u{c}", "\u{85}", "\u{a0}", "\u{2028}", "\u{3000}"] {
        for text in [format!("{other}{document}"), format!("{document}{other}")] {
            assert_eq!(verdict(&text).status, Status::Argument, "{text:?}");
        }
    }
}

#[test]
fn a_byte_order_mark_is_skipped() {
    finds(&format!("\u{feff}{}", small()), &[], &[]);
    finds(&format!("\u{feff}\r\n {}\n", small()), &[], &[]);
    let got = cs_scale_out::json_set("\u{feff}{}".as_bytes(), b"/count", b"3");
    assert_eq!(got.document, r#"{"count":3}"#);
}

#[test]
fn what_other_writers_get_wrong_is_named() {
    let told = |bytes: &[u8]| {
        let (status, document) = read(cs_scale_out::validate(bytes));
        assert_eq!(status, Status::Argument);
        document["message"].as_str().expect("a message").to_owned()
    };
    let document = small().to_string();
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        for text in [document.clone(), format!("\u{feff}{document}")] {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(unit).collect();
            assert!(told(&bytes).contains("UTF-16"), "{}", told(&bytes));
        }
    }
    let single = document.replace('"', "'");
    assert!(told(single.as_bytes()).contains("double quotes"), "{}", told(single.as_bytes()));
    for other in ["{", "request.json", r#"{"a": "it's"#] {
        let message = told(other.as_bytes());
        assert!(!message.contains("quotes") && !message.contains("UTF-16"), "{message}");
    }
}

#[test]
fn what_is_not_utf_8_is_a_bad_argument() {
    let document = small().to_string();
    for bytes in [&b"\xff"[..], b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc3"] {
        assert_eq!(refused(bytes), Status::Argument);
        let inside = document.replace("common", "?").into_bytes();
        let at = inside.iter().position(|b| *b == b'?').expect("a place");
        let broken = [&inside[..at], bytes, &inside[at + 1..]].concat();
        assert_eq!(refused(&broken), Status::Argument, "{bytes:?}");
    }
}

#[test]
fn every_beginning_of_a_document_is_a_bad_argument() {
    let document = full().to_string();
    for end in 0..document.len() {
        assert_eq!(refused(&document.as_bytes()[..end]), Status::Argument, "{end}");
    }
}

#[test]
fn every_single_changed_byte_is_answered() {
    let document = full().to_string().into_bytes();
    for at in 0..document.len() {
        for byte in [0, b'"', b'\\', b'{', b']', b',', b'0', b'-', b'/', 0xff] {
            let mut changed = document.clone();
            changed[at] = byte;
            let (status, answer) = read(cs_scale_out::validate(&changed));
            let expected = [Status::Ok, Status::Argument, Status::Invalid];
            assert!(expected.contains(&status), "{answer}");
        }
    }
}

#[test]
fn half_a_surrogate_pair_is_a_problem_where_it_stands() {
    for half in [r"\ud800", r"\udc00", r"a\ud83d", r"\ude80\ud83d", r"\ud800\u0041"] {
        for (member, path) in [
            (format!(r#""image_id":"{half}""#), "/image_id"),
            (format!(r#""user_data":"{half}""#), "/user_data"),
            (format!(r#""vswitch_ids":["{half}"]"#), "/vswitch_ids/0"),
            (format!(r#""tags":[{{"key":"{half}"}}]"#), "/tags/0/key"),
            (format!(r#""client":{{"profile":"{half}"}}"#), "/client/profile"),
            (format!(r#""client":{{"unchecked":["{half}"]}}"#), "/client/unchecked/0"),
        ] {
            let text = format!(r#"{{"ClusterId":"c","count":1,"key_pair":"k",{member}}}"#);
            finds(&text, &[&format!("{path} not_unicode")], &[]);
        }
        finds(
            &format!(r#"{{"count":1,"key_pair":"k","ClusterId":"{half}"}}"#),
            &["/ClusterId not_unicode"],
            &[],
        );
        let password = format!(r#"{{"ClusterId":"c","login_password":"Hello@1234{half}"}}"#);
        assert_eq!(verdict(&password).problems, ["/login_password not_unicode"]);
        for member in ["encrypted", "size"] {
            let disk = format!(r#""worker_data_disks":[{{"{member}":"{half}"}}]"#);
            let got = verdict(&format!(r#"{{"ClusterId":"c","count":1,"key_pair":"k",{disk}}}"#));
            assert_eq!(got.problems.len(), 1, "{:?}", got.problems);
        }
        for name in ["", r#""tags":[{"key":"k","#, r#""client":{"#] {
            assert_eq!(refused(format!(r#"{{{name}"{half}":1"#).as_bytes()), Status::Argument);
        }
        refused(format!(r#"{{"ClusterId":"c","{half}":1}}"#).as_bytes());
    }
    finds(r#"{"ClusterId":"c","count":1,"key_pair":"\ud83d\ude80"}"#, &[], &[]);
}

#[test]
fn a_hundred_thousand_brackets_are_answered() {
    const DEEP: usize = 100_000;
    let arrays = format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP));
    let objects = format!("{}1{}", "{\"a\":".repeat(DEEP), "}".repeat(DEEP));
    for half in ["[", "{\"a\":", "[{\"a\":["] {
        assert_eq!(refused(half.repeat(DEEP).as_bytes()), Status::Argument);
    }
    for deep in [&arrays, &objects] {
        assert_eq!(refused(deep.as_bytes()), Status::Invalid);
        for (member, problem) in [
            ("count", "/count wrong_type"),
            ("login_password", "/login_password wrong_type"),
            ("stranger", "/stranger unknown_member"),
        ] {
            let got = verdict(&format!(r#"{{"ClusterId":"c","{member}":{deep}}}"#));
            assert_eq!(got.problems, [problem]);
        }
        let tag = format!(
            r#"{{"ClusterId":"c","count":1,"key_pair":"k","tags":[{{"key":"k","value":{deep}}}]}}"#
        );
        finds(&tag, &["/tags/0/value wrong_type"], &[]);
        let client =
            format!(r#"{{"ClusterId":"c","count":1,"key_pair":"k","client":{{"proxy":{deep}}}}}"#);
        finds(&client, &["/client/proxy wrong_type"], &[]);
        // Let through, it goes out as it is.
        let member = format!(r#""new":{deep}"#);
        assert_eq!(body_unchecked(&member, &["/new"]), format!("{{{member}}}"));
    }
}

#[test]
fn a_document_has_1_mib_and_no_byte_more() {
    let document = small().to_string();
    let padded = |size: usize| format!("{document}{}", " ".repeat(size - document.len()));
    finds(&padded(MIB), &[], &[]);
    assert_eq!(refused(padded(MIB + 1).as_bytes()), Status::Argument);
    assert_eq!(refused(&vec![b'x'; MIB]), Status::Argument);
    assert_eq!(refused(&vec![0xff; 8 * MIB]), Status::Argument);
    let frame = small().to_string().replace("common", "");
    let long = |size: usize| small().to_string().replace("common", &"k".repeat(size - frame.len()));
    assert_eq!(long(MIB).len(), MIB);
    finds(&long(MIB), &[], &[]);
    assert_eq!(refused(long(MIB + 1).as_bytes()), Status::Argument);
}

#[test]
fn a_mebibyte_of_trouble_is_answered() {
    let fill = |start: &str, each: &dyn Fn(usize) -> String, end: &str| {
        let mut text = start.to_owned();
        for index in 0.. {
            let next = each(index);
            if text.len() + next.len() + end.len() > MIB {
                break;
            }
            text += &next;
        }
        text + end
    };
    let mut pointers = r#"{"client":{"unchecked":["/vswitch_ids/0""#.to_owned();
    (1..25_000).for_each(|index| pointers += &format!(r#","/vswitch_ids/{}""#, 2 * index));
    for text in [
        fill("{\"a\":0", &|_| ",\"a\":0".to_owned(), "}"),
        fill("{\"a\":0", &|i| format!(",\"{i}\":0"), "}"),
        fill("{\"tags\":[0", &|_| ",0".to_owned(), "]}"),
        fill("{\"vswitch_ids\":[\"\"", &|_| ",\"\"".to_owned(), "]}"),
        fill("{\"client\":{\"unchecked\":[\"\"", &|_| ",\"\"".to_owned(), "]}}"),
        // As many pointers as items: each item asks whether it is among them.
        fill(&(pointers + "]},\"vswitch_ids\":[\"\""), &|_| ",\"\"".to_owned(), "]}"),
        fill("{\"tags\":[{\"key\":\"", &|_| "\\u0000".to_owned(), "\"}]}"),
        fill("{\"", &|_| "~".to_owned(), "\":1}"),
    ] {
        // Such an answer has tens of megabytes: it is looked at, not parsed.
        let answer = cs_scale_out::validate(text.as_bytes());
        assert_eq!(answer.status, Status::Invalid, "{}", &text[..20]);
        assert!(answer.document.starts_with(r#"{"status":"invalid""#), "{}", &text[..20]);
        assert!(answer.document.ends_with('}'), "{}", &text[..20]);
    }
}
