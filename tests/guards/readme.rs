//! The promise: what the README says is so. Its lists are the code's, its C program compiles and runs.

use crate::common_c::Workshop;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn text_of(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("a file")
}

/// The first cell of each row of the table whose header begins with `header`.
fn column(text: &str, header: &str) -> Vec<String> {
    let table = text.split(header).nth(1).unwrap_or_else(|| panic!("no table {header}"));
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('|').nth(1).unwrap_or("").trim().trim_matches('`').to_owned())
        .collect()
}

/// The words of `Code::TABLE`, read from the source: the list is closed, and private.
fn coded() -> BTreeSet<String> {
    let source = text_of("src/error/code.rs");
    let rows = source.lines().filter(|line| line.trim_start().starts_with("(Code::"));
    rows.filter_map(|row| row.split('"').nth(1)).map(str::to_owned).collect()
}

#[test]
fn the_documented_problem_codes_are_the_coded_ones() {
    let documented = column(&text_of("README.md"), "| code | as | meaning |");
    let unique: BTreeSet<_> = documented.iter().cloned().collect();
    assert_eq!(unique.len(), documented.len(), "a code is documented twice");
    assert!(unique.len() > 20);
    assert_eq!(unique, coded());
}

#[test]
fn the_tested_problem_codes_are_the_coded_ones() {
    let source = text_of("tests/validate/codes.rs")
        + &text_of("tests/contract/environment.rs")
        + &text_of("tests/contract/retry.rs");
    for code in coded() {
        assert!(source.contains(&format!("\"{code}\"")), "{code} is in no document of the tests");
    }
}

#[test]
fn the_documented_statuses_are_the_headers() {
    let header = text_of("include/cs_scale_out.h");
    let documented = column(&text_of("README.md"), "| constant | value |");
    assert_eq!(documented.len(), 9);
    for row in text_of("README.md").lines().filter(|line| line.starts_with("| `CS_")) {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let define = format!("  {} = {},\n", cells[1].trim_matches('`'), cells[2]);
        assert!(header.contains(&define), "{define}");
    }
}

/// The first fenced block of a language.
fn block(text: &str, language: &str) -> String {
    let rest = text.split(&format!("```{language}\n")).nth(1).expect("a block");
    rest.split("```").next().expect("its end").to_owned()
}

#[test]
fn the_c_program_compiles_and_says_its_task() {
    let shop = Workshop::new("readme");
    let source = shop.write("readme.c", block(&text_of("README.md"), "c"));
    let program = shop.compile("CC", "-std=c99", &source, &[]);
    let ack = crate::common::start();
    let url = ack.url();
    let variables = [
        ("CS_SCALE_OUT_ENDPOINT", url.as_str()),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "testid"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testsecret"),
    ];
    let output = std::process::Command::new(&program).env_clear().envs(variables).output();
    let output = output.expect("it runs");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(said, format!("task {}\n", ack.ledger()[0].task_id));
    assert_eq!(output.status.code(), Some(0));
}
