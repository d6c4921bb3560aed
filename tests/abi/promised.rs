//! An ABI is forever: what the header declares and the library exports, compared with the committed
//! tests/abi/cs_scale_out.abi. `UPDATE=1 cargo test --test abi` adds what is new; nothing takes away.

use std::fs;
use std::process::Command;

use crate::common_c::{has, header, library, output_of, root};

const RULE: &str = "An ABI is forever: programs that were built against it are out there. Functions, \
    their types and the values of constants are never changed, removed or used again; a new operation \
    is one more function, a new option one more JSON member.";

/// The header's declarations, one a line: "macro NAME", "constant NAME VALUE" and
/// "function RESULT NAME(TYPES)".
fn declarations(header: &str) -> Vec<String> {
    let mut code = String::new();
    let mut found = Vec::new();
    for line in without_comments(header).lines().map(str::trim) {
        match line.strip_prefix("#define ") {
            // The value is another in each version.
            Some(define) => {
                found.extend(define.split_once(' ').map(|(name, _)| format!("macro {name}")))
            }
            None if line.starts_with('#') => {}
            None => code += &format!("{line} "),
        }
    }
    let (before, rest) = code.split_once("enum cs_scale_out_status {").expect("the enum");
    let (variants, after) = rest.split_once("};").expect("its end");
    let variants = variants.split(',').filter_map(|variant| variant.trim().split_once(" = "));
    found.extend(variants.map(|(name, value)| format!("constant {name} {value}")));
    let code = format!("{before}{after}");
    let code = code.replace("extern \"C\" {", "").replace('}', "");
    let statements = code.split(';').map(str::trim).filter(|statement| !statement.is_empty());
    found.extend(statements.map(signature));
    found.sort();
    found
}

fn without_comments(text: &str) -> String {
    let mut parts = text.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.filter_map(|part| Some(part.split_once("*/")?.1)).fold(first, |code, part| code + part)
}

/// A declaration without its parameters' names, which are no part of the ABI.
fn signature(statement: &str) -> String {
    let (head, tail) = statement.split_once('(').unwrap_or((statement, ""));
    let parameters = tail.trim_end_matches(')').split(',').map(|parameter| {
        let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let parameter = parameter.split_whitespace().collect::<Vec<_>>().join(" ");
        match parameter.trim_end_matches(name).trim_end() {
            "" => parameter,
            named => named.to_owned(),
        }
    });
    let head = head.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("function {head}({})", parameters.collect::<Vec<_>>().join(", "))
}

/// The names the shared library exports, as "symbol NAME".
fn exports() -> Vec<String> {
    let table = output_of(Command::new("nm").args(["-D", "--defined-only"]).arg(library()));
    let mut names: Vec<_> = table
        .lines()
        .filter_map(|line| Some(format!("symbol {}", line.split_whitespace().nth(2)?)))
        .collect();
    names.sort();
    names
}

/// What is in the first and not in the second.
fn missing<'a>(wanted: &'a [String], present: &[String]) -> Vec<&'a String> {
    wanted.iter().filter(|line| !present.contains(line)).collect()
}

#[test]
fn nothing_that_was_ever_promised_is_gone() {
    if !has(Command::new("nm")) {
        return;
    }
    let path = root().join("tests/abi/cs_scale_out.abi");
    let now = [declarations(&header()), exports()].concat();
    let text = fs::read_to_string(&path).unwrap_or_default();
    let committed: Vec<_> =
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    let gone = missing(&committed, &now);
    assert!(gone.is_empty(), "changed or removed: {gone:#?}\n{RULE}");
    if std::env::var_os("UPDATE").is_some() {
        let head =
            "# Written by UPDATE=1 cargo test --test abi, which only adds: an ABI is forever.\n";
        fs::write(&path, format!("{head}{}\n", now.join("\n"))).expect("tests/abi is writable");
        return;
    }
    let new = missing(&now, &committed);
    assert!(
        new.is_empty(),
        "new: {new:#?}\nFrom the next release on it is forever. If it is meant to be, run \
         UPDATE=1 cargo test --test abi, and commit the difference."
    );
    assert!(committed.len() > 20, "{committed:?}");
}

#[test]
fn a_changed_signature_is_seen() {
    let before = declarations(&header());
    let changes: [(&str, &str); 4] = [
        ("char **json_out", "char *json_out"),
        ("int cs_scale_out_validate", "long cs_scale_out_validate"),
        ("CS_SCALE_OUT_ERR_UNSENT = -4", "CS_SCALE_OUT_ERR_UNSENT = -5"),
        ("const char *cs_scale_out_version(void)", "const char *cs_scale_out_version(int flags)"),
    ];
    for (from, to) in changes {
        assert!(header().contains(from), "{from}");
        let after = declarations(&header().replace(from, to));
        assert!(!missing(&before, &after).is_empty(), "{from} became {to} unseen");
    }
    let renamed = declarations(&header().replace("json_in", "document"));
    assert_eq!(before, renamed, "a parameter's name is no part of it");
}
