//! Reads the forms that `fault_text` writes.

use crate::created::Created;
use crate::fault::{Fault, Shape};
use crate::fault_text::plain;
use crate::percent;
use crate::task_end::TaskEnd;
use crate::unasked::Unasked;
use serde_json::Value;
use std::str::FromStr;
use std::time::Duration;

impl Fault {
    /// Reads the JSON form; a string is read as the text form.
    pub fn from_json(value: &Value) -> Result<Fault, String> {
        if let Some(text) = value.as_str() {
            return text.parse();
        }
        let object = value.as_object().ok_or("a fault is a string or an object")?;
        let text = object.get("fault").and_then(Value::as_str).ok_or("\"fault\" is missing")?;
        let (name, mut members) = split(text)?;
        for (member, value) in object.iter().filter(|(member, _)| *member != "fault") {
            if member == "headers" {
                members.extend(header_members(value)?);
            } else {
                members.push((member.clone(), plain(value)));
            }
        }
        build(name, Members(members))
    }
}

impl FromStr for Fault {
    type Err = String;

    /// Reads the text form, and the JSON form where it begins with `{`.
    fn from_str(text: &str) -> Result<Fault, String> {
        if text.starts_with('{') {
            let value: Value =
                serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
            return Fault::from_json(&value);
        }
        let (name, members) = split(text)?;
        build(name, Members(members))
    }
}

impl FromStr for Shape {
    type Err = String;

    fn from_str(text: &str) -> Result<Shape, String> {
        let all = [
            Shape::Gateway,
            Shape::Cs,
            Shape::Xml,
            Shape::Text,
            Shape::Html,
            Shape::Nested,
            Shape::AccessDenied,
        ];
        let found = all.into_iter().find(|shape| shape.to_string() == text);
        found.ok_or_else(|| format!("no error shape is called {text:?}"))
    }
}

type Pairs = Vec<(String, String)>;

fn header_members(headers: &Value) -> Result<Pairs, String> {
    let pair = |entry: &Value| match entry.as_array().map(Vec::as_slice) {
        Some([name, value]) => Ok((format!("header.{}", plain(name)), plain(value))),
        _ => Err("a header is a pair of name and value".to_string()),
    };
    match headers {
        Value::Array(entries) => entries.iter().map(pair).collect(),
        Value::Object(members) => Ok(members
            .iter()
            .map(|(name, value)| (format!("header.{name}"), plain(value)))
            .collect()),
        _ => Err("headers are an object or a list of pairs".into()),
    }
}

fn split(text: &str) -> Result<(&str, Pairs), String> {
    let (name, rest) = text.split_once(':').unwrap_or((text, ""));
    let parts = rest.split(',').filter(|part| !part.trim().is_empty());
    let members = parts.map(|part| match part.split_once('=') {
        Some((name, value)) => Ok((name.trim().to_string(), percent::decode(value))),
        None => Err(format!("{part:?} is not member=value")),
    });
    Ok((name.trim(), members.collect::<Result<_, _>>()?))
}

/// Members by name; whatever nobody takes is a mistake.
struct Members(Pairs);

impl Members {
    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(other, _)| other == name)?;
        Some(self.0.remove(at).1)
    }

    fn parse<T: FromStr>(&mut self, name: &str, absent: T) -> Result<T, String> {
        let Some(text) = self.take(name) else {
            return Ok(absent);
        };
        text.parse().map_err(|_| format!("{name}={text} has no meaning"))
    }

    fn duration(&mut self, name: &str) -> Result<Duration, String> {
        self.parse(name, 0).map(Duration::from_millis)
    }

    fn status(&mut self, absent: u16) -> Result<u16, String> {
        let status = self.parse("status", absent)?;
        match status {
            100..=999 => Ok(status),
            _ => Err(format!("{status} is no HTTP status")),
        }
    }

    fn headers(&mut self) -> Result<Pairs, String> {
        let mut headers = Vec::new();
        self.0.retain(|(name, value)| match name.strip_prefix("header.") {
            Some(name) => {
                headers.push((name.to_string(), value.clone()));
                false
            }
            None => true,
        });
        let breaks = |text: &str| text.contains(['\r', '\n', '\0']);
        match headers.iter().find(|(name, value)| name.is_empty() || breaks(name) || breaks(value))
        {
            Some((name, _)) => Err(format!("the header {name:?} would break the head")),
            None => Ok(headers),
        }
    }
}

