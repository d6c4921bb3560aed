//! The one list of what can go wrong on the way, and what the contract wants of a call that meets it.

use cs_scale_out::Status;
use local_ack::{Fault, Shape};

/// How many copies of a request are sent of which each meets the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copies {
    /// Whatever became of the first one, there is no second.
    One,
    /// The clock is corrected once.
    Two,
    /// As many as `max_attempts` allows.
    All,
    /// None, in as many attempts as `max_attempts` allows, or one that was quicker than the fault.
    Unsent,
}

struct Row {
    /// What the stand-in does, by the name and members that it knows it by.
    fault: &'static str,
    /// Whether it has executed the request by then; `None`: it may have or not, and both are tried.
    executed: Option<bool>,
    /// What the contract wants the call to end with; more than one where it depends on who is quicker.
    statuses: &'static [Status],
    copies: Copies,
}

/// The request may have been executed, and nobody who is not the service knows.
const fn either(fault: &'static str) -> Row {
    Row { fault, executed: None, statuses: &[Status::Unknown], copies: Copies::One }
}

const fn never(fault: &'static str) -> Row {
    Row { executed: Some(false), ..either(fault) }
}

const fn answered(fault: &'static str) -> Row {
    Row { executed: Some(true), statuses: &[Status::Ok], ..either(fault) }
}

const fn refused(fault: &'static str, copies: Copies) -> Row {
    Row { statuses: &[Status::Refused], copies, ..never(fault) }
}

/// `statuses`: where it is seen in time, and where the request was quicker.
const fn early(fault: &'static str, statuses: &'static [Status]) -> Row {
    Row { statuses, copies: Copies::Unsent, ..never(fault) }
}

/// 200 characters.
const LONG_ID: &str = concat!(
    "task_id:value=T-5a54309c80282e39ea00002f5a54309c80282e39ea000002",
    "5a54309c80282e39ea00002f5a54309c80282e39ea00000005",
    "5a54309c80282e39ea00002f5a54309c80282e39ea00000005",
    "5a54309c80282e39ea00002f5a54309c80282e39ea00000005"
);

const ROWS: &[Row] = &[
    early("close_before_read", &[Status::Unsent, Status::Unknown]),
    never("reset_mid_request"),
    either("close_after_read"),
    either("reset"),
    either("hang"),
    either("half_reply"),
    either("half_body"),
    either("short_body"),
    either("no_last_chunk"),
    either("garbage"),
    either("garbage_body"),
    either("slow_drip:gap_ms=100"),
    either("huge"),
    either("no_task_id"),
    answered("chunked"),
    answered("close_delimited"),
    answered("slow_drip:gap_ms=0"),
    answered("delay:ms=50"),
    answered("connection_close"),
    answered("close_after_reply"),
    answered("die_on_second:executed=false"),
    answered("die_on_second:executed=true,reset=true"),
    answered("informational"),
    answered("no_close_notify"),
    answered("answer_twice"),
    answered("answer_twice:pause_ms=20"),
    answered("surplus_refusal"),
    answered("surplus_refusal:pause_ms=20"),
    // What a look at tasks meets; a purchase meets nothing.
    answered("created:form=null"),
    answered("endless_list"),
    answered("task_ends"),
    early("answer_first", &[Status::Unsent, Status::Unknown]),
    early("answer_first:status=429", &[Status::Unsent, Status::Refused]),
    early("answer_first:status=503", &[Status::Unsent, Status::Unknown]),
    either("delivered_twice"),
    either("other_cluster"),
    either("two_task_ids"),
    either("body:value="),
    either("body:value=null"),
    either("body:value=\"task_id\""),
    either("body:value=[{\"task_id\":\"T-1\"}]"),
    either("body:value=<html><task_id>T-1</task_id></html>"),
    either("task_id:value= "),
    either("task_id:value=T-1%0A2"),
    either("task_id:value=T-\u{fc}"),
    either(LONG_ID),
    either("contradiction:status=200,code=SomeCode"),
    either("contradiction:status=400,code=SomeCode"),
    either("contradiction:status=409"),
    either("contradiction:status=429"),
    either("contradiction:status=429,code=Throttling.User"),
    either("front_end:status=502,date_offset=-7200"),
    refused("front_end:status=403", Copies::One),
    either("status:status=200,code=Throttling.User"),
    either("status:status=408,code=Throttling.User"),
    either("status:status=500,code=Throttling.User"),
    either("status:status=503"),
    refused("status:status=302,shape=html", Copies::One),
    refused("status:status=400,shape=cs,code=InvalidParameter", Copies::One),
    refused("status:status=403,shape=cs,code=Forbidden.RAM", Copies::One),
    refused("status:status=404,shape=cs,code=ErrorCluster", Copies::One),
    refused("status:status=400,code=Throttling.Api,header.x-acs-retry-after=1", Copies::All),
    refused("status:status=403,code=Throttling.Api,header.x-acs-retry-after=1", Copies::All),
    refused("status:status=429,code=TooManyRequests,header.x-acs-retry-after=1", Copies::All),
    refused("status:status=400,code=Rejected.Throttling,header.x-acs-retry-after=1", Copies::All),
    // What is quoted inside a message decides nothing.
    refused("status:status=400,code=Other,message=ErrorCode: Throttling.User", Copies::One),
    refused("status:status=400,code=Other,message=ErrorCode: SignatureNonceUsed", Copies::One),
    refused("status:status=400,code=InvalidTimeStamp.Expired", Copies::Two),
    refused("status:status=400,code=IllegalTimestamp", Copies::Two),
];

/// A row with `executed` decided.
#[derive(Clone, Debug)]
pub struct Case {
    pub fault: Fault,
    pub executed: bool,
    pub statuses: &'static [Status],
    pub copies: Copies,
}

/// Every row, once with a request that was executed and once without where it may be either.
pub fn cases() -> Vec<Case> {
    ROWS.iter().flat_map(Row::cases).collect()
}

impl Row {
    fn name(&self) -> &'static str {
        self.fault.split(':').next().unwrap_or_default()
    }

    fn cases(&self) -> Vec<Case> {
        let Row { executed, statuses, copies, .. } = *self;
        let case = |text: &str, executed| Case { fault: fault(text), executed, statuses, copies };
        let separator = if self.fault.contains(':') { ',' } else { ':' };
        let either =
            |executed| case(&format!("{}{separator}executed={executed}", self.fault), executed);
        match executed {
            Some(executed) => vec![case(self.fault, executed)],
            None => [false, true].map(either).into(),
        }
    }
}

/// The names of the faults that have a row.
pub fn names() -> Vec<&'static str> {
    ROWS.iter().map(Row::name).collect()
}

/// A fault by its text form.
pub fn fault(text: &str) -> Fault {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A refusal, or an error, that executes nothing.
pub fn status_fault(status: u16, shape: Shape, code: &str, message: &str) -> Fault {
    Fault::Status {
        status,
        shape,
        code: code.to_owned(),
        message: message.to_owned(),
        headers: Vec::new(),
        executed: false,
    }
}
