//! The rules of one parameter each: types, ranges, allowed values. What several parameters say
//! together is in [`super::cross_field`].

use std::ops::{Range, RangeInclusive};

use super::lists;
use super::user_data;
use super::values::{filled_text, one_of};
use super::visitor::{Located, Visitor};
use crate::error::Code;
use crate::secret::Secret;

/// Every member of the document: the reference's parameters in its order, and `client`.
pub const NAMES: [&str; 25] = [
    "ClusterId",
    "count",
    "worker_instance_charge_type",
    "worker_period",
    "worker_period_unit",
    "worker_auto_renew",
    "worker_auto_renew_period",
    "worker_system_disk_category",
    "worker_system_disk_size",
    "worker_data_disk",
    "key_pair",
    "login_password",
    "cloud_monitor_flags",
    "cpu_policy",
    "disable_rollback",
    "image_id",
    "user_data",
    "runtime",
    "vswitch_ids",
    "worker_instance_types",
    "rds_instances",
    "worker_data_disks",
    "tags",
    "taints",
    "client",
];

const LONGEST_CLUSTER_ID: usize = 64;
const PASSWORD_LENGTH: RangeInclusive<usize> = 8..=30;
const MONTHS: [i64; 5] = [1, 2, 3, 6, 12];
const LARGE_COUNT: i64 = 500;
const SYSTEM_DISK_GB: RangeInclusive<i64> = 40..=500;
/// The SDKs' comments allow one to three vswitches; the other lists have no known limit.
const VSWITCHES: usize = 3;

/// What the single parameters said, for the rules about several of them.
#[derive(Default)]
pub struct Facts {
    pub cluster_id: Option<String>,
    pub cluster_id_given: bool,
    /// `worker_instance_charge_type`, where it is a string.
    pub charge_type: Option<String>,
    pub charge_type_given: bool,
    pub period: bool,
    pub period_unit: bool,
    pub auto_renew: Option<bool>,
    pub auto_renew_given: bool,
    pub auto_renew_period: bool,
    pub data_disk: Option<bool>,
    pub data_disks: usize,
    pub key_pair: bool,
    pub password_given: bool,
    pub password: Option<(Range<usize>, Secret)>,
}

/// Checks one known, present parameter; whether it goes into the body.
pub fn check(visitor: &mut Visitor, facts: &mut Facts, name: &str, at: Located<'_, '_>) -> bool {
    note_presence(facts, name);
    match name {
        "ClusterId" => {
            facts.cluster_id = cluster_id(visitor, at);
            return false;
        }
        "login_password" => facts.password = password(visitor, at),
        _ if visitor.is_unchecked(at) => {}
        "count" => count(visitor, at),
        "worker_instance_charge_type" => {
            facts.charge_type = one_of(visitor, at, &["PrePaid", "PostPaid"]);
        }
        "worker_period" | "worker_auto_renew_period" => months(visitor, at),
        "worker_period_unit" => drop(one_of(visitor, at, &["Month"])),
        "worker_auto_renew" => facts.auto_renew = visitor.boolean(at),
        "worker_system_disk_category" => drop(filled_text(visitor, at)),
        "worker_system_disk_size" => system_disk_size(visitor, at),
        "worker_data_disk" => facts.data_disk = visitor.boolean(at),
        "worker_data_disks" => {
            // A broken value is there all the same; an empty list describes no disk.
            if let Some(disks) = lists::data_disks(visitor, at) {
                facts.data_disks = disks;
            }
        }
        "key_pair" => facts.key_pair = visitor.text(at).is_none_or(|name| !name.is_empty()),
        "cpu_policy" => drop(one_of(visitor, at, &["none", "static"])),
        "cloud_monitor_flags" | "disable_rollback" => drop(visitor.boolean(at)),
        "user_data" => user_data::check(visitor, at),
        "runtime" => lists::runtime(visitor, at),
        "vswitch_ids" => lists::texts(visitor, at, Some(VSWITCHES)),
        "worker_instance_types" | "rds_instances" => lists::texts(visitor, at, None),
        "tags" => lists::tags(visitor, at),
        "taints" => lists::taints(visitor, at),
        // image_id, and nothing else: any string will do.
        _ => drop(visitor.text(at)),
    }
    true
}

