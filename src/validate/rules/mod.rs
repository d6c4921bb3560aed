//! The parameters: what is checked of each beyond its row, a file a rule. What several parameters say
//! together is in [`super::cross_field`].

mod charging;
pub(super) mod cluster_id;
mod count;
mod data_disks;
mod ids;
mod login;
mod tags;
mod taints;
mod user_data;

use std::ops::Range;

use super::presence::Presence;
use super::values;
use super::visitor::{Located, Visitor};
use crate::schema::{Member, Parameter, RUNTIME};
use crate::secret::Secret;

/// What the single parameters said, for the rules about several of them.
#[derive(Default)]
pub(super) struct Facts {
    pub cluster_id: Presence<String>,
    pub count: Presence<i64>,
    /// Whether `worker_instance_charge_type` is PrePaid.
    pub prepaid: Presence<bool>,
    pub period: Presence<i64>,
    pub period_unit: Presence<()>,
    pub auto_renew: Presence<bool>,
    pub auto_renew_period: Presence<i64>,
    pub data_disk: Presence<bool>,
    /// How many `worker_data_disks` there are.
    pub data_disks: Presence<usize>,
    pub key_pair: Presence<()>,
    /// The password, and where its value stands in the body.
    pub password: Presence<(Range<usize>, Secret)>,
}

/// Checks one known, present parameter.
pub(super) fn check(
    visitor: &mut Visitor,
    facts: &mut Facts,
    member: &'static Member<Parameter>,
    at: Located<'_, '_>,
) {
    let row = &member.row;
    match member.rule {
        Parameter::Plain => values::check(visitor, row, at),
        Parameter::ClusterId => {
            facts.cluster_id = Presence::of(cluster_id::check(visitor, row, at))
        }
        Parameter::Count => facts.count = Presence::of(count::check(visitor, row, at)),
        Parameter::ChargeType => {
            facts.prepaid = Presence::of(charging::is_prepaid(visitor, row, at))
        }
        Parameter::Period => facts.period = Presence::of(values::integer(visitor, row, at)),
        Parameter::PeriodUnit => {
            facts.period_unit = Presence::of(values::text(visitor, row, at).map(drop));
        }
        Parameter::AutoRenew => facts.auto_renew = Presence::of(visitor.boolean(at)),
        Parameter::AutoRenewPeriod => {
            facts.auto_renew_period = Presence::of(values::integer(visitor, row, at));
        }
        Parameter::DataDisk => facts.data_disk = Presence::of(visitor.boolean(at)),
        Parameter::DataDisks => facts.data_disks = Presence::of(data_disks::check(visitor, at)),
        Parameter::KeyPair => facts.key_pair = login::key_pair(visitor, at),
        Parameter::LoginPassword => {
            facts.password = Presence::of(login::password(visitor, row, at));
        }
        Parameter::UserData => user_data::check(visitor, at),
        Parameter::Runtime => visitor.object(&RUNTIME, at, |visitor, member, at| {
            values::check(visitor, &member.row, at);
        }),
        Parameter::Ids => ids::check(visitor, row, at),
        Parameter::Tags => tags::check(visitor, row, at),
        Parameter::Taints => taints::check(visitor, at),
        // The one was read before the others, the other is nobody's.
        Parameter::Client | Parameter::Ignored => {}
    }
}
