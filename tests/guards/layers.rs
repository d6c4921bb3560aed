//! The promise: imports between the rooms of src/ point down only, `unsafe` stays in the system's room and
//! the C ABI's, and files stay short.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::Visit;

use crate::imports::{Imports, Paths, is_test};

/// Bottom to top. A room may use what stands in a line above its own; rooms of one line keep apart. Inside
/// a room modules may use each other, without circles.
const LAYERS: [&[&str]; 12] = [
    &["secret", "control", "date", "encode", "task"],
    &["error", "os"],
    &["json", "redact"],
    &["schema"],
    &["config"],
    &["validate", "sign", "transport", "api"],
    &["outcome", "credentials"],
    &["operation"],
    &["render"],
    &["call"],
    &["ffi", "binding"],
    &["lib"],
];

/// Why each may use it is said beside every block.
const UNSAFE: [&str; 13] = [
    "ffi/convert.rs",
    "ffi/mod.rs",
    "ffi/tasks.rs",
    "os/address.rs",
    "os/environment.rs",
    "os/fork.rs",
    "os/futex.rs",
    "os/guest.rs",
    "os/reserve/mod.rs",
    "os/reserve/region.rs",
    "os/resolver.rs",
    "os/socket.rs",
    "os/thread.rs",
];

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

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

/// Path below src/ and text of every source file, but for modules that only tests compile.
fn texts() -> BTreeMap<String, String> {
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(src()).expect("below src").to_string_lossy().into_owned();
        (name, fs::read_to_string(path).expect("UTF-8"))
    };
    let mut texts = sources(&src()).iter().map(read).collect::<BTreeMap<_, _>>();
    let tests: Vec<_> = texts.iter().flat_map(|(file, text)| test_modules(file, text)).collect();
    texts.retain(|file, _| !tests.contains(&module(file)));
    assert!(texts.len() > 30, "the sources were found");
    texts
}

/// The modules in files of their own that `file` declares for tests.
fn test_modules(file: &str, text: &str) -> Vec<Vec<String>> {
    let items = parsed(file, text).items;
    let declared = items.iter().filter_map(|item| match item {
        syn::Item::Mod(item) if item.content.is_none() && is_test(&item.attrs) => Some(item),
        _ => None,
    });
    declared.map(|item| [module(file), vec![item.ident.to_string()]].concat()).collect()
}

fn parsed(file: &str, text: &str) -> syn::File {
    syn::parse_file(text).unwrap_or_else(|e| panic!("{file}: {e}"))
}

/// The module path of a file below src/: `api/reply/mod.rs` is `api::reply`.
fn module(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    path.split('/').filter(|part| *part != "lib").map(str::to_owned).collect()
}

fn layer(room: &str) -> usize {
    let found = LAYERS.iter().position(|layer| layer.contains(&room));
    found.unwrap_or_else(|| panic!("{room} stands in no layer: add it to tests/guards/layers.rs"))
}

/// The imports of `file` that do not point down.
fn upward(file: &str, text: &str) -> Vec<String> {
    let own = module(file);
    let room = own.first().map_or("lib", String::as_str).to_owned();
    let paths = Paths::of(own.clone(), &parsed(file, text));
    let others = paths.iter().filter_map(|path| path.first());
    // What begins with a capital letter is re-exported at the root.
    let is_upward = |other: &&String| match other.starts_with(char::is_uppercase) {
        true => room != "lib" && room != "ffi",
        false => **other != room && layer(other) >= layer(&room),
    };
    others.filter(is_upward).map(|other| format!("{file} uses {other}")).collect()
}

#[test]
fn imports_point_down_only() {
    let texts = texts();
    let found: Vec<_> = texts.iter().flat_map(|(file, text)| upward(file, text)).collect();
    assert!(found.is_empty(), "{found:#?}");
    let rooms: Vec<_> = LAYERS.concat();
    for room in rooms {
        let is_there =
            texts.keys().any(|file| module(file).first().map_or("lib", String::as_str) == room);
        assert!(is_there, "{room} is in a layer, and not in src/");
    }
}

