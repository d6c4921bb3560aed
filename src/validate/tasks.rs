//! The documents of the functions that read tasks. They hold nothing that this library does not read itself, so
//! everything in them is checked.

use super::client::{self, ClientValidation};
use super::cross_field::{self, Secrets};
use super::findings::Findings;
use super::path::Path;
use super::presence::Presence;
use super::rules::cluster_id;
use super::visitor::{Located, Visitor};
use super::{Validation, client_of, values};
use crate::config::client::ClientOptions;
use crate::config::environment::Environment;
use crate::date;
use crate::error::Code;
use crate::json::Parsed;
use crate::schema::{
    DESCRIBE_TASK, LIST_TASKS, LOOK, Member, Object, Row, TaskMember, UNKNOWN, UnknownMember,
    WAIT_TASK,
};

const POLL_INTERVAL_MS: u64 = 5_000;
const WAIT_MS: u64 = 3_600_000;

/// Which task to look at.
#[derive(Debug)]
pub(crate) struct DescribeTask {
    pub task_id: String,
}

/// Which task to wait for, and how.
#[derive(Debug)]
pub(crate) struct WaitTask {
    pub task_id: String,
    pub poll_interval_ms: u64,
    pub wait_ms: u64,
}

/// Whose tasks to list.
#[derive(Debug)]
pub(crate) struct ListTasks {
    pub cluster_id: String,
    /// Milliseconds since 1970.
    pub since_ms: Option<i64>,
}

/// A purchase that ended unknown.
#[derive(Debug)]
pub(crate) struct InDoubt {
    pub cluster_id: String,
    pub purchase_id: String,
    /// By the clock of the machine that sent it, in milliseconds since 1970.
    pub sent_at_ms: i64,
    /// The server's clock less that one, in seconds, where a reply told it.
    pub clock_offset: Option<i64>,
}

/// What the single members said.
#[derive(Default)]
struct Facts {
    task_id: Presence<String>,
    poll_interval_ms: Presence<u64>,
    wait_ms: Presence<u64>,
    cluster_id: Presence<String>,
    since_ms: Presence<i64>,
    purchase_id: Presence<String>,
    sent_at_ms: Presence<i64>,
    clock_offset: Presence<i64>,
}

pub(crate) fn describe_task(
    document: Parsed<'_>,
    environment: &Environment,
) -> Validation<DescribeTask> {
    check(&DESCRIBE_TASK, document, environment, |facts| {
        Some(DescribeTask { task_id: facts.task_id.value()? })
    })
}

pub(crate) fn wait_task(document: Parsed<'_>, environment: &Environment) -> Validation<WaitTask> {
    check(&WAIT_TASK, document, environment, |facts| {
        Some(WaitTask {
            task_id: facts.task_id.value()?,
            poll_interval_ms: facts.poll_interval_ms.value().unwrap_or(POLL_INTERVAL_MS),
            wait_ms: facts.wait_ms.value().unwrap_or(WAIT_MS),
        })
    })
}

pub(crate) fn list_tasks(document: Parsed<'_>, environment: &Environment) -> Validation<ListTasks> {
    check(&LIST_TASKS, document, environment, |facts| {
        let since_ms = facts.since_ms.value();
        Some(ListTasks { cluster_id: facts.cluster_id.value()?, since_ms })
    })
}

pub(crate) fn look(document: Parsed<'_>, environment: &Environment) -> Validation<InDoubt> {
    check(&LOOK, document, environment, |facts| {
        Some(InDoubt {
            cluster_id: facts.cluster_id.value()?,
            purchase_id: facts.purchase_id.value()?,
            sent_at_ms: facts.sent_at_ms.value()?,
            clock_offset: facts.clock_offset.value(),
        })
    })
}

fn check<T>(
    object: &'static Object<TaskMember>,
    document: Parsed<'_>,
    environment: &Environment,
    request: impl FnOnce(Facts) -> Option<T>,
) -> Validation<T> {
    let Some(members) = document.members else { return Validation::no_object(document.raw) };
    let ClientValidation { client, mut findings, has_token } = client::check(client_of(&members));
    findings.check_all();
    let mut visitor = Visitor::new(findings, 0);
    let mut facts = Facts::default();
    visitor.members(object, Path::Root, members, |visitor, member, at| {
        check_member(visitor, &mut facts, member, at);
    });
    let mut findings = visitor.findings;
    notice(&mut findings, &facts, &client, environment);
    let secrets = Secrets { has_password: false, has_token };
    let resolved = cross_field::resolve(&mut findings, &client, secrets, environment);
    Validation::of(findings, request(facts), client, resolved)
}