fn build(name: &str, mut members: Members) -> Result<Fault, String> {
    let fault = match name {
        "close_before_read" => Fault::CloseBeforeRead,
        "reset_mid_request" => Fault::ResetMidRequest,
        "connection_close" => Fault::ConnectionClose,
        "close_after_reply" => Fault::CloseAfterReply,
        "informational" => Fault::Informational,
        "endless_list" => Fault::EndlessList,
        "task_ends" => Fault::TaskEnds(task_end(&mut members)?),
        "created" => Fault::Created(members.parse("form", Created::Null)?),
        "answer_first" => {
            let status = members.status(200)?;
            let cluster_id = members.take("cluster_id").unwrap_or_else(|| "c1".into());
            Fault::AnswerFirst(Unasked { status, cluster_id })
        }
        "delay" => Fault::Delay(members.duration("ms")?),
        _ => build_executed(name, &mut members)?,
    };
    match members.0.first() {
        Some((member, _)) => Err(format!("{name} has no member {member:?}")),
        None => Ok(fault),
    }
}

/// Those that answer as the service would if it had executed the request.
const CORRECT: [&str; 7] = [
    "chunked",
    "slow_drip",
    "huge",
    "close_delimited",
    "no_close_notify",
    "answer_twice",
    "surplus_refusal",
];

/// The faults that leave open whether the request is executed.
fn build_executed(name: &str, members: &mut Members) -> Result<Fault, String> {
    let executed = members.parse("executed", CORRECT.contains(&name))?;
    Ok(match name {
        "close_after_read" => Fault::CloseAfterRead { executed },
        "reset" => Fault::Reset { executed },
        "hang" => Fault::Hang { executed },
        "half_reply" => Fault::HalfReply { executed },
        "half_body" => Fault::HalfBody { executed },
        "short_body" => Fault::ShortBody { executed },
        "no_last_chunk" => Fault::NoLastChunk { executed },
        "chunked" => Fault::Chunked { executed },
        "garbage" => Fault::Garbage { executed },
        "garbage_body" => Fault::GarbageBody { executed },
        "huge" => Fault::Huge { executed },
        "no_task_id" => Fault::NoTaskId { executed },
        "close_delimited" => Fault::CloseDelimited { executed },
        "no_close_notify" => Fault::NoCloseNotify { executed },
        "delivered_twice" => Fault::DeliveredTwice { executed },
        "other_cluster" => Fault::OtherCluster { executed },
        "two_task_ids" => Fault::TwoTaskIds { executed },
        "slow_drip" => Fault::SlowDrip { executed, gap: members.duration("gap_ms")? },
        "answer_twice" => Fault::AnswerTwice { executed, pause: members.duration("pause_ms")? },
        "surplus_refusal" => {
            Fault::SurplusRefusal { executed, pause: members.duration("pause_ms")? }
        }
        "task_id" => {
            let value = members.take("value").unwrap_or_else(|| " ".into());
            Fault::TaskId { value, executed }
        }
        "body" => {
            let value = members.take("value").unwrap_or_default();
            Fault::Body { status: members.status(200)?, value, executed }
        }
        "contradiction" => {
            let code = members.take("code").unwrap_or_default();
            Fault::Contradiction { status: members.status(200)?, code, executed }
        }
        "front_end" => {
            let date_offset = members.parse("date_offset", 0)?;
            Fault::FrontEnd { status: members.status(502)?, date_offset, executed }
        }
        "die_on_second" => {
            let reset = members.parse("reset", false)?;
            Fault::DieOnSecond { executed, reset }
        }
        "status" => status(executed, members)?,
        _ => return Err(format!("no fault is called {name:?}")),
    })
}

fn task_end(members: &mut Members) -> Result<TaskEnd, String> {
    let mut text = |name: &str| members.take(name).unwrap_or_default();
    let (state, code, message) = (text("state"), text("code"), text("message"));
    let failed = members.take("failed");
    let failed =
        failed.map(|text| text.parse().map_err(|_| format!("failed={text} has no meaning")));
    let state = if state.is_empty() { "fail".into() } else { state };
    Ok(TaskEnd { state, failed: failed.transpose()?, code, message })
}

fn status(executed: bool, members: &mut Members) -> Result<Fault, String> {
    Ok(Fault::Status {
        status: members.status(503)?,
        shape: members.parse("shape", Shape::Gateway)?,
        code: members.take("code").unwrap_or_else(|| "ServiceUnavailable".into()),
        message: members.take("message").unwrap_or_else(|| "made to fail".into()),
        headers: members.headers()?,
        executed,
    })
}
