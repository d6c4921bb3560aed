//! Writing JSON.

use super::scan::plain_length;

/// Appends `text` as a JSON string, quotes included.
pub(crate) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    loop {
        let (plain, behind) = rest.split_at(plain_length(rest.as_bytes()));
        out.push_str(plain);
        let Some(special) = behind.bytes().next() else { break };
        match special {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\x08' => out.push_str("\\b"),
            b'\x0c' => out.push_str("\\f"),
            b'"' | b'\\' => out.extend(['\\', char::from(special)]),
            control => out.push_str(&format!("\\u{control:04x}")),
        }
        rest = &behind[1..];
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_written_as_serde_json_writes_them() {
        let every: String = ('\0'..='\u{ff}').collect();
        let alone = every.chars().map(String::from);
        let others = ["", "é🚀/\u{2028}", "a\"b\\c\n\r\t\u{1}\u{7f}é🚀/", &every];
        for text in alone.chain(others.map(str::to_owned)) {
            let mut out = String::new();
            write_string(&mut out, &text);
            assert_eq!(Some(out), serde_json::to_string(&text).ok(), "{text:?}");
        }
    }
}
