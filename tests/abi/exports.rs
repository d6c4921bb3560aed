//! The shared library exports the functions of the header and nothing else, and needs nothing but
//! the C library.

use std::process::Command;

use crate::common_c::{declared_functions, has, library, output_of, root};

#[test]
fn exactly_the_declared_functions_are_exported() {
    if !has(Command::new("nm")) {
        return;
    }
    let table = output_of(Command::new("nm").args(["-D", "--defined-only"]).arg(library()));
    let mut exported: Vec<_> =
        table.lines().filter_map(|line| line.split_whitespace().nth(2)).collect();
    exported.sort();
    assert_eq!(exported, declared_functions());
}

#[test]
fn nothing_but_the_c_library_is_needed() {
    if !has(Command::new("readelf")) {
        return;
    }
    let table = output_of(Command::new("readelf").args(["-d", "-W"]).arg(library()));
    let needed = table.lines().filter(|line| line.contains("(NEEDED)"));
    let needed: Vec<_> =
        needed.filter_map(|line| line.split_once('[')?.1.strip_suffix(']')).collect();
    assert!(needed.iter().any(|name| name.starts_with("libc.so")), "{needed:?}");
    let expected = ["libc.so", "libgcc_s.so", "ld-linux"];
    let strange: Vec<_> = needed
        .iter()
        .filter(|name| !expected.iter().any(|known| name.starts_with(known)))
        .collect();
    assert!(strange.is_empty(), "{strange:?}");
}

#[test]
fn every_function_has_a_test_in_c() {
    let sources = std::fs::read_dir(root().join("tests/c")).expect("the sources are there");
    let sources: String = sources
        .filter_map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).ok())
        .collect();
    let functions = declared_functions();
    // Called by its name, or named in a table of functions.
    let is_used =
        |name: &str| ["(", "}"].iter().any(|end| sources.contains(&format!("{name}{end}")));
    let missing: Vec<_> = functions.iter().filter(|name| !is_used(name)).collect();
    assert!(missing.is_empty(), "a program in tests/c should call {missing:?}, with NULL at least");
}
