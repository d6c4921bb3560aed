//! After an ambiguous end: what the cluster's task list shows. Evidence, not proof; read-only.

use std::time::{Duration, Instant};

use super::candidates::Sought;
use super::read::Reads;
use super::session::Session;
use super::task_list::{self, NoEnd};
use crate::api::DESCRIBE_CLUSTER_TASKS;
use crate::error::{Candidate, Detail, Error};
use crate::os::reserve;

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

const LOOK_AGAIN: &str = "look again before sending this again";

/// What was seen; `candidates` is `None` where no look succeeded.
#[derive(Default)]
pub(crate) struct Reconciliation {
    pub candidates: Option<Vec<Candidate>>,
    /// There is a task that cannot be told of, and may be this call's.
    has_unreadable: bool,
    pub hint: Option<String>,
}

impl Reconciliation {
    /// The only candidate that is no other call's, if there is no doubt about its date.
    pub(crate) fn sole_candidate(&self) -> Option<&Candidate> {
        if self.has_unreadable {
            return None;
        }
        let mut unclaimed = self.candidates.iter().flatten().filter(|task| !task.is_claimed);
        let only = unclaimed.next().filter(|task| task.is_dated)?;
        unclaimed.next().is_none().then_some(only)
    }
}

fn is_sound(candidate: &Candidate) -> bool {
    candidate.is_dated && !candidate.is_claimed
}

/// Looks until a candidate is there or the time is over: a task may appear seconds after its request
/// was executed. The request's first byte left at `sent`.
pub(crate) fn look(
    session: &mut Session<'_>,
    cluster_id: &str,
    sent: Instant,
    within: Duration,
) -> Reconciliation {
    let deadline = Instant::now() + within;
    let mut seen = Reconciliation::default();
    let mut pause = FIRST_PAUSE;
    loop {
        match whole_list(session, cluster_id, sent, deadline) {
            Ok((candidates, has_unreadable)) => {
                seen = Reconciliation { has_unreadable, ..summary(candidates) };
            }
            Err(NoEnd::NoAnswer(no)) if no.is_definite() => {
                return Reconciliation { hint: Some(refused(&no.error)), ..seen };
            }
            Err(why) if seen.candidates.is_none() => {
                let hint =
                    format!("the task list could not be read ({}): {LOOK_AGAIN}", told(&why));
                seen.hint = Some(hint);
            }
            Err(_) => {}
        }
        let found = seen.candidates.iter().flatten().any(is_sound);
        let left = deadline.saturating_duration_since(Instant::now());
        if found || left <= pause || session.call.control.is_ended() || reserve::is_short() {
            return seen;
        }
        session.call.control.pause(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn summary(candidates: Vec<Candidate>) -> Reconciliation {
    let hint = match candidates.as_slice() {
        [] => {
            format!(
                "the task list shows no new scale-out so far, which proves nothing: {LOOK_AGAIN}"
            )
        }
        [only] if only.is_claimed => {
            format!("the new scale-out on the task list may be another call's: {LOOK_AGAIN}")
        }
        [only] if !only.is_dated => format!(
            "the task list shows one scale-out, and not when it began: see candidates, and {LOOK_AGAIN}"
        ),
        [_] => "the task list shows one new scale-out, probably this one: see candidates before \
                sending this again"
            .to_owned(),
        _ => "the task list shows several scale-outs that may be this one: see candidates before \
              sending this again"
            .to_owned(),
    };
    Reconciliation { candidates: Some(candidates), hint: Some(hint), has_unreadable: false }
}

/// The whole list, once; one that cannot be read to its end gives nothing.
fn whole_list(
    session: &mut Session<'_>,
    cluster_id: &str,
    sent: Instant,
    deadline: Instant,
) -> Result<(Vec<Candidate>, bool), NoEnd> {
    let mut candidates = Vec::new();
    let mut reads = Reads::single(deadline);
    let end = task_list::read(session, &mut reads, cluster_id, |task, clock| {
        candidates.extend(Sought::just_sent(sent, clock).candidate(task));
    });
    let has_unreadable = end.map_err(|cut| cut.why)?.has_unreadable;
    Ok((candidates, has_unreadable))
}

fn detail(error: &Error) -> Option<&Detail> {
    match error {
        Error::Unsent(detail) | Error::Refused(detail) | Error::Unknown(detail) => Some(detail),
        Error::Argument(_)
        | Error::Invalid(_)
        | Error::Credentials(_)
        | Error::Internal(_)
        | Error::Failed(_) => None,
    }
}

/// Why there is no list, in a few words.
fn told(why: &NoEnd) -> String {
    let error = match why {
        NoEnd::NoAnswer(no) => &no.error,
        NoEnd::Endless(why) => return (*why).to_owned(),
    };
    let detail = detail(error);
    let cause = detail.and_then(|detail| detail.cause.clone());
    let status = detail.and_then(|detail| detail.http_status);
    cause.or(status.map(|status| format!("HTTP {status}"))).unwrap_or_else(|| error.to_string())
}

/// A definite no: what to do.
fn refused(error: &Error) -> String {
    let detail = detail(error);
    let status = detail.and_then(|detail| detail.http_status);
    let code = detail.and_then(|detail| detail.code.clone());
    match (status, code) {
        (Some(403), _) => format!(
            "the account may not read the cluster's tasks: grant it {}, or look at them in the \
             console before sending this again",
            DESCRIBE_CLUSTER_TASKS.permission
        ),
        (status, code) => {
            let status = status.map(|status| format!("HTTP {status}"));
            let why = code.or(status).unwrap_or_else(|| error.to_string());
            format!(
                "the cluster's tasks cannot be listed ({why}): look at the cluster's tasks and nodes \
                 before sending this again"
            )
        }
    }
}