#[test]
fn an_upward_import_is_seen_in_whatever_form() {
    for code in [
        "use crate::call;",
        "use crate::{call as _, json};",
        "use crate::{json, operation::{purchase, reconcile::{self as look}}};",
        "use super::super::call;",
        "use crate::Answer;",
        "use crate::call::*;",
        "fn f() { crate::operation::purchase::run() }",
        "fn f(x: Vec<crate::render::Document>) {}",
        "fn f() { println!(\"{}\", crate::call::x()) }",
        "mod inner { use crate::call; }",
    ] {
        assert!(!upward("json/pointer.rs", code).is_empty(), "{code}");
    }
    for code in ["use crate::{error, json::Raw};", "#[cfg(test)]\nmod tests { use crate::call; }"] {
        assert_eq!(upward("json/pointer.rs", code), [""; 0], "{code}");
    }
}

/// The modules that each module of a room uses.
fn uses(texts: &BTreeMap<String, String>) -> BTreeMap<String, Vec<String>> {
    let names: Vec<_> = texts.keys().map(|file| module(file)).collect();
    let known = |path: &[String]| {
        let fits = names.iter().filter(|name| !name.is_empty() && path.starts_with(name));
        fits.max_by_key(|name| name.len()).map(|name| name.join("::"))
    };
    let mut uses = BTreeMap::new();
    for (file, text) in texts {
        let own = module(file);
        let paths = Paths::of(own.clone(), &parsed(file, text));
        let others = paths.iter().filter_map(|path| known(path));
        let own = own.join("::");
        let others = others.filter(|other| *other != own).collect();
        uses.insert(own, others);
    }
    uses
}

/// Whether `from` leads back to `wanted`.
fn leads(
    uses: &BTreeMap<String, Vec<String>>,
    from: &str,
    wanted: &str,
    been: &mut Vec<String>,
) -> bool {
    if been.iter().any(|place| place == from) {
        return false;
    }
    been.push(from.to_owned());
    let next = uses.get(from).into_iter().flatten();
    next.into_iter().any(|other| other == wanted || leads(uses, other, wanted, been))
}

#[test]
fn modules_of_a_room_use_each_other_without_circles() {
    let uses = uses(&texts());
    for name in uses.keys().filter(|name| !name.is_empty()) {
        // A room's own mod.rs is its front: it may use what is inside, and is used from there.
        let is_front = uses.keys().any(|other| other.starts_with(&format!("{name}::")));
        if !is_front {
            assert!(!leads(&uses, name, name, &mut Vec::new()), "{name} leads back to itself");
        }
    }
}

#[test]
fn unsafe_stays_where_it_is() {
    for (file, text) in texts() {
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let uses = code.contains("unsafe ") || code.contains("unsafe{");
        assert_eq!(uses, UNSAFE.contains(&file.as_str()), "{file}");
    }
}

#[test]
fn the_validator_the_signers_and_the_readers_touch_no_outside_world() {
    const PURE: [&str; 10] = [
        "validate", "schema", "sign", "api", "json", "redact", "render", "date", "error", "outcome",
    ];
    const OUTSIDE: [&str; 6] = ["net", "fs", "env", "SystemTime", "Instant", "getrandom"];
    for (file, text) in texts() {
        if !PURE.contains(&module(&file).first().map_or("lib", String::as_str)) {
            continue;
        }
        let mut imports = Imports::default();
        imports.visit_file(&parsed(&file, &text));
        for word in OUTSIDE {
            assert!(!imports.0.iter().any(|name| name == word), "{file} uses {word}");
        }
    }
}

#[test]
fn files_stay_short() {
    for (file, text) in texts() {
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().count();
        assert!(lines <= 320, "{file} has {lines} lines: split it");
    }
}
