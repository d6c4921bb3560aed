//! Exact pointers into the parameters. The id stays checked, since it becomes the path, and so does
//! `client`, which nobody but this library reads.

use crate::error::Code;
use crate::json::pointer;
use crate::validate::visitor::{Located, Visitor};

pub(super) fn check(visitor: &mut Visitor, at: Located<'_, '_>) -> Vec<String> {
    let mut pointers = Vec::new();
    visitor.list(at, "an array of JSON Pointers", |visitor, item| {
        let Some(text) = visitor.text(item) else { return };
        let message = match text.as_ref() {
            "/ClusterId" => "ClusterId is always checked: it becomes part of the path",
            p if p == "/client" || p.starts_with("/client/") => "client is always checked",
            p if !pointer::is_below_root(p) => {
                "must be a JSON Pointer to a member, such as \"/worker_period\""
            }
            p => return pointers.push(p.to_owned()),
        };
        visitor.findings.problem(item.path, Code::BadPointer, message);
    });
    pointers
}
