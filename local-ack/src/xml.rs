//! Documents as the service's XML, which has no root element.

use serde_json::{Map, Value};

/// Each member becomes an element; a list becomes one element an entry.
pub(crate) fn render(document: &Map<String, Value>) -> String {
    document.iter().map(|(name, value)| element(name, value)).collect()
}

fn element(name: &str, value: &Value) -> String {
    match value {
        Value::Array(entries) => entries.iter().map(|entry| element(name, entry)).collect(),
        Value::Object(members) => format!("<{name}>{}</{name}>\n", render(members)),
        Value::String(text) => format!("<{name}>{}</{name}>\n", escape(text)),
        Value::Null => format!("<{name}></{name}>\n"),
        other => format!("<{name}>{other}</{name}>\n"),
    }
}

pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
