//! `count`.

use crate::error::Code;
use crate::schema::Row;
use crate::validate::values;
use crate::validate::visitor::{Located, Visitor};

pub(super) fn check(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<i64> {
    let count = values::integer(visitor, row, at)?;
    if let Some(most) = row.advised.map(|range| range.most).filter(|most| count > *most) {
        let message = format!("{count} nodes in one call; the sibling API allows {most}");
        visitor.findings.warning(at.path, Code::LargeCount, message);
    }
    Some(count)
}
