//! The promise: Python's keywords, their types and what `help()` says of them are those of the schema table. A
//! member without its keyword is a difference, and a keyword without its member is one, too.

use std::fs;
use std::path::{Path, PathBuf};

use crate::rows::{allowed, members, range};
use cs_scale_out::binding::{Kind, Range, Row, Values, rows};

/// Python's names for what holds members, by its pointer.
const CLASSES: [(&str, &str); 5] = [
    ("/worker_data_disks/*", "DataDisk"),
    ("/runtime", "Runtime"),
    ("/tags/*", "Tag"),
    ("/taints/*", "Taint"),
    ("/client", "ClientOptions"),
];

/// What is so in Python alone.
const NOTES: [(&str, &str); 1] =
    [("/client/dry_run", "`cs_scale_out.dry_run` sets it, and `scale_out` refuses it.")];

/// Lines of Python are no longer.
const WIDTH: usize = 100;

fn package(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bindings/python/python/cs_scale_out").join(file)
}

/// What may be given by name. What is ignored may not; the cluster's id has a place of its own.
fn keywords() -> Vec<&'static Row> {
    members("/").filter(|row| !row.required && !matches!(row.kind, Kind::Any)).collect()
}

fn class(pointer: &str) -> &'static str {
    let found = CLASSES.iter().find(|(known, _)| *known == pointer);
    found.unwrap_or_else(|| panic!("{pointer} has no class in CLASSES")).1
}

fn type_of(row: &Row) -> String {
    match (row.kind, row.values) {
        (Kind::String, Values::Words(words)) => {
            let words: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
            format!("Literal[{}]", words.join(", "))
        }
        (Kind::Any, _) => "object".to_owned(),
        (Kind::String, _) => "str".to_owned(),
        (Kind::Integer, _) => "int".to_owned(),
        (Kind::Boolean, _) => "bool".to_owned(),
        (Kind::BooleanText, _) => "str | bool".to_owned(),
        (Kind::IntegerText, _) => "str | int".to_owned(),
        (Kind::Array(item), _) => format!("Sequence[{}]", type_of(item)),
        (Kind::Object, _) => class(row.pointer).to_owned(),
    }
}

/// All that the row knows, in sentences.
fn description(row: &Row) -> String {
    let facts = [values(row), advice(row), default(row), example(row), see(row)];
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let mut sentences = vec![row.doc.to_owned()];
    if let Some(first) = facts.get(..1) {
        sentences.push(format!("{}{}.", first.to_uppercase(), &facts[1..]));
    }
    let notes = NOTES.iter().filter(|(pointer, _)| *pointer == row.pointer);
    sentences.extend(notes.map(|(_, note)| (*note).to_owned()));
    sentences.join(" ")
}

fn values(row: &Row) -> Option<String> {
    match (allowed(row.values), row.unit) {
        (Some(values), Some(unit)) => Some(format!("{values} {unit}")),
        (None, Some(unit)) => Some(format!("in {unit}")),
        (values, None) => values,
    }
}

fn advice(row: &Row) -> Option<String> {
    let items = if matches!(row.kind, Kind::Array(_)) { " items" } else { "" };
    row.advised.map(|advised| format!("{}{items} advised", range(advised)))
}

fn default(row: &Row) -> Option<String> {
    let json = match row.default? {
        "true" => "True",
        "false" => "False",
        json => json,
    };
    Some(format!("default {json}"))
}

/// What a name looks like, of those that are sent: their forms are the service's, and not told by types.
fn example(row: &Row) -> Option<String> {
    let named = match row.kind {
        Kind::Array(item) => item,
        Kind::Any
        | Kind::String
        | Kind::Integer
        | Kind::Boolean
        | Kind::BooleanText
        | Kind::IntegerText
        | Kind::Object => row,
    };
    let is_name = matches!(
        (named.kind, named.values),
        (Kind::String, Values::Any | Values::Characters(Range { least: 1, .. }))
    );
    let is_sent = !row.pointer.starts_with("/client/");
    let is_shown = is_name && is_sent && named.example != "\"\"";
    is_shown.then(|| format!("for example {}", named.example))
}

fn see(row: &Row) -> Option<String> {
    let pointer = match row.kind {
        Kind::Array(item) if matches!(item.kind, Kind::Object) => item.pointer,
        Kind::Object => row.pointer,
        Kind::Array(_)
        | Kind::Any
        | Kind::String
        | Kind::Integer
        | Kind::Boolean
        | Kind::BooleanText
        | Kind::IntegerText => return None,
    };
    Some(format!("see `{}`", class(pointer)))
}