/// Presence counts for the rules about several parameters even where a value is not checked.
fn note_presence(facts: &mut Facts, name: &str) {
    match name {
        "ClusterId" => facts.cluster_id_given = true,
        "worker_instance_charge_type" => facts.charge_type_given = true,
        "worker_period" => facts.period = true,
        "worker_period_unit" => facts.period_unit = true,
        "worker_auto_renew" => facts.auto_renew_given = true,
        "worker_auto_renew_period" => facts.auto_renew_period = true,
        // Where it is not checked, or broken, it is there all the same.
        "key_pair" => facts.key_pair = true,
        "login_password" => facts.password_given = true,
        "worker_data_disks" => facts.data_disks = 1,
        _ => {}
    }
}

/// The id goes into the path and into signed headers, so no character may change either.
fn cluster_id(visitor: &mut Visitor, at: Located<'_, '_>) -> Option<String> {
    let id = visitor.text(at)?;
    let problem = match id.chars().find(|&c| !is_path_safe(c)) {
        _ if id.is_empty() => Some((Code::Empty, "must not be empty".to_owned())),
        _ if id == "." || id == ".." => {
            Some((Code::BadCharacter, "must not be \".\" or \"..\", which change the path".into()))
        }
        Some(c) => Some((
            Code::BadCharacter,
            format!("holds {c:?}, which could change the path or a header"),
        )),
        None if id.len() > LONGEST_CLUSTER_ID => {
            let message = format!("is {} characters long; at most {LONGEST_CLUSTER_ID}", id.len());
            Some((Code::TooLong, message))
        }
        None => None,
    };
    if let Some((code, message)) = problem {
        visitor.findings.hard_error(at.path, code, message);
        return None;
    }
    if id.contains('*') {
        let message = "holds \"*\": a masked id from documentation? the service needs the real one";
        visitor.findings.warning(at.path, Code::MaskedId, message);
    }
    Some(id.into_owned())
}

fn is_path_safe(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '/' | '?' | '#' | '%' | '\\')
}

fn count(visitor: &mut Visitor, at: Located<'_, '_>) {
    match visitor.integer(at) {
        Some(count) if count < 1 => {
            visitor.findings.problem(at.path, Code::OutOfRange, "must be at least 1");
        }
        Some(count) if count > LARGE_COUNT => {
            let message =
                format!("{count} nodes in one call; the sibling API allows {LARGE_COUNT}");
            visitor.findings.warning(at.path, Code::LargeCount, message);
        }
        _ => {}
    }
}

fn months(visitor: &mut Visitor, at: Located<'_, '_>) {
    if visitor.integer(at).is_some_and(|months| !MONTHS.contains(&months)) {
        let message = "must be 1, 2, 3, 6 or 12 (months)";
        visitor.findings.problem(at.path, Code::NotAllowed, message);
    }
}

fn system_disk_size(visitor: &mut Visitor, at: Located<'_, '_>) {
    match visitor.integer(at) {
        Some(size) if size < 1 => {
            visitor.findings.problem(at.path, Code::OutOfRange, "must be at least 1 (GB)");
        }
        Some(size) if !SYSTEM_DISK_GB.contains(&size) => {
            let message = format!("{size} GB is outside the documented 40 to 500");
            visitor.findings.warning(at.path, Code::Unadvised, message);
        }
        _ => {}
    }
}

/// Where the password's value stands in the body, and the value: masked and scrubbed from here on,
/// whether its rule was checked or not.
fn password(visitor: &mut Visitor, at: Located<'_, '_>) -> Option<(Range<usize>, Secret)> {
    let start = visitor.out.len();
    if visitor.is_unchecked(at) {
        let value = at.raw.string().unwrap_or(at.raw.text().into());
        return Some((start..visitor.out.len(), Secret::new(value)));
    }
    let value = visitor.text(at)?;
    if !PASSWORD_LENGTH.contains(&value.chars().count()) {
        let message = "must have 8 to 30 characters";
        visitor.findings.problem(at.path, Code::WeakPassword, message);
    } else if kinds_of_character(&value) < 3 {
        let message = "must hold three of: upper case, lower case, digit, special character";
        visitor.findings.problem(at.path, Code::WeakPassword, message);
    }
    Some((start..visitor.out.len(), Secret::new(value)))
}

fn kinds_of_character(text: &str) -> usize {
    let kinds: [fn(&char) -> bool; 4] =
        [char::is_ascii_uppercase, char::is_ascii_lowercase, char::is_ascii_digit, |c| {
            !c.is_ascii_alphanumeric()
        }];
    kinds.iter().filter(|kind| text.chars().any(|c| kind(&c))).count()
}
