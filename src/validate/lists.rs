//! The structured parameters: arrays and objects.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use super::values::one_of;
use super::visitor::{Located, Visitor};
use crate::error::Code;
use crate::json::{self, Kind};

const DATA_DISK_GIB: RangeInclusive<i64> = 40..=32768;
const MOST_TAGS: usize = 20;
const RESERVED_TAG_KEYS: [&str; 4] = ["aliyun", "acs:", "http://", "https://"];
const EFFECTS: [&str; 3] = ["NoSchedule", "NoExecute", "PreferNoSchedule"];

/// An array of non-empty strings.
pub fn texts(visitor: &mut Visitor, at: Located<'_, '_>, most: Option<usize>) {
    let mut seen = HashSet::new();
    let count = visitor.list(at, "an array of strings", |visitor, item| {
        let Some(text) = visitor.text(item) else { return };
        if text.is_empty() {
            visitor.findings.problem(item.path, Code::Empty, "must not be empty");
        } else if !seen.insert(text) {
            visitor.findings.warning(item.path, Code::DuplicateItem, "is in the list already");
        }
    });
    if let (Some(count), Some(most)) = (count, most)
        && count > most
    {
        let message = format!("{count} items; newer documentation allows {most}");
        visitor.findings.warning(at.path, Code::TooMany, message);
    }
}

/// `worker_data_disks`; how many there are, if it is a list.
pub fn data_disks(visitor: &mut Visitor, at: Located<'_, '_>) -> Option<usize> {
    let known = ["category", "encrypted", "size", "auto_snapshot_policy_id"];
    visitor.list(at, "an array of objects", |visitor, item| {
        visitor.object(item, &known, |visitor, name, at| {
            match name {
                _ if visitor.is_unchecked(at) => {}
                "encrypted" => encrypted(visitor, at),
                "size" => disk_size(visitor, at),
                _ => drop(visitor.text(at)),
            }
            true
        });
    })
}

/// The reference's table says string, its example writes the native value: both are taken, and
/// the string goes out.
fn encrypted(visitor: &mut Visitor, at: Located<'_, '_>) {
    let value = match at.raw.kind() {
        Kind::Boolean => at.raw.text().into(),
        Kind::Text => at.raw.string().unwrap_or_default(),
        _ => return visitor.wrong_type(at, "true or false, as a boolean or a string"),
    };
    if matches!(value.as_ref(), "true" | "false") {
        json::write_string(&mut visitor.out, &value);
    } else {
        visitor.findings.problem(at.path, Code::NotAllowed, "must be true or false");
    }
}

fn disk_size(visitor: &mut Visitor, at: Located<'_, '_>) {
    let value = match at.raw.kind() {
        Kind::Number => at.raw.text().into(),
        Kind::Text => at.raw.string().unwrap_or_default(),
        _ => return visitor.wrong_type(at, "a whole number (GiB), as a number or a string"),
    };
    let whole = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    if !whole || value.bytes().all(|b| b == b'0') {
        let message = "must be a positive whole number (GiB)";
        return visitor.findings.problem(at.path, Code::OutOfRange, message);
    }
    json::write_string(&mut visitor.out, &value);
    if !value.parse().is_ok_and(|size| DATA_DISK_GIB.contains(&size)) {
        let message = "is outside the documented 40 to 32768 GiB";
        visitor.findings.warning(at.path, Code::Unadvised, message);
    }
}

pub fn runtime(visitor: &mut Visitor, at: Located<'_, '_>) {
    visitor.object(at, &["name", "version"], |visitor, _, at| {
        if !visitor.is_unchecked(at) {
            visitor.text(at);
        }
        true
    });
}

pub fn tags(visitor: &mut Visitor, at: Located<'_, '_>) {
    let mut seen = HashSet::new();
    let count = visitor.list(at, "an array of objects", |visitor, item| {
        let Some(key) = keyed(visitor, item, &["key", "value"]) else { return };
        let path = json::pointer(item.path, "key");
        if RESERVED_TAG_KEYS.iter().any(|prefix| key.starts_with(prefix)) {
            let message = "begins with a reserved prefix (aliyun, acs:, http://, https://)";
            visitor.findings.warning(&path, Code::ReservedKey, message);
        }
        if !seen.insert(key) {
            let message = "is the key of an earlier tag; keys are unique";
            visitor.findings.problem(&path, Code::DuplicateKey, message);
        }
    });
    if let Some(count) = count.filter(|&count| count > MOST_TAGS) {
        let message = format!("{count} tags; newer documentation allows {MOST_TAGS}");
        visitor.findings.warning(at.path, Code::TooMany, message);
    }
}

pub fn taints(visitor: &mut Visitor, at: Located<'_, '_>) {
    visitor.list(at, "an array of objects", |visitor, item| {
        keyed(visitor, item, &["key", "value", "effect"]);
    });
}

/// An object with a `key` that must be there and filled; the key, where it is a string.
fn keyed(visitor: &mut Visitor, item: Located<'_, '_>, known: &[&str]) -> Option<String> {
    let (mut key, mut given) = (None, false);
    visitor.object(item, known, |visitor, name, at| {
        given |= name == "key";
        match name {
            _ if visitor.is_unchecked(at) => {}
            "key" => key = visitor.text(at).map(String::from),
            "effect" => drop(one_of(visitor, at, &EFFECTS)),
            _ => drop(visitor.text(at)),
        }
        true
    });
    let path = json::pointer(item.path, "key");
    if !given && item.raw.kind() == Kind::Object {
        visitor.findings.problem(&path, Code::Missing, "is required");
    }
    if key.as_deref() == Some("") {
        visitor.findings.problem(&path, Code::Empty, "must not be empty");
        return None;
    }
    key
}
