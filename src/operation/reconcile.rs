//! After an ambiguous end: what the cluster's task list shows. Evidence, not proof; read-only.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::in_flight::{self, Standing};
use super::session::Session;
use super::task_page::{self, NoPage, Page};
use crate::api::reply::Task;
use crate::error::Candidate;
use crate::os::reserve;

/// The server's clock is known to the second, and a task may be dated a little early.
const SLACK_MS: i64 = 2_000;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// A list that never ends is no list.
const MOST_PAGES: usize = 200;

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
        match all_pages(session, cluster_id, sent, deadline) {
            Ok((candidates, has_unreadable)) => {
                seen = Reconciliation { has_unreadable, ..summary(candidates) };
            }
            Err(NoPage::Refused(hint)) => return Reconciliation { hint: Some(hint), ..seen },
            Err(NoPage::Failed(why)) if seen.candidates.is_none() => {
                let hint = format!("the task list could not be read ({why}): {LOOK_AGAIN}");
                seen.hint = Some(hint);
            }
            Err(NoPage::Failed(_)) => {}
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
fn all_pages(
    session: &mut Session<'_>,
    cluster_id: &str,
    sent: Instant,
    deadline: Instant,
) -> Result<(Vec<Candidate>, bool), NoPage> {
    let mut candidates = Vec::new();
    let mut has_unreadable = false;
    let mut ids: HashSet<String> = HashSet::new();
    let mut read = 0;
    for number in 1..=MOST_PAGES {
        let page = task_page::read(session, cluster_id, number, deadline)?;
        if page.list.cluster_id.as_deref().is_some_and(|id| id != cluster_id) {
            return Err(NoPage::Failed("it is about another cluster".to_owned()));
        }
        read += page.list.count;
        let known = ids.len();
        has_unreadable |= page.list.has_unreadable;
        let is_ours = |task: &&Task| task.cluster_id.as_deref().is_none_or(|id| id == cluster_id);
        for task in page.list.tasks.iter().filter(is_ours) {
            let Some(task_id) = task.task_id.as_ref().and_then(|id| page.id(id)) else {
                has_unreadable = true;
                continue;
            };
            if ids.insert(task_id.clone()) && task.is_scale_out() {
                candidates.extend(candidate(task, task_id, &page, sent));
            }
        }
        let more = match page.list.total {
            Some(total) => read < total,
            None => page.list.count >= task_page::SIZE,
        };
        if page.list.count == 0 || !more {
            return match page.list.goes_on {
                false => Ok((candidates, has_unreadable)),
                true => Err(NoPage::Failed("it goes on beyond its pages".to_owned())),
            };
        }
        if ids.len() == known {
            return Err(NoPage::Failed("its pages repeat themselves".to_owned()));
        }
    }
    Err(NoPage::Failed("it does not end".to_owned()))
}

/// A scale-out that may be this call's: begun since the first byte, as far as its date can be read and set
/// against the server's clock.
fn candidate(task: &Task, task_id: String, page: &Page, sent: Instant) -> Option<Candidate> {
    let standing = in_flight::standing(&task_id, sent);
    in_flight::saw(&task_id, page.arrived);
    let since = page.server_ms(sent).map(|ms| ms - SLACK_MS);
    let is_dated = task.created_at.is_some() && since.is_some();
    let is_new = match (task.created_at, since) {
        (Some(created), Some(since)) => created.to_ms >= since,
        _ => true,
    };
    (is_new && standing != Standing::Older).then(|| Candidate {
        task_id,
        state: page.text(task.state.as_deref().unwrap_or_default()),
        created: page.text(task.created.as_deref().unwrap_or_default()),
        is_dated,
        is_claimed: standing == Standing::Claimed,
        parameters: task.parameters.as_ref().and_then(|object| page.parameters(object)),
    })
}
