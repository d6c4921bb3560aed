//! The promise: the table of parameters says what the validator does, row by row.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{full, verdict};
use cs_scale_out::Status;
use cs_scale_out::binding::{Kind, Row, Values, rows};
use serde_json::Value;

/// A place in a document that a row's pointer means.
fn place(row: &Row) -> String {
    row.pointer.replace('*', "0")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// A document with nothing but an id, and `value`, plain text, at the row's place.
fn set(row: &Row, value: &str) -> String {
    let document = r#"{"ClusterId":"c1"}"#;
    let place = place(row);
    let answer = cs_scale_out::json_set(document.as_bytes(), place.as_bytes(), value.as_bytes());
    assert_eq!(answer.status, Status::Ok, "{place}: {}", answer.document);
    answer.document
}

/// What the validator finds at the row's place and below.
fn problems(row: &Row, document: &str) -> Vec<String> {
    let found = verdict(document).problems.into_iter();
    found.filter(|problem| problem.starts_with(&place(row))).collect()
}

/// A value as `json_set` takes it: a string without its quotes.
fn plain(text: &str) -> String {
    match json(text) {
        Value::String(text) => text,
        value => value.to_string(),
    }
}

#[test]
fn each_member_has_one_row() {
    let pointers: Vec<_> = rows().map(|row| row.pointer).collect();
    let unique: BTreeSet<_> = pointers.iter().collect();
    assert_eq!(unique.len(), pointers.len());
    let kinds: BTreeMap<_, _> = rows().map(|row| (row.pointer, row.kind)).collect();
    for row in rows() {
        let (above, name) = row.pointer.rsplit_once('/').expect("a pointer");
        assert_eq!(row.name, name);
        let sound = match kinds.get(above) {
            Some(Kind::Object) => name != "*",
            Some(Kind::Array(_)) => name == "*",
            Some(_) => false,
            None => above.is_empty(),
        };
        assert!(sound, "{} stands below nothing that may hold it", row.pointer);
    }
    for (pointer, kind) in &kinds {
        let holds =
            rows().any(|row| row.pointer.rsplit_once('/').is_some_and(|(a, _)| a == *pointer));
        assert_eq!(holds, matches!(kind, Kind::Array(_) | Kind::Object), "{pointer}");
    }
}

#[test]
fn every_row_is_in_the_fullest_document_and_the_other_way_round() {
    fn pointers(base: &str, value: &Value, found: &mut BTreeSet<String>) {
        let mut below = |name: &str, value| {
            found.insert(format!("{base}/{name}"));
            pointers(&format!("{base}/{name}"), value, found);
        };
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| below(name, value)),
            Value::Array(items) => items.iter().for_each(|value| below("*", value)),
            _ => {}
        }
    }
    let mut found = BTreeSet::from(["/login_password".to_owned()]);
    pointers("", &full(), &mut found);
    assert_eq!(found, rows().map(|row| row.pointer.to_owned()).collect());
}

#[test]
fn a_row_reads_as_documentation() {
    for row in rows() {
        let doc = row.doc;
        assert!(doc.ends_with('.') && !doc.contains('\n') && doc.len() < 120, "{doc}");
        assert!(row.since.split('.').all(|part| part.parse::<u32>().is_ok()), "{}", row.since);
    }
}

#[test]
fn examples_and_defaults_are_valid() {
    for row in rows() {
        for text in [row.example].into_iter().chain(row.default) {
            assert_eq!(problems(row, &set(row, &plain(text))), [""; 0], "{text}");
        }
    }
}

#[test]
fn json_set_gives_each_member_the_type_the_validator_wants() {
    for row in rows() {
        let text = match row.kind {
            Kind::Any | Kind::String | Kind::BooleanText | Kind::IntegerText => "12",
            Kind::Integer => "12",
            Kind::Boolean => "true",
            Kind::Array(_) => "[]",
            Kind::Object => "{}",
        };
        let wrong = format!("{} wrong_type", place(row));
        assert!(!problems(row, &set(row, text)).contains(&wrong), "{}", row.pointer);
    }
}

#[test]
fn the_values_of_a_row_are_the_validators() {
    let at = |row: &Row, value: String| !problems(row, &set(row, &value)).is_empty();
    for row in rows() {
        match row.values {
            Values::Any => {}
            Values::Words(words) => {
                assert!(words.iter().all(|word| !at(row, (*word).to_owned())), "{}", row.pointer);
                assert!(at(row, "?".to_owned()), "{}", row.pointer);
            }
            Values::Integers(allowed) => {
                for value in 0..=13 {
                    assert_eq!(at(row, value.to_string()), !allowed.contains(&value), "{value}");
                }
            }
            Values::Within(range) => {
                assert!(at(row, (range.least - 1).to_string()), "{}", row.pointer);
                assert!(!at(row, range.least.to_string()), "{}", row.pointer);
                assert!(!at(row, range.most.to_string()), "{}", row.pointer);
                let beyond = range.most.checked_add(1);
                assert!(beyond.is_none_or(|value| at(row, value.to_string())), "{}", row.pointer);
            }
            Values::Characters(range) => {
                let of_length = |n: i64| "aB3".chars().cycle().take(n as usize).collect::<String>();
                assert!(at(row, of_length(range.least - 1)), "{}", row.pointer);
                let beyond = range.most.checked_add(1).map(of_length);
                assert!(beyond.is_none_or(|text| at(row, text)), "{}", row.pointer);
            }
        }
    }
}
