//! `worker_instance_charge_type`.

use crate::schema::Row;
use crate::validate::values;
use crate::validate::visitor::{Located, Visitor};

pub(super) fn is_prepaid(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<bool> {
    values::text(visitor, row, at).map(|charge_type| charge_type == "PrePaid")
}
