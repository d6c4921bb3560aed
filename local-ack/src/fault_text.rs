//! Faults by name, for callers that are not Rust: one line of text or a small JSON object.
//! `fault_parse` reads what is written here.

use crate::fault::{Fault, Shape};
use crate::task_end::TaskEnd;
use crate::unasked::Unasked;
use serde_json::{Map, Value};
use std::fmt;
use std::time::Duration;

impl Fault {
    /// The JSON form: `{"fault":"slow_drip","executed":true,"gap_ms":5}`. The members are those of
    /// the text form; a `status` may have `"headers":{"Retry-After":"1"}`, or a list of pairs where
    /// a name comes twice.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("fault".into(), self.name().into());
        for (name, value) in self.members() {
            object.insert(name.into(), value);
        }
        let pairs =
            self.headers().iter().map(|(name, value)| Value::from_iter([&**name, &**value]));
        let pairs: Vec<Value> = pairs.collect();
        if !pairs.is_empty() {
            object.insert("headers".into(), pairs.into());
        }
        object.into()
    }

    fn name(&self) -> &'static str {
        match self {
            Fault::CloseBeforeRead => "close_before_read",
            Fault::CloseAfterRead { .. } => "close_after_read",
            Fault::Reset { .. } => "reset",
            Fault::ResetMidRequest => "reset_mid_request",
            Fault::Hang { .. } => "hang",
            Fault::HalfReply { .. } => "half_reply",
            Fault::HalfBody { .. } => "half_body",
            Fault::ShortBody { .. } => "short_body",
            Fault::NoLastChunk { .. } => "no_last_chunk",
            Fault::Chunked { .. } => "chunked",
            Fault::Garbage { .. } => "garbage",
            Fault::GarbageBody { .. } => "garbage_body",
            Fault::SlowDrip { .. } => "slow_drip",
            Fault::Huge { .. } => "huge",
            Fault::Status { .. } => "status",
            Fault::NoTaskId { .. } => "no_task_id",
            Fault::Delay(_) => "delay",
            Fault::ConnectionClose => "connection_close",
            Fault::CloseAfterReply => "close_after_reply",
            Fault::DieOnSecond { .. } => "die_on_second",
            Fault::Informational => "informational",
            Fault::CloseDelimited { .. } => "close_delimited",
            Fault::NoCloseNotify { .. } => "no_close_notify",
            Fault::AnswerTwice { .. } => "answer_twice",
            Fault::SurplusRefusal { .. } => "surplus_refusal",
            Fault::AnswerFirst(_) => "answer_first",
            Fault::DeliveredTwice { .. } => "delivered_twice",
            Fault::OtherCluster { .. } => "other_cluster",
            Fault::TaskId { .. } => "task_id",
            Fault::Body { .. } => "body",
            Fault::TwoTaskIds { .. } => "two_task_ids",
            Fault::Contradiction { .. } => "contradiction",
            Fault::FrontEnd { .. } => "front_end",
            Fault::Created(_) => "created",
            Fault::TaskEnds(_) => "task_ends",
            Fault::EndlessList => "endless_list",
        }
    }

    /// Every member but the headers.
    fn members(&self) -> Vec<(&'static str, Value)> {
        let executed = ("executed", Value::from(self.executed()));
        match self {
            Fault::CloseBeforeRead
            | Fault::ResetMidRequest
            | Fault::ConnectionClose
            | Fault::CloseAfterReply
            | Fault::Informational
            | Fault::EndlessList => Vec::new(),
            Fault::Delay(length) => vec![("ms", milliseconds(*length))],
            Fault::SlowDrip { gap, .. } => vec![executed, ("gap_ms", milliseconds(*gap))],
            Fault::DieOnSecond { executed, reset } => {
                vec![("executed", (*executed).into()), ("reset", (*reset).into())]
            }
            Fault::Status { status, shape, code, message, .. } => vec![
                executed,
                ("status", (*status).into()),
                ("shape", shape.to_string().into()),
                ("code", code.as_str().into()),
                ("message", message.as_str().into()),
            ],
            Fault::AnswerTwice { pause, .. } | Fault::SurplusRefusal { pause, .. } => {
                vec![executed, ("pause_ms", milliseconds(*pause))]
            }
            Fault::AnswerFirst(Unasked { status, cluster_id }) => {
                vec![("status", (*status).into()), ("cluster_id", cluster_id.as_str().into())]
            }
            Fault::TaskId { value, .. } => vec![executed, ("value", value.as_str().into())],
            Fault::Body { status, value, .. } => {
                vec![executed, ("status", (*status).into()), ("value", value.as_str().into())]
            }
            Fault::Contradiction { status, code, .. } => {
                vec![executed, ("status", (*status).into()), ("code", code.as_str().into())]
            }
            Fault::FrontEnd { status, date_offset, .. } => {
                vec![executed, ("status", (*status).into()), ("date_offset", (*date_offset).into())]
            }
            Fault::TaskEnds(TaskEnd { state, failed, code, message }) => {
                let failed = failed.map(|failed| ("failed", failed.into()));
                let texts = [("state", state), ("code", code), ("message", message)];
                let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
                texts.map(|(name, text)| (name, text.as_str().into())).chain(failed).collect()
            }
            Fault::Created(form) => vec![("form", form.to_string().into())],
            Fault::CloseAfterRead { .. }
            | Fault::Reset { .. }
            | Fault::Hang { .. }
            | Fault::HalfReply { .. }
            | Fault::HalfBody { .. }
            | Fault::ShortBody { .. }
            | Fault::NoLastChunk { .. }
            | Fault::Chunked { .. }
            | Fault::Garbage { .. }
            | Fault::GarbageBody { .. }
            | Fault::Huge { .. }
            | Fault::NoTaskId { .. }
            | Fault::CloseDelimited { .. }
            | Fault::NoCloseNotify { .. }
            | Fault::DeliveredTwice { .. }
            | Fault::OtherCluster { .. }
            | Fault::TwoTaskIds { .. } => vec![executed],
        }
    }

    fn headers(&self) -> &[(String, String)] {
        match self {
            Fault::Status { headers, .. } => headers,
            _ => &[],
        }
    }
}

/// The text form: a name, and after a colon `member=value` pairs with commas between them, such as
/// `status:status=429,code=Throttling.User,header.Retry-After=1`. In a value `,` and `%` are
/// percent-encoded. `executed` may be left out: it is true for the faults that give a correct
/// answer and false for the others, as the README's table has it.
impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())?;
        let members = self.members().into_iter();
        let members = members.map(|(name, value)| (name.to_string(), plain(&value)));
        let headers = self.headers().iter();
        let headers = headers.map(|(name, value)| (format!("header.{name}"), value.clone()));
        for (index, (name, value)) in members.chain(headers).enumerate() {
            let separator = if index == 0 { ':' } else { ',' };
            let value = value.replace('%', "%25").replace(',', "%2C");
            write!(out, "{separator}{name}={value}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Shape::Gateway => "gateway",
            Shape::Cs => "cs",
            Shape::Xml => "xml",
            Shape::Text => "text",
            Shape::Html => "html",
            Shape::Nested => "nested",
            Shape::AccessDenied => "access_denied",
        })
    }
}

fn milliseconds(length: Duration) -> Value {
    Value::from(u64::try_from(length.as_millis()).unwrap_or(u64::MAX))
}

/// A scalar without the quotes of JSON.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), String::from)
}
