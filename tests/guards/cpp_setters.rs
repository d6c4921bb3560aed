//! The promise: the builder of bindings/cpp/cs_scale_out.hpp has a setter for each row of the table, and no other.
//! `UPDATE=1 cargo test --test guards` rewrites its setters of values; those of objects are written by hand.

use crate::rows::{allowed, members, range};
use cs_scale_out::binding::{Kind, Row};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The region of a class: the lines between the one that begins so and END.
const REQUEST: (&str, &str) = ("request", "    /* setters of the request");
const CLIENT: (&str, &str) = ("client", "    /* setters of client");
const END: &str = "    /* end of the setters */\n";

/// What the setter of a value takes, and what that is in words; of an object, which members have rows of their
/// own, and of what is ignored anyway there is none.
fn parameter(kind: Kind) -> Option<(&'static str, &'static str)> {
    match kind {
        Kind::String => Some(("std::string_view value", "String")),
        Kind::Integer | Kind::IntegerText => Some(("long long value", "Integer")),
        Kind::Boolean | Kind::BooleanText => Some(("bool value", "Boolean")),
        Kind::Array(Row { kind: Kind::String, .. }) => {
            Some(("const texts &value", "List of strings"))
        }
        Kind::Array(_) | Kind::Object | Kind::Any => None,
    }
}

/// The setter with its line of documentation.
fn setter(class: &str, row: &Row) -> Option<String> {
    let (parameter, word) = parameter(row.kind)?;
    let facts = [
        Some(row.unit.map_or(word.to_owned(), |unit| format!("{word} ({unit})"))),
        row.required.then(|| "required".to_owned()),
        allowed(row.values),
        row.advised.map(|advised| format!("{} advised", range(advised))),
        row.default.map(|json| format!("default {json}")),
        (row.since != "0.1").then(|| format!("since {}", row.since)),
    ];
    let facts: Vec<_> = facts.into_iter().flatten().collect();
    let (name, doc, facts) = (row.name, row.doc, facts.join(", "));
    // The one parameter that the reference does not write in lower case.
    let function = if name == "ClusterId" { "cluster_id" } else { name };
    Some(format!(
        "    /** {doc} {facts}. */\n    {class} &{function}({parameter}) {{ return set(\"{name}\", value); }}\n"
    ))
}

/// The header with one region made again.
fn with_setters(header: &str, (class, begin): (&str, &str), before: &str) -> String {
    let (head, rest) = header.split_once(begin).expect("the region's first line");
    let above = head.rsplit_once(&format!("class {class} :")).expect("the class").1;
    assert!(!above.contains("set(\""), "{class} sets something above its region");
    let (first, rest) = rest.split_once('\n').expect("its end");
    let (_, tail) = rest.split_once(END).expect("the region's end");
    assert!(class == REQUEST.0 || tail.starts_with("};\n"), "{class} goes on below its region");
    let setters: String = members(before).filter_map(|row| setter(class, row)).collect();
    format!("{head}{begin}{first}\n{setters}{END}{tail}")
}

/// The pointers of what the setters of values leave out: objects, and the members of all but `client`, which
/// has a class of its own.
fn objects() -> BTreeSet<String> {
    let is_object = |row: &&Row| parameter(row.kind).is_none() && !matches!(row.kind, Kind::Any);
    let with_members = |row: &'static Row| {
        let before = match row.kind {
            Kind::Array(_) => format!("{}/*/", row.pointer),
            _ => format!("{}/", row.pointer),
        };
        let inside: Vec<_> =
            if row.name == "client" { Vec::new() } else { members(&before).collect() };
        inside.into_iter().chain([row]).map(|row| row.pointer.to_owned())
    };
    members("/").filter(is_object).flat_map(with_members).collect()
}

/// What the setters below the region of the request set: pointers of objects and of their members.
fn set_by_hand(header: &str) -> BTreeSet<String> {
    let region = header.split_once(REQUEST.1).expect("the region").1;
    let below = region.split_once(END).expect("its end").1;
    let functions = below.split("    request &").skip(1);
    functions.flat_map(pointers).collect()
}

/// `return set("runtime", object().set("name", name))` sets /runtime and /runtime/name.
fn pointers(function: &str) -> Vec<String> {
    let names = |code: &str, call: &str| -> Vec<String> {
        let names = code.split(call).skip(1).filter_map(|rest| rest.split('"').next());
        names.map(str::to_owned).collect()
    };
    let (list, object) = (names(function, "return append(\""), names(function, "return set(\""));
    let (whole, between) = match (&*list, &*object) {
        ([list], []) => (list, "/*/"),
        ([], [object]) => (object, "/"),
        _ => panic!("sets not one member: {function}"),
    };
    let inner =
        names(function, ".set(\"").into_iter().map(|name| format!("/{whole}{between}{name}"));
    inner.chain([format!("/{whole}")]).collect()
}

#[test]
fn the_cpp_builder_has_a_setter_for_each_row_and_no_other() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("bindings/cpp/cs_scale_out.hpp");
    let mut header = fs::read_to_string(&path).expect("the header");
    let made = with_setters(&header, CLIENT, "/client/");
    let made = with_setters(&made, REQUEST, "/");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &made).expect("the header is writable");
        header.clone_from(&made);
    }
    let other = header.lines().zip(made.lines()).find(|(has, wants)| has != wants);
    assert_eq!(other, None, "what it has and wants: run UPDATE=1 cargo test --test guards");
    assert_eq!(header, made);

    let expected = objects();
    assert!(expected.len() > 10, "{expected:?}");
    assert_eq!(set_by_hand(&header), expected, "the setters of objects");
}
