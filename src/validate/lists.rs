//! The structured parameters: arrays and objects.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use super::values::one_of;
use super::walk::{At, Walk};
use crate::error::Code;
use crate::json::{self, Kind};

const DATA_DISK_GIB: RangeInclusive<i64> = 40..=32768;
const MOST_TAGS: usize = 20;
const RESERVED_TAG_KEYS: [&str; 4] = ["aliyun", "acs:", "http://", "https://"];
const EFFECTS: [&str; 3] = ["NoSchedule", "NoExecute", "PreferNoSchedule"];

/// An array of non-empty strings.
pub fn texts(walk: &mut Walk, at: At<'_, '_>, most: Option<usize>) {
    let mut seen = HashSet::new();
    let count = walk.list(at, "an array of strings", |walk, item| {
        let Some(text) = walk.text(item) else { return };
        if text.is_empty() {
            walk.findings.problem(item.path, Code::Empty, "must not be empty");
        } else if !seen.insert(text) {
            walk.findings.warning(item.path, Code::DuplicateItem, "is in the list already");
        }
    });
    if let (Some(count), Some(most)) = (count, most)
        && count > most
    {
        let message = format!("{count} items; newer documentation allows {most}");
        walk.findings.warning(at.path, Code::TooMany, message);
    }
}

/// `worker_data_disks`; how many there are, if it is a list.
pub fn data_disks(walk: &mut Walk, at: At<'_, '_>) -> Option<usize> {
    let known = ["category", "encrypted", "size", "auto_snapshot_policy_id"];
    walk.list(at, "an array of objects", |walk, item| {
        walk.object(item, &known, |walk, name, at| {
            match name {
                _ if walk.passes(at) => {}
                "encrypted" => encrypted(walk, at),
                "size" => disk_size(walk, at),
                _ => drop(walk.text(at)),
            }
            true
        });
    })
}

/// The reference's table says string, its example writes the native value: both are taken, and
/// the string goes out.
fn encrypted(walk: &mut Walk, at: At<'_, '_>) {
    let value = match at.raw.kind() {
        Kind::Boolean => at.raw.text().into(),
        Kind::Text => at.raw.string().unwrap_or_default(),
        _ => return walk.wrong_type(at, "true or false, as a boolean or a string"),
    };
    if matches!(value.as_ref(), "true" | "false") {
        json::write_string(&mut walk.out, &value);
    } else {
        walk.findings.problem(at.path, Code::NotAllowed, "must be true or false");
    }
}

fn disk_size(walk: &mut Walk, at: At<'_, '_>) {
    let value = match at.raw.kind() {
        Kind::Number => at.raw.text().into(),
        Kind::Text => at.raw.string().unwrap_or_default(),
        _ => return walk.wrong_type(at, "a whole number (GiB), as a number or a string"),
    };
    let whole = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    if !whole || value.bytes().all(|b| b == b'0') {
        let message = "must be a positive whole number (GiB)";
        return walk.findings.problem(at.path, Code::OutOfRange, message);
    }
    json::write_string(&mut walk.out, &value);
    if !value.parse().is_ok_and(|size| DATA_DISK_GIB.contains(&size)) {
        let message = "is outside the documented 40 to 32768 GiB";
        walk.findings.warning(at.path, Code::Unadvised, message);
    }
}

pub fn runtime(walk: &mut Walk, at: At<'_, '_>) {
    walk.object(at, &["name", "version"], |walk, _, at| {
        if !walk.passes(at) {
            walk.text(at);
        }
        true
    });
}

pub fn tags(walk: &mut Walk, at: At<'_, '_>) {
    let mut seen = HashSet::new();
    let count = walk.list(at, "an array of objects", |walk, item| {
        let Some(key) = keyed(walk, item, &["key", "value"]) else { return };
        let path = json::pointer(item.path, "key");
        if RESERVED_TAG_KEYS.iter().any(|prefix| key.starts_with(prefix)) {
            let message = "begins with a reserved prefix (aliyun, acs:, http://, https://)";
            walk.findings.warning(&path, Code::ReservedKey, message);
        }
        if !seen.insert(key) {
            let message = "is the key of an earlier tag; keys are unique";
            walk.findings.problem(&path, Code::DuplicateKey, message);
        }
    });
    if let Some(count) = count.filter(|&count| count > MOST_TAGS) {
        let message = format!("{count} tags; newer documentation allows {MOST_TAGS}");
        walk.findings.warning(at.path, Code::TooMany, message);
    }
}

pub fn taints(walk: &mut Walk, at: At<'_, '_>) {
    walk.list(at, "an array of objects", |walk, item| {
        keyed(walk, item, &["key", "value", "effect"]);
    });
}

/// An object with a `key` that must be there and filled; the key, where it is a string.
fn keyed(walk: &mut Walk, item: At<'_, '_>, known: &[&str]) -> Option<String> {
    let (mut key, mut given) = (None, false);
    walk.object(item, known, |walk, name, at| {
        given |= name == "key";
        match name {
            _ if walk.passes(at) => {}
            "key" => key = walk.text(at).map(String::from),
            "effect" => drop(one_of(walk, at, &EFFECTS)),
            _ => drop(walk.text(at)),
        }
        true
    });
    let path = json::pointer(item.path, "key");
    if !given && item.raw.kind() == Kind::Object {
        walk.findings.problem(&path, Code::Missing, "is required");
    }
    if key.as_deref() == Some("") {
        walk.findings.problem(&path, Code::Empty, "must not be empty");
        return None;
    }
    key
}
