//! Replies to nothing.

use crate::refusal::Refusal;
use crate::reply::{Format, Framing, Reply};
use crate::service::success;
use crate::{clock, ids};

/// A whole reply that answers no request: a late copy, a front end that speaks first, a forgery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unasked {
    /// 200 promises a task that nobody started; others are the gateway's refusals.
    pub status: u16,
    /// The cluster that a 200 speaks of, in JSON.
    pub cluster_id: String,
}

impl Unasked {
    /// The bytes that go out, dated by this machine's clock.
    pub fn bytes(&self) -> Vec<u8> {
        let (now, request_id) = (clock::now_ms(0) / 1000, ids::request_id());
        let reply = match self.status {
            200 => {
                let document = success(&self.cluster_id, &ids::task_id(now), &request_id);
                Reply::success(&document, Format::Json, &request_id, now)
            }
            429 => self.refusal("Throttling.User", &request_id, now),
            _ => self.refusal("ServiceUnavailable", &request_id, now),
        };
        reply.bytes(Framing::Length, false).0
    }

    fn refusal(&self, code: &str, request_id: &str, now: i64) -> Reply {
        let refusal = Refusal::gateway(self.status, code, "said before anything was asked");
        Reply::refusal(&refusal, Format::Json, request_id, now)
    }
}
