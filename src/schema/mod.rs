//! The one table of what a document may hold: a row a member. The validator, `json_set`, the JSON
//! Schema and the tables of the documentation are made from it or compared with it.
//!
//! A row says what its member is. What is checked beyond that is the member's rule, a variant of the
//! enum of its object: the validator matches over these, so that a row without a rule does not compile.

mod client;
mod nested;
mod object;
pub(crate) mod row;
mod scale_out;
mod tasks;

pub(crate) use client::{CLIENT, ClientRule};
pub(crate) use nested::{DATA_DISK, Entry, RUNTIME, TAG, TAINT};
pub(crate) use object::Object;
pub(crate) use row::{Kind, Member, Range, Row, Values};
pub(crate) use scale_out::{Parameter, SCALE_OUT};
pub(crate) use tasks::{
    DESCRIBE_TASK, LIST_TASKS, LOOK, TaskMember, UNKNOWN, UnknownMember, WAIT_TASK,
};

use crate::json::{self, pointer};

/// The JSON Schema of a request, and a NUL behind it.
const JSON_SCHEMA: &str = concat!(include_str!("../../schema/request.schema.json"), "\0");

/// The JSON Schema of a request.
pub(crate) fn json_schema() -> &'static str {
    JSON_SCHEMA.trim_end_matches('\0')
}

/// The same for C.
#[cfg(feature = "capi")]
pub(crate) fn json_schema_for_c() -> &'static std::ffi::CStr {
    std::ffi::CStr::from_bytes_until_nul(JSON_SCHEMA.as_bytes()).unwrap_or_default()
}

/// The rows of the documents that the task functions take, but for those that a request has as well.
pub fn task_rows() -> impl Iterator<Item = &'static Row> {
    let own = |row: &&Row| SCALE_OUT.find(row.name).is_none();
    let members = WAIT_TASK.rows().chain(LIST_TASKS.rows()).chain(LOOK.rows()).filter(own);
    members.chain(UNKNOWN.rows())
}

/// Every row of a request: its members in the reference's order, then what they hold.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    let nested = DATA_DISK.rows().chain(RUNTIME.rows()).chain(TAG.rows()).chain(TAINT.rows());
    let members = SCALE_OUT.rows().chain(nested).chain(CLIENT.rows());
    members.flat_map(|row| {
        let item = match row.kind {
            Kind::Array(item) => Some(item),
            Kind::Any
            | Kind::String
            | Kind::Integer
            | Kind::Boolean
            | Kind::BooleanText
            | Kind::IntegerText
            | Kind::Object => None,
        };
        std::iter::once(row).chain(item)
    })
}

/// The JSON kind of the value at a pointer, given by its parts. A member nobody knows is a string.
pub(crate) fn json_kind(parts: &[String]) -> json::Kind {
    let fits = |row: &&Row| {
        let mut names = row.pointer.split('/').skip(1);
        let same = |part: &String| {
            names
                .next()
                .is_some_and(|name| name == part || (name == "*" && pointer::is_index(part)))
        };
        parts.iter().all(same) && names.next().is_none()
    };
    match rows().chain(task_rows()).find(fits).map(|row| row.kind) {
        None if parts.is_empty() => json::Kind::Object,
        None => json::Kind::Text,
        Some(Kind::Any | Kind::String | Kind::BooleanText | Kind::IntegerText) => json::Kind::Text,
        Some(Kind::Integer) => json::Kind::Number,
        Some(Kind::Boolean) => json::Kind::Boolean,
        Some(Kind::Array(_)) => json::Kind::Array,
        Some(Kind::Object) => json::Kind::Object,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_something_has_a_rule_that_reads_it() {
        let holds = |row: &Row| matches!(row.kind, Kind::Any | Kind::Array(_) | Kind::Object);
        for member in SCALE_OUT.members {
            let is_plain = member.rule == Parameter::Plain;
            assert!(!(is_plain && holds(&member.row)), "{}", member.row.pointer);
        }
        let plain = DATA_DISK.rows().chain(RUNTIME.rows()).chain(TAG.rows()).chain(TAINT.rows());
        for row in plain {
            assert!(!holds(row), "{}", row.pointer);
        }
    }

    #[test]
    fn an_effect_is_no_tags() {
        assert!(TAG.members.iter().all(|member| member.rule != Entry::Effect));
    }

    /// Generic checks call what is too short empty.
    #[test]
    fn only_a_password_has_a_least_length() {
        for row in rows() {
            if let Values::Characters(range) = row.values {
                assert!(range.least == 1 || row.name == "login_password", "{}", row.pointer);
            }
        }
    }

    #[test]
    fn a_pointer_has_the_kind_of_its_row() {
        let kind = |pointer: &str| json_kind(&pointer::parse(pointer).expect("a pointer"));
        for (pointer, wanted) in [
            ("", json::Kind::Object),
            ("/count", json::Kind::Number),
            ("/tags", json::Kind::Array),
            ("/tags/0", json::Kind::Object),
            ("/tags/-", json::Kind::Object),
            ("/tags/x", json::Kind::Text),
            ("/tags/0/key", json::Kind::Text),
            ("/tags/0/key/x", json::Kind::Text),
            ("/client/dry_run", json::Kind::Boolean),
            ("/worker_data_disks/7/size", json::Kind::Text),
            ("/task_id", json::Kind::Text),
            ("/wait_ms", json::Kind::Number),
            ("/unknown", json::Kind::Object),
            ("/unknown/clock_offset", json::Kind::Number),
        ] {
            assert_eq!(kind(pointer), wanted, "{pointer}");
        }
    }
}
