//! Requests for the eyes of people: no credential, no password.

use crate::http::Head;
use serde_json::Value;

const MASK: &str = "***";

/// A header's value, with what proves an identity taken out.
pub(crate) fn header(name: &str, value: &str) -> String {
    if name.eq_ignore_ascii_case("x-acs-security-token") {
        return MASK.into();
    }
    if !name.eq_ignore_ascii_case("authorization") {
        return value.into();
    }
    if let Some((start, _)) = value.split_once("Signature=") {
        return format!("{start}Signature={MASK}");
    }
    match value.split_once(':') {
        Some((start, _)) if start.starts_with("acs ") => format!("{start}:{MASK}"),
        _ => MASK.into(),
    }
}

/// The body as text, every `login_password` in it replaced.
pub(crate) fn body(bytes: &[u8]) -> String {
    const NAME: &str = "\"login_password\"";
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len());
    let mut rest: &str = &text;
    while let Some(at) = rest.find(NAME) {
        let (before, after) = rest.split_at(at + NAME.len());
        out.push_str(before);
        rest = after;
        let value = after.trim_start().strip_prefix(':').map(str::trim_start);
        let value = value.and_then(|value| value.strip_prefix('"'));
        if let Some(value) = value {
            out.push_str(&format!(":\"{MASK}\""));
            rest = &value[string_end(value)..];
        }
    }
    out.push_str(rest);
    // An escaped member name escapes the search above; then nothing is shown.
    let members: Option<Value> = serde_json::from_slice(bytes).ok();
    let password = members.as_ref().and_then(|it| it.get("login_password")?.as_str());
    match password {
        Some(password) if !password.is_empty() && password != MASK && out.contains(password) => {
            MASK.into()
        }
        _ => out,
    }
}

/// Where a JSON string that has begun ends, its quote included.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// One block of text for one request.
pub(crate) fn describe(head: &Head, bytes: &[u8], verdict: Result<&str, &str>) -> String {
    let mut text = format!("{} {}\n", head.method, head.target);
    for (name, value) in &head.headers {
        text.push_str(&format!("{name}: {}\n", header(name, value)));
    }
    if !bytes.is_empty() {
        text.push_str(&format!("\n{}\n", body(bytes)));
    }
    text.push_str(&match verdict {
        Ok(scheme) => format!("=> signature accepted: {scheme}\n"),
        Err(code) => format!("=> refused: {code}\n"),
    });
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_shown() {
        assert_eq!(header("Authorization", "acs id:sig="), "acs id:***");
        let acs3 = "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host,Signature=abc";
        let shown = "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host,Signature=***";
        assert_eq!(header("authorization", acs3), shown);
        assert_eq!(header("X-Acs-Security-Token", "tok"), "***");
        let sent = br#"{"count":1,"login_password" : "a\"b", "key_pair":"k"}"#;
        let shown = r#"{"count":1,"login_password":"***", "key_pair":"k"}"#;
        assert_eq!(body(sent), shown);
        assert_eq!(body(br#"{"login_passwor\u0064":"Hello@1234"}"#), "***");
        assert_eq!(body(br#"{"login_password":"cut o"#), r#"{"login_password":"***""#);
    }
}
