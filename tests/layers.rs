//! The promise: imports point down only, `unsafe` stays in four small places, and files stay short.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Top to bottom. A module may use what stands in a line below its own; siblings keep apart.
const LAYERS: [&[&str]; 15] = [
    &["lib"],
    &["ffi"],
    &["call"],
    &["scale_out"],
    &["reconcile"],
    &["session"],
    &["outcome", "credentials"],
    &["send", "sign", "reply", "validate", "document", "flights", "edit"],
    &["route", "scrub", "pointer"],
    &["request", "environment"],
    &["address"],
    &["secret"],
    &["json", "time"],
    &["error", "process", "thread"],
    &["control"],
];

/// Why each may use it is said beside every block.
const UNSAFE: [&str; 4] = ["ffi.rs", "process.rs", "send/peek.rs", "thread.rs"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => found.extend(sources(&path)),
            false if path.extension().is_some_and(|e| e == "rs") => found.push(path),
            false => {}
        }
    }
    found
}

/// Path below src/ and text, without what only tests compile.
fn modules() -> BTreeMap<String, String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&src).expect("below src").to_string_lossy().into_owned();
        let text = fs::read_to_string(path).expect("UTF-8");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
        (name, code)
    };
    let modules = sources(&src).iter().map(read).collect::<BTreeMap<_, _>>();
    assert!(modules.len() > 30, "the sources were found");
    modules
}

fn layer(module: &str) -> usize {
    let found = LAYERS.iter().position(|layer| layer.contains(&module));
    found.unwrap_or_else(|| panic!("{module} stands in no layer: add it to tests/layers.rs"))
}

/// The module a file below src/ belongs to: its name, or its folder's.
fn room(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

#[test]
fn imports_point_down_only() {
    for (file, code) in modules() {
        let room = room(&file);
        if room == "lib" {
            continue;
        }
        let code: Vec<_> =
            code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for reference in code.join("\n").split("crate::").skip(1) {
            let other: String =
                reference.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if other.is_empty() || other == room {
                continue;
            }
            assert!(
                layer(room) < layer(&other),
                "{file} uses crate::{other}, which is not below it"
            );
        }
    }
}

#[test]
fn unsafe_stays_where_it_is() {
    for (file, code) in modules() {
        let uses = code.contains("unsafe ") || code.contains("unsafe{");
        assert_eq!(uses, UNSAFE.contains(&file.as_str()), "{file}");
    }
}

#[test]
fn the_validator_the_signers_and_the_readers_touch_no_outside_world() {
    let outside =
        ["std::net", "std::fs", "std::env", "SystemTime", "Instant", "getrandom", "ureq::Agent"];
    for (file, code) in modules() {
        let pure =
            ["validate", "sign", "reply", "json", "scrub", "pointer", "document", "time", "error"];
        if pure.contains(&room(&file)) {
            for word in outside {
                assert!(!code.contains(word), "{file} uses {word}");
            }
        }
    }
}

#[test]
fn files_stay_short() {
    for (file, code) in modules() {
        let lines = code.lines().count();
        assert!(lines <= 320, "{file} has {lines} lines: split it");
    }
}
