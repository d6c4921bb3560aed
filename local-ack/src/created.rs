//! The ways in which task lists have been seen to write when a task was created.

use crate::clock;
use serde_json::Value;
use std::fmt;
use std::str::FromStr;

/// A form of `created`, other than `2026-03-12T16:09:10+08:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the examples say it")]
pub enum Created {
    /// `null`: it has not been filled in yet.
    Null,
    /// An empty text.
    Empty,
    /// `2026-03-12T16:09+08:00`
    Minutes,
    /// `2026-03-12T16:09:10+0800`
    Basic,
    /// `2026-03-12T16:09:10`: the zone goes without saying, and is +08:00.
    NoZone,
    /// `2026-03-12T16:09:10.000+08:00`
    Milliseconds,
    /// `2026-03-12 16:09:10+08:00`
    Blank,
    /// `1773302950`, a number.
    Epoch,
    /// `1773302950000`, a number.
    EpochMs,
}

impl Created {
    /// All of them.
    pub const ALL: [Created; 9] = [
        Created::Null,
        Created::Empty,
        Created::Minutes,
        Created::Basic,
        Created::NoZone,
        Created::Milliseconds,
        Created::Blank,
        Created::Epoch,
        Created::EpochMs,
    ];

    /// `usual`, such as `2026-03-12T16:09:10+08:00`, in this form.
    pub(crate) fn write(self, usual: &str) -> Value {
        let local = usual.trim_end_matches("+08:00");
        let unix = || clock::parse_utc(&format!("{local}Z")).map(|local| local - 8 * 3600);
        match self {
            Created::Null => Value::Null,
            Created::Empty => "".into(),
            Created::Minutes => {
                format!("{}+08:00", local.rsplit_once(':').map_or(local, |(minutes, _)| minutes))
                    .into()
            }
            Created::Basic => format!("{local}+0800").into(),
            Created::NoZone => local.into(),
            Created::Milliseconds => format!("{local}.000+08:00").into(),
            Created::Blank => usual.replace('T', " ").into(),
            Created::Epoch => unix().into(),
            Created::EpochMs => unix().map(|unix| unix * 1000).into(),
        }
    }
}

impl fmt::Display for Created {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Created::Null => "null",
            Created::Empty => "empty",
            Created::Minutes => "minutes",
            Created::Basic => "basic",
            Created::NoZone => "no_zone",
            Created::Milliseconds => "milliseconds",
            Created::Blank => "blank",
            Created::Epoch => "epoch",
            Created::EpochMs => "epoch_ms",
        })
    }
}

impl FromStr for Created {
    type Err = String;

    fn from_str(text: &str) -> Result<Created, String> {
        let found = Created::ALL.into_iter().find(|form| form.to_string() == text);
        found.ok_or_else(|| format!("no form of a date is called {text:?}"))
    }
}
