//! `taints`.

use crate::schema::TAINT;
use crate::validate::values;
use crate::validate::visitor::{Located, Visitor};

pub fn check(visitor: &mut Visitor, at: Located<'_, '_>) {
    visitor.list(at, "an array of objects", |visitor, item| {
        visitor.object(&TAINT, item, |visitor, member, at| {
            values::check(visitor, &member.row, at);
        });
    });
}
