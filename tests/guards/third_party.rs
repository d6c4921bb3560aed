//! The promise: THIRD-PARTY names every crate that is linked into what is handed out, and holds its licence.
//! `UPDATE=1 cargo test --test guards` rewrites it.

use crate::common_c::{output_of, root};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What is handed out: a package of the workspace, and what people have of it.
const SHIPPED: [(&str, &str); 2] = [("cs-scale-out", "library"), ("cs-scale-out-python", "wheel")];
const TARGETS: [&str; 2] = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"];

const HEAD: &str = "\
WHAT OTHERS WROTE OF cs_scale_out

The library (libcs_scale_out.so and libcs_scale_out.a) and the wheel hold the crates below, each under the
licence beside its name; where that is a choice of which MIT is a part, MIT was chosen. Their texts follow.

In both is Rust's standard library, too: Copyright (c) The Rust Project Developers, MIT OR Apache-2.0, whose
texts are those of LICENSE-MIT and LICENSE-APACHE. Inside it are tables of Unicode (Copyright (c) 1991-2024
Unicode, Inc; Unicode-3.0), foldhash (Zlib), and crates that may be used under the MIT licence. Their notices
are in COPYRIGHT-library.html, which comes with Rust.
";

/// Name and version.
type Crate = (String, String);

fn cargo(arguments: &[&str]) -> String {
    output_of(Command::new(env!("CARGO")).arg("--quiet").args(arguments).current_dir(root()))
}

/// The crates that are linked, without those that only run while others are built, and where they go.
fn linked() -> BTreeMap<Crate, BTreeSet<&'static str>> {
    let mut linked = BTreeMap::<_, BTreeSet<_>>::new();
    for (package, product) in SHIPPED {
        for target in TARGETS {
            let kind = ["--edges", "normal,no-proc-macro", "--prefix", "none"];
            let tree =
                cargo(&[&["tree", "--package", package, "--target", target], &kind[..]].concat());
            for line in tree.lines() {
                let mut words = line.split(' ').map(|word| word.trim_start_matches('v').to_owned());
                let name = line.split(' ').next().unwrap_or_default().to_owned();
                let version = words.nth(1).unwrap_or_default();
                linked.entry((name, version)).or_default().insert(product);
            }
        }
    }
    linked
}

/// The packages that others wrote, as cargo describes them.
fn described() -> BTreeMap<Crate, Value> {
    let mut described = BTreeMap::new();
    for target in TARGETS {
        let text = cargo(&["metadata", "--format-version", "1", "--filter-platform", target]);
        let mut metadata: Value = serde_json::from_str(&text).expect("JSON");
        let packages = metadata["packages"].as_array_mut().expect("a list");
        for package in packages.drain(..).filter(|package| !package["source"].is_null()) {
            let text = |member: &str| package[member].as_str().unwrap_or_default().to_owned();
            described.insert((text("name"), text("version")), package);
        }
    }
    described
}

/// What a crate's folder holds of the licence that was chosen.
fn texts(package: &Value) -> Vec<String> {
    let licence = package["license"].as_str().unwrap_or_default();
    let is_choice = licence.split([' ', '/']).any(|word| word == "MIT") && !licence.contains("AND");
    let folder = Path::new(package["manifest_path"].as_str().expect("a path")).parent();
    let entries = fs::read_dir(folder.expect("a folder")).expect("it can be read");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
    files.retain(|path| {
        path.is_file()
            && ["LICEN", "COPYING", "NOTICE"].iter().any(|word| name(path).contains(word))
    });
    if is_choice && files.iter().any(|path| name(path).contains("MIT")) {
        files.retain(|path| name(path).contains("MIT"));
    }
    assert!(!files.is_empty(), "{}: no licence in its folder", package["id"]);
    let read = |path| fs::read_to_string(path).expect("UTF-8");
    let tidy = |text: String| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    files.into_iter().map(|path| tidy(read(path)).trim_matches('\n').to_owned()).collect()
}

fn made() -> String {
    let (linked, described) = (linked(), described());
    let mut made = HEAD.to_owned() + "\n";
    let mut crates_of = BTreeMap::<String, Vec<String>>::new();
    for (key, products) in &linked {
        let Some(package) = described.get(key) else { continue };
        let name = format!("{} {}", key.0, key.1);
        let licence = package["license"].as_str().unwrap_or("see below");
        let products: Vec<_> = products.iter().copied().collect();
        writeln!(made, "{name:28} {licence:28} {}", products.join(", ")).expect("memory");
        for text in texts(package) {
            crates_of.entry(text).or_default().push(name.clone());
        }
    }
    let mut texts: Vec<_> = crates_of.into_iter().map(|(text, crates)| (crates, text)).collect();
    texts.sort();
    for (crates, text) in texts {
        write!(made, "\n{}\n{}\n\n{text}\n", "=".repeat(110), crates.join(", ")).expect("memory");
    }
    made
}

#[test]
fn third_party_names_what_is_linked_and_holds_the_licences() {
    let made = made();
    let path = root().join("THIRD-PARTY");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &made).expect("the checkout is writable");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let differs = committed.lines().zip(made.lines()).find(|(committed, made)| committed != made);
    assert!(committed == made, "run UPDATE=1 cargo test --test guards; first: {differs:#?}");
}

#[test]
fn the_crate_brings_the_licences() {
    let listed = cargo(&["package", "--list", "--allow-dirty"]);
    for file in ["LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY"] {
        assert!(listed.lines().any(|line| line == file), "{file}");
    }
}
