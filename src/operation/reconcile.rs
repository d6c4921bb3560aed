//! After an ambiguous end: what the cluster's task list shows. Evidence, not proof; read-only.

use std::time::{Duration, Instant};

use super::in_flight;
use super::retry::SentAt;
use super::session::Session;
use crate::api::ApiRequest;
use crate::api::reply::{Task, TaskList};
use crate::config::client::Format;
use crate::date;
use crate::error::Candidate;
use crate::redact::redact;

/// The server's clock is known to the second, and a task may be dated a little early.
const SLACK_MS: i64 = 2_000;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
const PAGE_SIZE: usize = 50;
/// A list that never ends is no list.
const MOST_PAGES: usize = 200;

/// What was seen; `candidates` is `None` where no look succeeded.
pub struct Reconciliation {
    pub candidates: Option<Vec<Candidate>>,
    pub hint: Option<String>,
}

/// Looks until a candidate is there or the time is over: a task may appear seconds after its request
/// was executed.
pub fn look(
    session: &Session<'_>,
    cluster_id: &str,
    mut sent: SentAt,
    within: Duration,
) -> Reconciliation {
    let deadline = Instant::now() + within;
    let mut seen = Reconciliation { candidates: None, hint: None };
    let mut pause = FIRST_PAUSE;
    loop {
        match once(session, cluster_id, &mut sent, deadline) {
            Ok(found) => seen = summary(found),
            Err(why) if seen.candidates.is_none() => {
                seen.hint = Some(format!(
                    "the task list could not be read ({why}): look at the cluster's tasks and nodes before sending this again"
                ));
            }
            Err(_) => {}
        }
        let left = deadline.saturating_duration_since(Instant::now());
        let found = seen.candidates.as_ref().is_some_and(|candidates| !candidates.is_empty());
        if found || left <= pause || session.call.control.is_ended() {
            return seen;
        }
        session.call.control.pause(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn summary(candidates: Vec<Candidate>) -> Reconciliation {
    let hint = match candidates.len() {
        0 => {
            "the task list shows no new scale-out so far, which proves nothing: look again before sending this again"
        }
        1 => {
            "the task list shows one new scale-out, probably this one: see candidates before sending this again"
        }
        _ => "the task list shows several new scale-outs: see candidates before sending this again",
    };
    Reconciliation { candidates: Some(candidates), hint: Some(hint.to_owned()) }
}

/// All pages, once.
fn once(
    session: &Session<'_>,
    cluster_id: &str,
    sent: &mut SentAt,
    deadline: Instant,
) -> Result<Vec<Candidate>, String> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut read = 0;
    for number in 1..=MOST_PAGES {
        let page = page(session, cluster_id, number, sent, deadline)?;
        read += page.count;
        let since = server_ms(session, sent) - SLACK_MS;
        for candidate in page.tasks.iter().filter_map(|task| candidate(task, since)) {
            let known = candidates.iter().any(|other| other.task_id == candidate.task_id);
            if !known && !in_flight::is_given(&candidate.task_id) {
                candidates.push(candidate);
            }
        }
        let more = match page.total {
            Some(total) => read < total,
            None => page.count >= PAGE_SIZE,
        };
        if page.count == 0 || !more {
            break;
        }
    }
    Ok(candidates)
}

/// One page of DescribeClusterTasks.
fn page(
    session: &Session<'_>,
    cluster_id: &str,
    number: usize,
    sent: &mut SentAt,
    deadline: Instant,
) -> Result<TaskList, String> {
    let request = ApiRequest::describe_cluster_tasks(cluster_id, number, PAGE_SIZE);
    let signed = session.sign(&request, Format::Json).map_err(|e| e.to_string())?;
    let secrets = session.secrets(&signed);
    let end = session.exchange(&request, &signed, deadline);
    let response = end.map_err(|failure| redact(&failure.cause, &secrets))?;
    if let (None, Some(date), Some(at)) = (sent.server_time, response.date, response.at) {
        sent.server_time = Some((date, at));
    }
    if response.status != 200 {
        return Err(format!("HTTP {}", response.status));
    }
    let text = redact(&String::from_utf8_lossy(&response.body), &secrets);
    TaskList::read(&text).map_err(str::to_owned)
}

/// The server's clock when the request went out, in milliseconds since 1970; ours where no reply
/// has told it.
fn server_ms(session: &Session<'_>, sent: &SentAt) -> i64 {
    let (seconds, at) = match sent.server_time {
        Some(known) => known,
        None => ((session.call.host.unix)(), Instant::now()),
    };
    let earlier = at.saturating_duration_since(sent.at).as_millis();
    seconds * 1000 - i64::try_from(earlier).unwrap_or(0)
}

/// A scale-out task created since `since`, as far as the list says.
fn candidate(task: &Task, since: i64) -> Option<Candidate> {
    let created = task.created.clone()?;
    let is_scale_out = task.task_type.as_deref() == Some("cluster_scaleout");
    let fits = is_scale_out && date::parse_rfc_3339(&created)? >= since;
    let task_id = task.task_id.clone().filter(|id| !id.is_empty())?;
    fits.then(|| Candidate { task_id, state: task.state.clone().unwrap_or_default(), created })
}
