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
}

struct Row {
    /// What the stand-in does, by the name and members that it knows it by.
    fault: &'static str,
    /// Whether it has executed the request by then; `None`: it may have or not, and both are tried.
    executed: Option<bool>,
    /// What the contract wants the call to end with.
    status: Status,
    copies: Copies,
}

/// The request may have been executed, and nobody who is not the service knows.
const fn either(fault: &'static str) -> Row {
    Row { fault, executed: None, status: Status::Unknown, copies: Copies::One }
}

const fn never(fault: &'static str) -> Row {
    Row { executed: Some(false), ..either(fault) }
}

const fn answered(fault: &'static str) -> Row {
    Row { executed: Some(true), status: Status::Ok, ..either(fault) }
}

const fn refused(fault: &'static str, copies: Copies) -> Row {
    Row { status: Status::Refused, copies, ..never(fault) }
}

const ROWS: &[Row] = &[
    never("close_before_read"),
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
    refused("status:status=400,code=InvalidTimeStamp.Expired", Copies::Two),
];

/// A row with `executed` decided.
#[derive(Clone, Debug)]
pub struct Case {
    pub fault: Fault,
    pub executed: bool,
    pub status: Status,
    pub copies: Copies,
}

/// Every row, once with a request that was executed and once without where it may be either.
pub fn cases() -> Vec<Case> {
    let cases = |row: &Row| -> Vec<Case> {
        let Row { executed, status, copies, .. } = *row;
        let case = |text: &str, executed| Case { fault: fault(text), executed, status, copies };
        let separator = if row.fault.contains(':') { ',' } else { ':' };
        let either =
            |executed| case(&format!("{}{separator}executed={executed}", row.fault), executed);
        match executed {
            Some(executed) => vec![case(row.fault, executed)],
            None => [false, true].map(either).into(),
        }
    };
    ROWS.iter().flat_map(cases).collect()
}

/// The names of the faults that have a row.
pub fn names() -> Vec<&'static str> {
    ROWS.iter().filter_map(|row| row.fault.split(':').next()).collect()
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
