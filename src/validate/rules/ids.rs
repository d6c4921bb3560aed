//! Arrays of names: vswitches, instance types, RDS instances.

use crate::error::Code;
use crate::schema::{Kind, Row};
use crate::validate::distinct::Distinct;
use crate::validate::values;
use crate::validate::visitor::{Located, Visitor};

pub(super) fn check(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) {
    let Kind::Array(item_row) = row.kind else { return };
    let mut seen = Distinct::default();
    let count = visitor.list(at, "an array of strings", |visitor, item| {
        let Some(text) = values::text(visitor, item_row, item) else { return };
        if seen.again(text) {
            visitor.findings.warning(item.path, Code::DuplicateItem, "is in the list already");
        }
    });
    if let Some(count) = count {
        values::advise_count(visitor, row, at, count);
    }
}
