//! The members of documents as README.md and the man page list them are those of the schema table.
//! `UPDATE=1 cargo test --test guards` rewrites the lists.

use cs_scale_out::binding::{Kind, Row};

use crate::rows;
use std::fs;
use std::path::Path;

/// What a list is of, and what stands before its members' names.
const LISTS: [(&str, &str); 6] = [
    ("request", "/"),
    ("client", "/client/"),
    ("worker_data_disks", "/worker_data_disks/*/"),
    ("runtime", "/runtime/"),
    ("tags", "/tags/*/"),
    ("taints", "/taints/*/"),
];

/// The same of the documents that the task functions take.
const TASK_LISTS: [(&str, &str); 2] = [("task document", "/"), ("unknown", "/unknown/")];

fn kind(kind: &Kind) -> String {
    match kind {
        Kind::Any => "anything".to_owned(),
        Kind::String => "string".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::BooleanText => "boolean or string".to_owned(),
        Kind::IntegerText => "integer or string".to_owned(),
        Kind::Array(item) => match item.kind {
            Kind::Object => "array of objects".to_owned(),
            _ => format!("array of {}s", self::kind(&item.kind)),
        },
        Kind::Object => "object".to_owned(),
    }
}

/// Type and default, or that there must be one.
fn form(row: &Row) -> String {
    let default = row.default.map(|json| format!(", {}", json.trim_matches('"')));
    let required = row.required.then(|| ", required".to_owned());
    format!("{}{}", kind(&row.kind), default.or(required).unwrap_or_default())
}

/// What it is, what is allowed, what is advised, and by which names else it is known.
fn meaning(row: &Row) -> String {
    let unit = row.unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    let values = rows::allowed(row.values).map(|values| format!(" Allowed: {values}{unit}."));
    let advised = row.advised.map(|range| {
        let what = if matches!(row.kind, Kind::Array(_)) { " items" } else { unit.as_str() };
        format!(" Advised: {}{what}.", rows::range(range))
    });
    [row.doc.to_owned(), values.unwrap_or_default(), advised.unwrap_or_default()].concat()
}

fn readme_table<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    let lines = rows.map(|row| {
        format!("| `{}` | {} | {} |\n", row.name, form(row), meaning(row).replace('|', "\\|"))
    });
    format!("type, default | meaning |\n|---|---|---|\n{}", lines.collect::<String>())
}

fn readme() -> String {
    let tables = LISTS.iter().map(|(name, before)| {
        let table = readme_table(rows::members(before));
        match *name {
            "request" => format!("| member | {table}"),
            _ => format!("| member of `{name}` | {table}"),
        }
    });
    tables.collect::<Vec<_>>().join("\n")
}

fn readme_of_tasks() -> String {
    let tables = TASK_LISTS.iter().map(|(name, before)| {
        let table = readme_table(rows::task_members(before));
        match *name {
            "unknown" => format!("| member of `{name}` | {table}"),
            _ => format!("| member | {table}"),
        }
    });
    tables.collect::<Vec<_>>().join("\n")
}

/// A paragraph as man takes it: no line over 80 bytes, no hyphen that is a minus, no request by chance.
fn man_text(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let word = word.replace('\\', "\\e").replace('-', "\\-").replace('"', "\\(dq");
        let is_full = lines.last().is_some_and(|line| line.len() + 1 + word.len() > 78);
        match lines.last_mut() {
            Some(line) if line.is_empty() || !is_full => {
                line.push_str(if line.is_empty() { "" } else { " " });
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    // A line that begins with one of these is a request.
    let plain = |line: &String| {
        line.replacen(['.', '\''], "\\&.", usize::from(line.starts_with(['.', '\''])))
    };
    lines.iter().map(|line| format!("{}\n", plain(line))).collect()
}

fn man_list<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    let items = rows.map(|row| {
        let name = row.name.replace('-', "\\-").replace('$', "\\&$");
        let form = form(row).replace('-', "\\-");
        format!(".TP\n.BR {name} \" ({form})\"\n{}", man_text(&meaning(row)))
    });
    items.collect()
}

fn man() -> String {
    let list = |before| man_list(rows::members(before));
    let nested: String =
        LISTS[2..].iter().map(|(name, before)| format!(".SS {name}\n{}", list(before))).collect();
    format!(".SH REQUEST\n{}{nested}.SH CLIENT\n{}", list("/"), list("/client/"))
}

fn man_of_tasks() -> String {
    let [members, unknown] = TASK_LISTS.map(|(_, before)| man_list(rows::task_members(before)));
    format!("{members}.SS unknown\n{unknown}")
}

/// Holds what stands in `file` between two lines against what is made.
fn compare(file: &str, begin: &str, end: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = fs::read_to_string(&path).expect("a file");
    let (head, rest) = text.split_once(begin).unwrap_or_else(|| panic!("{file}: no line {begin}"));
    let (committed, tail) = rest.split_once(end).unwrap_or_else(|| panic!("{file}: no line {end}"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, [head, begin, made, end, tail].concat()).expect("it is writable");
        return;
    }
    let lines = || made.lines().zip(committed.lines());
    let other = lines().find(|(made, committed)| made != committed);
    let advice = "run UPDATE=1 cargo test --test guards";
    assert_eq!((other, made.len()), (None, committed.len()), "{file}: {advice}");
}

#[test]
fn the_readme_lists_the_tables_members() {
    let begin = "<!-- members: UPDATE=1 cargo test --test guards -->\n";
    compare("README.md", begin, "<!-- end of members -->", &readme());
    let begin = "<!-- members of task documents -->\n";
    compare("README.md", begin, "<!-- end of members of task documents -->", &readme_of_tasks());
}

#[test]
fn the_man_page_lists_the_tables_members() {
    let begin = ".\\\" members: UPDATE=1 cargo test --test guards\n";
    compare("packaging/cs_scale_out.3.in", begin, ".\\\" end of members\n", &man());
    let begin = ".\\\" members of task documents\n";
    let end = ".\\\" end of members of task documents\n";
    compare("packaging/cs_scale_out.3.in", begin, end, &man_of_tasks());
}

#[test]
fn every_row_is_in_a_list_or_an_item_of_one() {
    for row in cs_scale_out::binding::task_rows() {
        let before = row.pointer.strip_suffix(row.name).unwrap_or_default();
        assert!(TASK_LISTS.iter().any(|(_, known)| *known == before), "{}", row.pointer);
    }
    for row in cs_scale_out::binding::rows() {
        let before = row.pointer.strip_suffix(row.name).unwrap_or_default();
        let is_item = row.name == "*";
        let is_listed = LISTS.iter().any(|(_, known)| *known == before);
        assert!(is_item || is_listed, "{} is in no list", row.pointer);
    }
}
