//! The schema table in words, for whatever is written from it.

use cs_scale_out::binding::{self, Range, Row, Values};

/// The rows of the members of one object, given by what stands before their names.
pub fn members(before: &str) -> impl Iterator<Item = &'static Row> {
    binding::rows().filter(move |row| is_member(row, before))
}

/// The same of the documents that the task functions take.
pub fn task_members(before: &str) -> impl Iterator<Item = &'static Row> {
    binding::task_rows().filter(move |row| is_member(row, before))
}

fn is_member(row: &Row, before: &str) -> bool {
    row.pointer.strip_prefix(before).is_some_and(|name| !name.contains('/') && name != "*")
}

pub fn range(range: Range) -> String {
    match range {
        Range { least, most: i64::MAX } => format!("at least {least}"),
        Range { least: 0, most } => format!("at most {most}"),
        Range { least, most } => format!("{least} to {most}"),
    }
}

/// The values that a row allows.
pub fn allowed(values: Values) -> Option<String> {
    match values {
        Values::Any => None,
        Values::Characters(Range { least: 1, most: i64::MAX }) => Some("not empty".to_owned()),
        Values::Characters(characters) => Some(format!("{} characters", range(characters))),
        Values::Words(words) => Some(one_of(words.iter().map(|word| format!("\"{word}\"")))),
        Values::Integers(integers) => Some(one_of(integers.iter().map(i64::to_string))),
        Values::Within(within) => Some(range(within)),
    }
}

fn one_of(words: impl Iterator<Item = String>) -> String {
    let words: Vec<_> = words.collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => panic!("nothing is allowed"),
    }
}
