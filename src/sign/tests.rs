//! The stages against the golden vectors of the official SDKs (tests/vectors/README.md), and whole
//! requests of ours.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use md5::{Digest, Md5};
use serde_json::Value;
use sha2::Sha256;

use super::*;
use crate::encode;

const ROA: &str = include_str!("../../tests/vectors/roa_sha1.json");
const ACS3: &str = include_str!("../../tests/vectors/acs3.json");

fn cases(text: &str, count: usize) -> Vec<Value> {
    let cases: Vec<Value> = serde_json::from_str(text).expect("vectors");
    assert_eq!(cases.len(), count, "a case was lost");
    cases
}

fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_else(|| panic!("{} has no {name}", case["name"]))
}

fn pairs<'a>(case: &'a Value, name: &str) -> Vec<(&'a str, &'a str)> {
    let pairs = case[name].as_array().expect("a list of pairs").iter();
    pairs.filter_map(|pair| Some((pair[0].as_str()?, pair[1].as_str()?))).collect()
}

/// The headers as the SDK sent them, names lower-case.
fn lower_case(case: &Value) -> Vec<(String, String)> {
    let headers = pairs(case, "headers").into_iter();
    headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect()
}

#[test]
fn roa_sha1_meets_every_vector_at_every_stage() {
    for case in cases(ROA, 8) {
        let headers = lower_case(&case);
        let headers: Vec<_> = headers.iter().map(|(n, v)| (n.as_str(), v.into())).collect();
        let query = pairs(&case, "query");
        let string =
            roa_sha1::string_to_sign(text(&case, "method"), &headers, text(&case, "path"), &query);
        assert_eq!(string, text(&case, "string_to_sign"), "{}", case["name"]);
        let signature = roa_sha1::signature(text(&case, "access_key_secret"), &string);
        let authorization = roa_sha1::authorization(text(&case, "access_key_id"), &signature);
        assert_eq!(authorization, text(&case, "authorization"), "{}", case["name"]);
        if let Some((_, md5)) = headers.iter().find(|(name, _)| *name == "content-md5") {
            let ours = BASE64_STANDARD.encode(Md5::digest(text(&case, "body")));
            assert_eq!(ours, *md5, "{}", case["name"]);
        }
    }
}

#[test]
fn acs3_meets_every_vector_at_every_stage() {
    for case in cases(ACS3, 5) {
        let headers = lower_case(&case);
        let authorization = text(&case, "authorization");
        let (_, rest) = authorization.split_once("SignedHeaders=").expect("signed headers");
        let signed: Vec<_> = rest.split(',').next().expect("a list").split(';').collect();
        let headers: Vec<_> = headers.iter().map(|(n, v)| (n.as_str(), v.into())).collect();
        let covered: Vec<_> = headers.iter().filter(|(name, _)| signed.contains(name)).collect();
        let digest = encode::hex(&Sha256::digest(text(&case, "body")));
        let path = format!("/api/v2/clusters/{}", encode::percent(text(&case, "cluster_id")));
        assert_eq!(path, text(&case, "path"), "{}", case["name"]);
        let (method, query) = (text(&case, "method"), pairs(&case, "query"));
        let (canonical, names) = acs3::canonical_request(method, &path, &query, &covered, &digest);
        assert_eq!(canonical, text(&case, "canonical_request"), "{}", case["name"]);
        let string = acs3::string_to_sign(&canonical);
        assert_eq!(string, text(&case, "string_to_sign"), "{}", case["name"]);
        let signature = acs3::signature(text(&case, "access_key_secret"), &string);
        let ours = acs3::authorization(text(&case, "access_key_id"), &names, &signature);
        assert_eq!(ours, authorization, "{}", case["name"]);
    }
}

#[test]
fn values_are_folded_to_one_line_before_they_are_signed() {
    let headers = [("x-acs-b", " a\tb\r\nc ".into()), ("x-acs-a", "".into())];
    let string = roa_sha1::string_to_sign("GET", &headers, "/p", &[("b", "1"), ("a", "x y")]);
    assert_eq!(string, "GET\n\n\n\n\nx-acs-a:\nx-acs-b:a b  c\n/p?a=x y&b=1");
}
