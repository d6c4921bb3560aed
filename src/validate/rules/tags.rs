//! `tags`.

use crate::error::Code;
use crate::schema::{Entry, Row, TAG};
use crate::validate::distinct::Distinct;
use crate::validate::path::Path;
use crate::validate::values;
use crate::validate::visitor::{Located, Visitor};

const RESERVED_KEYS: [&str; 4] = ["aliyun", "acs:", "http://", "https://"];

pub(super) fn check(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) {
    let mut seen = Distinct::default();
    let count = visitor.list(at, "an array of objects", |visitor, item| {
        let mut key = None;
        visitor.object(&TAG, item, |visitor, member, at| match member.rule {
            Entry::Key => key = values::text(visitor, &member.row, at),
            Entry::Plain | Entry::Effect => values::check(visitor, &member.row, at),
        });
        let Some(key) = key else { return };
        let path = Path::Member(&item.path, "key");
        if RESERVED_KEYS.iter().any(|prefix| key.starts_with(prefix)) {
            let message = "begins with a reserved prefix (aliyun, acs:, http://, https://)";
            visitor.findings.warning(path, Code::ReservedKey, message);
        }
        if seen.again(key) {
            let message = "is the key of an earlier tag; keys are unique";
            visitor.findings.problem(path, Code::DuplicateKey, message);
        }
    });
    if let Some(count) = count {
        values::advise_count(visitor, row, at, count);
    }
}
