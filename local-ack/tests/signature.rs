//! The verifier's stages against signatures that the official SDKs made; `vectors/README.md`, a
//! folder up, says how.

use local_ack::signature::*;
use serde_json::Value;

struct Case(Value);

impl Case {
    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }

    /// As the server gets them. Some clients add their own content-length after signing.
    fn headers(&self) -> Vec<(String, String)> {
        let pairs = self.0["headers"].as_array().expect("headers");
        let text = |value: &Value| value.as_str().expect("a string").to_string();
        pairs.iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect()
    }
}

/// At least `count`, so that an emptied file is noticed.
fn cases(text: &str, count: usize) -> Vec<Case> {
    let cases: Vec<Value> = serde_json::from_str(text).expect("a list of cases");
    assert!(cases.len() >= count);
    cases.into_iter().map(Case).collect()
}

#[test]
fn roa_stages_agree_with_the_official_sdks() {
    for case in cases(include_str!("../../tests/vectors/roa_sha1.json"), 8) {
        let name = case.text("name");
        let text = roa_string_to_sign(case.text("method"), case.text("target"), &case.headers());
        assert_eq!(text, case.text("string_to_sign"), "{name}");
        let signature = roa_signature(case.text("access_key_secret"), &text);
        let authorization = format!("acs {}:{signature}", case.text("access_key_id"));
        assert_eq!(authorization, case.text("authorization"), "{name}");
    }
}

#[test]
fn acs3_stages_agree_with_the_official_sdks() {
    for case in cases(include_str!("../../tests/vectors/acs3.json"), 5) {
        let name = case.text("name");
        let authorization = case.text("authorization");
        let signed = authorization.split("SignedHeaders=").nth(1).expect("a list");
        let signed: Vec<&str> = signed.split(',').next().expect("a list").split(';').collect();
        let (method, target) = (case.text("method"), case.text("target"));
        let body = case.text("body").as_bytes();
        let canonical = acs3_canonical_request(method, target, &case.headers(), &signed, body);
        assert_eq!(canonical, case.text("canonical_request"), "{name}");
        let text = acs3_string_to_sign(&canonical);
        assert_eq!(text, case.text("string_to_sign"), "{name}");
        let signature = acs3_signature(case.text("access_key_secret"), &text);
        assert!(authorization.ends_with(&format!("Signature={signature}")), "{name}");
    }
}

#[test]
fn only_acs_headers_are_covered_and_their_white_space_is_tamed() {
    let headers = [("X-Acs-B", "two\twords "), ("xx-x-acs-test", "no"), ("x-acs-a", "1")];
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_string()));
    let text = roa_string_to_sign("GET", "/tasks/T-1?b=%2A&a=x+y&flag", &headers);
    assert_eq!(text, "GET\n\n\n\n\nx-acs-a:1\nx-acs-b:two words\n/tasks/T-1?a=x y&b=*&flag");
}
