//! The promise: what PrePaid needs is asked for, and what has no effect without it is said.

use crate::support::Find::{Nothing, Problem};
use crate::support::{borders, finds_in, put, small, take};
use serde_json::{Value, json};

const PERIOD: &str = "/worker_period";
const UNIT: &str = "/worker_period_unit";
const RENEW: &str = "/worker_auto_renew";
const RENEW_PERIOD: &str = "/worker_auto_renew_period";

/// A document whose nodes are paid ahead and renew themselves.
fn prepaid() -> Value {
    let mut document = small();
    document["worker_instance_charge_type"] = json!("PrePaid");
    document["worker_period"] = json!(1);
    document["worker_period_unit"] = json!("Month");
    document["worker_auto_renew"] = json!(true);
    document["worker_auto_renew_period"] = json!(6);
    document
}

fn changed(mut document: Value, changes: &[(&str, Value)]) -> Value {
    for (pointer, value) in changes {
        put(&mut document, pointer, value.clone());
    }
    document
}

fn at(paths: &[&str], code: &str) -> Vec<String> {
    paths.iter().map(|path| format!("{path} {code}")).collect()
}

fn finds_paths(document: &Value, missing: &[&str], no_effect: &[&str]) {
    let (missing, no_effect) = (at(missing, "missing"), at(no_effect, "no_effect"));
    let missing: Vec<_> = missing.iter().map(String::as_str).collect();
    let no_effect: Vec<_> = no_effect.iter().map(String::as_str).collect();
    finds_in(document, &missing, &no_effect);
}

#[test]
fn charge_type_is_prepaid_or_postpaid() {
    finds_in(&prepaid(), &[], &[]);
    borders(&small(), "/worker_instance_charge_type", &[(json!("PostPaid"), Nothing)]);
    for word in ["", "prepaid", "PREPAID", "PrePaid ", "Spot"] {
        let row = [(json!(word), Problem("not_allowed"))];
        borders(&small(), "/worker_instance_charge_type", &row);
        borders(&prepaid(), "/worker_instance_charge_type", &row);
    }
}

#[test]
fn periods_are_1_2_3_6_or_12() {
    for pointer in [PERIOD, RENEW_PERIOD] {
        for good in [1, 2, 3, 6, 12] {
            borders(&prepaid(), pointer, &[(json!(good), Nothing)]);
        }
        for bad in [-1, 0, 4, 5, 7, 11, 13, 24, 36] {
            borders(&prepaid(), pointer, &[(json!(bad), Problem("not_allowed"))]);
        }
    }
    borders(&prepaid(), UNIT, &[(json!("Month"), Nothing)]);
    for bad in ["", "month", "Week", "Year"] {
        borders(&prepaid(), UNIT, &[(json!(bad), Problem("not_allowed"))]);
    }
}

#[test]
fn prepaid_needs_a_period_and_its_unit() {
    let alone = changed(small(), &[("/worker_instance_charge_type", json!("PrePaid"))]);
    finds_paths(&alone, &[PERIOD, UNIT], &[]);
    for absent in [PERIOD, UNIT] {
        let mut document = prepaid();
        take(&mut document, absent);
        finds_paths(&document, &[absent], &[]);
        finds_paths(&changed(prepaid(), &[(absent, Value::Null)]), &[absent], &[]);
    }
}

#[test]
fn renewal_needs_its_period_and_the_other_way_round() {
    let off = (RENEW, json!(false));
    let none = (RENEW_PERIOD, Value::Null);
    finds_paths(&changed(prepaid(), std::slice::from_ref(&none)), &[RENEW_PERIOD], &[]);
    finds_paths(&changed(prepaid(), std::slice::from_ref(&off)), &[], &[RENEW_PERIOD]);
    finds_paths(&changed(prepaid(), &[(RENEW, Value::Null)]), &[], &[RENEW_PERIOD]);
    finds_paths(&changed(prepaid(), &[off, none.clone()]), &[], &[]);
    finds_paths(&changed(prepaid(), &[(RENEW, Value::Null), none]), &[], &[]);
}

#[test]
fn without_prepaid_its_members_have_no_effect() {
    let absent = changed(prepaid(), &[("/worker_instance_charge_type", Value::Null)]);
    let postpaid = changed(prepaid(), &[("/worker_instance_charge_type", json!("PostPaid"))]);
    for document in [absent, postpaid] {
        finds_paths(&document, &[], &[PERIOD, UNIT, RENEW, RENEW_PERIOD]);
        for gone in [PERIOD, UNIT, RENEW, RENEW_PERIOD] {
            let left: Vec<_> =
                [PERIOD, UNIT, RENEW, RENEW_PERIOD].into_iter().filter(|p| *p != gone).collect();
            finds_paths(&changed(document.clone(), &[(gone, Value::Null)]), &[], &left);
        }
        // "given", whatever it says; nor is a period asked for.
        let off = [(RENEW, json!(false)), (RENEW_PERIOD, Value::Null)];
        finds_paths(&changed(document, &off), &[], &[PERIOD, UNIT, RENEW]);
    }
}

#[test]
fn a_bad_value_without_effect_is_a_problem_all_the_same() {
    let document = changed(small(), &[(PERIOD, json!(4)), (UNIT, json!("Week"))]);
    finds_in(
        &document,
        &["/worker_period not_allowed", "/worker_period_unit not_allowed"],
        &["/worker_period no_effect", "/worker_period_unit no_effect"],
    );
}
