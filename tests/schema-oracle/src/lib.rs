//! The promise: the JSON Schema and the validator say the same about any document, but for what the
//! listed exceptions name. A crate of its own, so that its dependencies are nobody else's.
#![cfg(test)]

mod documents;
mod exceptions;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use exceptions::{EXCEPTIONS, Exception, Said};
use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::Value;

const DOCUMENTS: u32 = 30_000;

/// What one side or both found, over all documents.
#[derive(Default)]
struct Seen {
    valid: u32,
    /// How many errors `client.unchecked` lifted.
    unchecked: u32,
    /// How often both agreed on an error at a place, by its pointer in the table.
    agreed: BTreeMap<String, u32>,
    /// How often each exception was needed.
    excepted: BTreeMap<(&'static str, &'static str), u32>,
}

#[test]
fn the_validator_and_the_json_schema_say_the_same() {
    let schema: Value = serde_json::from_str(cs_scale_out::schema()).expect("JSON");
    let oracle = jsonschema::validator_for(&schema).expect("a JSON Schema");
    let seen = RefCell::new(Seen::default());
    let config = Config { cases: DOCUMENTS, failure_persistence: None, ..Config::default() };
    // The same documents each time: a failure is a change of the code.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let result = TestRunner::new_with_rng(config, rng).run(&documents::any(), |text| {
        compare(&oracle, &text, &mut seen.borrow_mut())
            .map_err(|difference| TestCaseError::fail(format!("{difference} in {text}")))
    });
    result.unwrap_or_else(|e| panic!("{e}"));
    is_telling(&seen.into_inner());
}

/// A comparison says something only if every row was broken, and every exception met.
fn is_telling(seen: &Seen) {
    assert!(seen.valid > DOCUMENTS / 20, "only {} documents are valid", seen.valid);
    assert!(seen.unchecked > 0, "client.unchecked lifted nothing");
    for row in cs_scale_out::binding::rows() {
        let is_checked = !matches!(row.kind, cs_scale_out::binding::Kind::Any);
        let broken = seen.agreed.contains_key(row.pointer);
        assert_eq!(broken, is_checked, "{} in {:?}", row.pointer, seen.agreed);
    }
    for Exception { path, code, .. } in EXCEPTIONS {
        assert!(seen.excepted.contains_key(&(*path, *code)), "{path} {code} was never needed");
    }
}

fn compare(oracle: &Validator, text: &str, seen: &mut Seen) -> Result<(), String> {
    let document: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let problems = problems(text)?;
    let errors = errors(oracle, &document);
    seen.valid += u32::from(problems.is_empty());
    // Of a name that is given twice, the two sides look at different values.
    let repeated: Vec<_> = of_code(&problems, "duplicate_member").collect();
    for (path, code) in problems.iter().filter(|(path, _)| !is_below(path, &repeated)) {
        match exceptions::of(path, code, document.pointer(path)) {
            None if errors.contains(path) => {
                *seen.agreed.entry(exceptions::pattern(path)).or_default() += 1;
            }
            None => return Err(format!("the JSON Schema knows nothing of {path} {code}")),
            Some(exception) => {
                *seen.excepted.entry((exception.path, exception.code)).or_default() += 1;
            }
        }
    }
    let unchecked = unchecked(&document, &problems);
    for path in errors.iter().filter(|path| !is_below(path, &repeated)) {
        let agrees = |(at, code): &(String, String)| {
            let exception = exceptions::of(at, code, document.pointer(at));
            at == path && exception.is_none_or(|exception| exception.said != Said::ByValidator)
        };
        match problems.iter().any(agrees) {
            true => {}
            false if is_below(path, &unchecked) => seen.unchecked += 1,
            false => return Err(format!("the validator finds nothing at {path}: {problems:?}")),
        }
    }
    Ok(())
}

/// Whether a pointer is one of some places, or leads into one.
fn is_below(path: &str, places: &[&str]) -> bool {
    let leads = |rest: &str| rest.is_empty() || rest.starts_with('/');
    places.iter().any(|place| path.strip_prefix(place).is_some_and(leads))
}

fn of_code<'a>(problems: &'a [(String, String)], code: &str) -> impl Iterator<Item = &'a str> {
    problems.iter().filter(move |problem| problem.1 == code).map(|problem| problem.0.as_str())
}

/// The validator's problems: path and code.
fn problems(text: &str) -> Result<Vec<(String, String)>, String> {
    let answer: Value = serde_json::from_str(&cs_scale_out::validate(text.as_bytes()).document)
        .map_err(|e| e.to_string())?;
    let part = |problem: &Value, name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    match (answer["status"].as_str(), answer["problems"].as_array()) {
        (Some("ok"), None) => Ok(Vec::new()),
        (Some("invalid"), Some(problems)) => {
            Ok(problems.iter().map(|p| (part(p, "path"), part(p, "code"))).collect())
        }
        _ => Err(format!("an answer of another kind: {answer}")),
    }
}

/// The places where the oracle finds an error: of a member that is missing or too much, its own.
fn errors(oracle: &Validator, document: &Value) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    for error in oracle.iter_errors(document) {
        let at = error.instance_path().to_string();
        let below = |name: &str| format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                places.insert(below(property.as_str().unwrap_or_default()));
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                places.extend(unexpected.iter().map(|name| below(name)));
            }
            _ => {
                places.insert(at);
            }
        }
    }
    places
}

/// What the document says is not to be checked, as far as that is heeded.
fn unchecked<'a>(document: &'a Value, problems: &[(String, String)]) -> Vec<&'a str> {
    let items = document.pointer("/client/unchecked").and_then(Value::as_array);
    let items = items.into_iter().flatten().enumerate();
    let refused: Vec<_> = of_code(problems, "bad_pointer").collect();
    items
        .filter(|(index, _)| !refused.contains(&format!("/client/unchecked/{index}").as_str()))
        .filter_map(|(_, item)| item.as_str())
        .collect()
}