/// What has no effect.
fn notice(
    findings: &mut Findings,
    facts: &Facts,
    client: &ClientOptions,
    environment: &Environment,
) {
    client::no_effect::check_of_read(findings, client, environment);
    let value = |given: &Presence<u64>, default| match given {
        Presence::Value(ms) => *ms,
        Presence::Absent | Presence::Broken => default,
    };
    let wait = value(&facts.wait_ms, WAIT_MS);
    // With nothing to wait one look is what was asked for.
    if wait > 0 && wait < value(&facts.poll_interval_ms, POLL_INTERVAL_MS) {
        let name = if facts.wait_ms.is_given() { "wait_ms" } else { "poll_interval_ms" };
        let message = "poll_interval_ms is longer than wait_ms: there is one look, and no other";
        findings.warning(Path::of(name), Code::NoEffect, message);
    }
}

fn check_member(
    visitor: &mut Visitor,
    facts: &mut Facts,
    member: &'static Member<TaskMember>,
    at: Located<'_, '_>,
) {
    let row = &member.row;
    match member.rule {
        TaskMember::TaskId => facts.task_id = Presence::of(task_id(visitor, row, at)),
        TaskMember::PollInterval => facts.poll_interval_ms = Presence::of(ms(visitor, row, at)),
        TaskMember::Wait => facts.wait_ms = Presence::of(ms(visitor, row, at)),
        TaskMember::ClusterId => {
            facts.cluster_id = Presence::of(cluster_id::check(visitor, row, at));
        }
        TaskMember::Since => facts.since_ms = Presence::of(moment(visitor, row, at)),
        TaskMember::Unknown => unknown(visitor, facts, at),
        // The one was read before the others, the other is nobody's.
        TaskMember::Client | TaskMember::Ignored => {}
    }
}

/// A failure document as it was printed, by this version or a later one: what this one does not know of it
/// says nothing.
fn unknown(visitor: &mut Visitor, facts: &mut Facts, at: Located<'_, '_>) {
    let Some(members) = at.raw.each_member() else { return visitor.wrong_type(at, "an object") };
    let known = members.filter(|(name, _)| UNKNOWN.find(name).is_some());
    visitor.members(&UNKNOWN, at.path, known, |visitor, member, at| {
        let row = &member.row;
        match member.rule {
            UnknownMember::Status => drop(values::text(visitor, row, at)),
            UnknownMember::ClusterId => {
                facts.cluster_id = Presence::of(cluster_id::check(visitor, row, at));
            }
            UnknownMember::PurchaseId => {
                facts.purchase_id = Presence::of(printable(visitor, row, at));
            }
            UnknownMember::SentAt => facts.sent_at_ms = Presence::of(moment(visitor, row, at)),
            UnknownMember::ClockOffset => {
                facts.clock_offset = Presence::of(values::integer(visitor, row, at));
            }
        }
    });
}

/// An id that becomes a path, in which any character is encoded but the two words that paths know.
fn task_id(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<String> {
    let id = printable(visitor, row, at)?;
    if id == "." || id == ".." {
        let message = "must not be \".\" or \"..\", which change the path";
        visitor.findings.problem(at.path, Code::BadCharacter, message);
        return None;
    }
    Some(id)
}

/// What an id can be.
fn printable(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<String> {
    let text = values::text(visitor, row, at)?;
    let is_printable = text.bytes().all(|b| (b' '..=b'~').contains(&b));
    if is_printable && !text.trim().is_empty() {
        return Some(text.into_owned());
    }
    let message = "must be printable ASCII, and more than blanks";
    visitor.findings.problem(at.path, Code::BadCharacter, message);
    None
}

/// Milliseconds since 1970.
fn moment(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<i64> {
    let text = values::text(visitor, row, at)?;
    let moment = date::parse_rfc_3339(&text);
    if moment.is_none() {
        let message = "must be a date and time as in RFC 3339, such as \"2026-01-02T03:04:05Z\"";
        visitor.findings.problem(at.path, Code::NotAllowed, message);
    }
    moment
}

fn ms(visitor: &mut Visitor, row: &Row, at: Located<'_, '_>) -> Option<u64> {
    values::integer(visitor, row, at).and_then(|ms| ms.try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_tables() {
        let wait = |members: &str| {
            let text = format!(r#"{{"task_id":"T-1"{members}}}"#);
            let parsed = Parsed::parse(&text).expect("JSON");
            wait_task(parsed, &Environment::SILENT).result.expect("valid").request
        };
        let default = |name: &str| {
            let index = WAIT_TASK.find(name).expect("a row");
            WAIT_TASK.members[index].row.default.expect("a default")
        };
        let silent = wait("");
        assert_eq!(silent.poll_interval_ms.to_string(), default("poll_interval_ms"));
        assert_eq!(silent.wait_ms.to_string(), default("wait_ms"));
        let given = wait(r#","poll_interval_ms":7,"wait_ms":9"#);
        assert_eq!((given.poll_interval_ms, given.wait_ms), (7, 9));
    }
}