/// The text in lines no longer than Python's: the first after `prefix`, the others after `indent`.
fn wrapped(prefix: &str, text: &str, indent: &str) -> String {
    let mut words = text.split(' ');
    let mut lines = vec![format!("{prefix}{}", words.next().unwrap_or_default())];
    for word in words {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{indent}{word}")),
        }
    }
    format!("{}\n", lines.join("\n"))
}

fn docstring(text: &str) -> String {
    wrapped("    \"\"\"", &format!("{text}\"\"\""), "    ")
}

/// A TypedDict. Where `none` is absent, too, each type says so.
fn typed_dict(head: &str, doc: &str, rows: &[&Row], none: &str) -> String {
    let head = format!("class {head}:\n{}\n", docstring(doc));
    let fields = rows.iter().map(|row| {
        format!("    {}: {}{none}\n{}", row.name, type_of(row), docstring(&description(row)))
    });
    format!("{head}{}\n\n", fields.collect::<String>())
}

fn types() -> String {
    let nested = CLASSES.iter().map(|(pointer, name)| {
        let row = rows().find(|row| row.pointer == *pointer);
        let row = row.unwrap_or_else(|| panic!("{pointer} is in CLASSES, and not in the table"));
        let members: Vec<_> = members(&format!("{pointer}/")).collect();
        typed_dict(&format!("{name}(TypedDict, total=False)"), row.doc, &members, "")
    });
    let nested: String = nested.collect();
    let doc =
        "The parameters of ScaleOutCluster but the cluster's id; see `cs_scale_out.scale_out`.";
    let parameters = typed_dict("Parameters(TypedDict, total=False)", doc, &keywords(), " | None");
    let required: Vec<_> = members("/").filter(|row| row.required).collect();
    let required = typed_dict("_Required(TypedDict)", "What every request has.", &required, "");
    format!("{nested}{parameters}{required}")
}

fn signature() -> String {
    let keywords = keywords().into_iter();
    keywords.map(|row| format!("    {}: {} | None = None,\n", row.name, type_of(row))).collect()
}

fn arguments() -> String {
    let argument = |row: &'static Row| {
        wrapped(&format!("        {}: ", row.name), &description(row), "            ")
    };
    keywords().into_iter().map(argument).collect()
}

fn names() -> String {
    keywords().iter().map(|row| format!("        {},\n", row.name)).collect()
}

/// Puts `made` between two lines of `text`, of which each stands there once.
fn replaced(text: &str, begin: &str, end: &str, made: &str) -> String {
    let (before, rest) = text.split_once(begin).unwrap_or_else(|| panic!("no line {begin:?}"));
    let (_, after) = rest.split_once(end).unwrap_or_else(|| panic!("no line {end:?}"));
    format!("{before}{begin}{made}{end}{after}")
}

fn compare(file: &str, make: impl Fn(&str) -> String) {
    let committed = fs::read_to_string(package(file)).expect("a file of the package");
    let made = make(&committed);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(package(file), made).expect("the package is writable");
        return;
    }
    let differs = committed.lines().zip(made.lines()).find(|(committed, made)| committed != made);
    let advice = "run UPDATE=1 cargo test --test guards, and look at the difference";
    assert!(committed == made, "{file}: {differs:#?}: {advice}");
}

#[test]
fn python_has_a_type_for_each_member() {
    const BEGIN: &str =
        "# What follows is made from the schema table: UPDATE=1 cargo test --test guards\n\n\n";
    compare("types.py", |text| replaced(text, BEGIN, "class Request(", &types()));
}

#[test]
fn python_has_a_keyword_for_each_parameter() {
    compare("_scale_out.py", |text| {
        let text = replaced(text, "    *,\n", ") -> ScaleOutResult:\n", &signature());
        let text = replaced(
            &text,
            "beside a mapping, only `client` may be given.\n",
            "\n    Returns:\n",
            &arguments(),
        );
        replaced(&text, "    values = (\n        cluster_id,\n", "    )\n", &names())
    });
}

#[test]
fn a_note_is_of_a_member() {
    for (pointer, _) in NOTES {
        assert!(rows().any(|row| row.pointer == pointer), "{pointer}");
    }
}
