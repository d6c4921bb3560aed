//! `taints`.

use crate::error::Code;
use crate::json::Kind;
use crate::schema::{Entry, TAINT};
use crate::validate::path::Path;
use crate::validate::values;
use crate::validate::visitor::{Located, Visitor};

pub(super) fn check(visitor: &mut Visitor, at: Located<'_, '_>) {
    visitor.list(at, "an array of objects", |visitor, item| {
        let mut has_effect = false;
        visitor.object(&TAINT, item, |visitor, member, at| {
            has_effect |= match member.rule {
                Entry::Effect => true,
                Entry::Plain | Entry::Key => false,
            };
            values::check(visitor, &member.row, at);
        });
        let is_read = item.raw.kind() == Kind::Object && !visitor.findings.is_unchecked(item.path);
        if is_read && !has_effect {
            let message = "is not given; a taint without an effect keeps nothing away";
            let path = Path::Member(&item.path, "effect");
            visitor.findings.warning(path, Code::TaintWithoutEffect, message);
        }
    });
}
