//! `worker_data_disks`.

use crate::schema::DATA_DISK;
use crate::validate::values;
use crate::validate::visitor::{Located, Visitor};

/// How many there are, if it is a list.
pub(super) fn check(visitor: &mut Visitor, at: Located<'_, '_>) -> Option<usize> {
    visitor.list(at, "an array of objects", |visitor, item| {
        visitor.object(&DATA_DISK, item, |visitor, member, at| {
            values::check(visitor, &member.row, at);
        });
    })
}
