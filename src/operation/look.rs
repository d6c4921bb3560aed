//! A look at what became of a call that ended unknown, be it hours later and elsewhere. It reads, claims nothing
//! and adopts nothing.

use super::Call;
use super::candidates::{SLACK_MS, Sought};
use super::purchase::Completed;
use super::read::Reads;
use super::session::Session;
use super::task_list::{self, ServerClock};
use super::tasks::{self, completed, session};
use crate::api::DESCRIBE_TASK_INFO;
use crate::date;
use crate::error::{Candidate, Detail, Error};
use crate::outcome::{Look, Outcome};
use crate::validate::Valid;
use crate::validate::tasks::InDoubt;

/// So long a task may take to become visible.
const VISIBLE_WITHIN_MS: i64 = 600_000;

/// Looks for the tasks that may be the purchase's, and how they stand.
pub(crate) fn run(valid: &Valid<InDoubt>, call: &Call<'_>) -> Completed {
    let mut session = match session(valid, call) {
        Ok(session) => session,
        Err(error) => return completed(Err(error), 0),
    };
    let mut reads = Reads::of_call(&session);
    let end = look(&mut session, &mut reads, &valid.request);
    completed(end.map(Outcome::Look), reads.attempts)
}

fn look(session: &mut Session<'_>, reads: &mut Reads, doubt: &InDoubt) -> Result<Look, Error> {
    let timeout_ms = i64::try_from(session.client.timeout_ms).unwrap_or(i64::MAX);
    let now = session.call.host.unix_ms;
    let span_ms = timeout_ms.saturating_add(VISIBLE_WITHIN_MS);
    let (mut candidates, mut until_ms, mut server_ms) = (Vec::new(), None, now());
    let end = task_list::read(session, reads, &doubt.cluster_id, |task, clock| {
        let sought = sought(doubt, clock, span_ms, now());
        candidates.extend(sought.candidate(task));
        until_ms = sought.until_ms;
        server_ms = clock.ms().unwrap_or(server_ms);
    });
    let cut = match end {
        Ok(whole) => whole.has_unreadable.then(|| "some of it cannot be read".to_owned()),
        Err(cut) if cut.pages == 0 => return Err(named(cut.why.error(), doubt)),
        Err(cut) => Some(cut.why.error().to_string()),
    };
    let unread = complete(session, reads, &mut candidates);
    let until_ms = until_ms.unwrap_or(doubt.sent_at_ms + span_ms);
    let open_until = (server_ms <= until_ms).then_some(until_ms);
    let hint = hint(&candidates, open_until, cut.as_deref(), unread.as_deref());
    Ok(Look {
        cluster_id: doubt.cluster_id.clone(),
        purchase_id: doubt.purchase_id.clone(),
        candidates,
        is_complete: cut.is_none(),
        hint,
    })
}

/// When the purchase was sent, by the server's clock. Where no reply told by how much that was ahead, it may
/// have been as far ahead as it is of this machine now, or not at all.
fn sought<'a>(doubt: &'a InDoubt, clock: &ServerClock, span_ms: i64, now_ms: i64) -> Sought<'a> {
    let (least, most) = match doubt.clock_offset {
        Some(offset) => (offset * 1000, offset * 1000),
        None => {
            let offset = clock.ms().map_or(0, |server| server - now_ms);
            (offset.min(0), offset.max(0))
        }
    };
    let since_ms = doubt.sent_at_ms + least - SLACK_MS;
    Sought {
        since_ms: Some(since_ms),
        until_ms: Some((doubt.sent_at_ms + most).saturating_add(span_ms)),
        sent: clock.moment_of(since_ms),
        purchase_id: Some(&doubt.purchase_id),
    }
}

/// A failure that says which purchase was looked for.
fn named(error: Error, doubt: &InDoubt) -> Error {
    let name = |mut detail: Box<Detail>| {
        detail.purchase_id = Some(doubt.purchase_id.clone());
        detail.cluster_id = Some(doubt.cluster_id.clone());
        detail
    };
    match error {
        Error::Unsent(detail) => Error::Unsent(name(detail)),
        Error::Refused(detail) => Error::Refused(name(detail)),
        Error::Unknown(detail) => Error::Unknown(name(detail)),
        Error::Argument(_)
        | Error::Invalid(_)
        | Error::Credentials(_)
        | Error::Internal(_)
        | Error::Failed(_) => error,
    }
}

/// Reads how each candidate stands, and says why one could not be read.
fn complete(
    session: &mut Session<'_>,
    reads: &mut Reads,
    candidates: &mut [Candidate],
) -> Option<String> {
    let mut unread = None;
    for candidate in candidates {
        match tasks::read(session, reads, &candidate.task_id) {
            Ok(task) => {
                task.state.name().clone_into(&mut candidate.state);
                candidate.nodes = Some(task.nodes);
                candidate.error = task.error;
            }
            // What one may not be asked the others may not be asked either.
            Err(no) if is_forbidden(&no.error) => {
                let permission = DESCRIBE_TASK_INFO.permission;
                return Some(format!(
                    "how they stand was not told: grant the account {permission}"
                ));
            }
            Err(no) => unread = Some(no.error.to_string()),
        }
    }
    unread
}

fn is_forbidden(error: &Error) -> bool {
    matches!(error, Error::Refused(detail) if detail.http_status == Some(403))
}

/// What was seen, what that means, and what to do.
fn hint(
    candidates: &[Candidate],
    open_until: Option<i64>,
    cut: Option<&str>,
    unread: Option<&str>,
) -> String {
    let is_sole = |only: &Candidate| only.is_dated && !only.is_claimed;
    let seen = match candidates {
        [] => "no scale-out of that time is on the task list, which proves nothing",
        [only] if is_sole(only) => {
            "one scale-out of that time is on the task list, probably this one"
        }
        [_] => "the scale-out on the task list may be another call's, or of another time",
        _ => "several scale-outs on the task list may be this one",
    };
    let next = match open_until {
        Some(until) => {
            let until = date::iso_8601(until / 1000);
            format!("a task may still appear until {until}: look again then")
        }
        None => {
            "before sending it again, look at the cluster's nodes and, for the purchase_id, at \
             ActionTrail"
                .to_owned()
        }
    };
    let cut = cut.map(|why| format!("; the list was not read to its end ({why})"));
    let unread = unread.map(|why| format!("; {why}"));
    format!("{seen}; {next}{}{}", cut.unwrap_or_default(), unread.unwrap_or_default())
}
