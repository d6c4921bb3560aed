//! A cluster's task list, page by page.

use std::collections::HashSet;
use std::time::Instant;

use super::in_flight;
use super::read::{NoAnswer, Reads};
use super::session::Session;
use crate::api::ApiRequest;
use crate::api::reply::{TaskItem, TaskPage};
use crate::error::{Detail, Error};
use crate::outcome::tasks::item;

/// Tasks a page; the service allows no more.
const SIZE: usize = 100;
/// A list that never ends is no list.
const MOST_PAGES: usize = 200;

/// The clocks as a page came.
pub(super) struct ServerClock {
    /// By ours.
    arrived: Instant,
    /// By the server's, in seconds since 1970.
    date: Option<i64>,
}

impl ServerClock {
    /// The server's clock at `moment`, in milliseconds since 1970; `None` where the reply told no date.
    pub(super) fn ms_at(&self, moment: Instant) -> Option<i64> {
        let earlier = self.arrived.saturating_duration_since(moment).as_millis();
        Some(self.ms()? - i64::try_from(earlier).unwrap_or(0))
    }

    /// The server's clock as the page came, in milliseconds since 1970.
    pub(super) fn ms(&self) -> Option<i64> {
        Some(self.date? * 1000)
    }

    /// When the server's clock showed `ms`, if that is a moment of the past that this machine can tell.
    pub(super) fn moment_of(&self, ms: i64) -> Option<Instant> {
        let earlier = u64::try_from(self.ms()? - ms).ok()?;
        self.arrived.checked_sub(std::time::Duration::from_millis(earlier))
    }
}

/// A list that was read to its end.
pub(super) struct Whole {
    /// Some item cannot be read, and may be any task.
    pub has_unreadable: bool,
}

/// A list that was not read to its end.
pub(super) struct Cut {
    pub why: NoEnd,
    /// How many pages were read.
    pub pages: usize,
}

/// Why it was not.
pub(super) enum NoEnd {
    NoAnswer(NoAnswer),
    /// One line.
    Endless(&'static str),
}

impl NoEnd {
    pub(super) fn error(self) -> Error {
        match self {
            NoEnd::NoAnswer(no) => no.error,
            NoEnd::Endless(why) => {
                let message = format!("the task list cannot be read, since {why}");
                let hint = Some("look at the cluster's tasks in the console".to_owned());
                Error::Unknown(Box::new(Detail { message, hint, ..Detail::default() }))
            }
        }
    }
}

/// Reads all pages, and shows each task once, newest first as far as the service does so.
pub(super) fn read(
    session: &mut Session<'_>,
    reads: &mut Reads,
    cluster_id: &str,
    mut each: impl FnMut(&TaskItem, &ServerClock),
) -> Result<Whole, Cut> {
    let mut ids: HashSet<String> = HashSet::new();
    let mut read = 0;
    let mut has_unreadable = false;
    for number in 1..=MOST_PAGES {
        let (page, clock) = one_page(session, reads, cluster_id, number)
            .map_err(|no| Cut { why: NoEnd::NoAnswer(no), pages: number - 1 })?;
        if page.cluster_id.as_deref().is_some_and(|id| id != cluster_id) {
            let why = NoEnd::Endless("it is about another cluster");
            return Err(Cut { why, pages: number - 1 });
        }
        read += page.count;
        let known = ids.len();
        has_unreadable |= page.has_unreadable;
        let is_ours =
            |task: &&TaskItem| task.cluster_id.as_deref().is_none_or(|id| id == cluster_id);
        for task in page.tasks.iter().filter(is_ours) {
            let Some(id) = &task.task_id else { continue };
            if ids.insert(id.clone()) {
                each(task, &clock);
                in_flight::saw(id, clock.arrived);
            }
        }
        let more = match page.total {
            Some(total) => read < total,
            None => page.count >= SIZE,
        };
        if page.count == 0 || !more {
            let why = NoEnd::Endless("it goes on beyond its pages");
            return match page.goes_on {
                true => Err(Cut { why, pages: number }),
                false => Ok(Whole { has_unreadable }),
            };
        }
        if ids.len() == known {
            let why = NoEnd::Endless("its pages repeat themselves");
            return Err(Cut { why, pages: number });
        }
    }
    Err(Cut { why: NoEnd::Endless("it does not end"), pages: MOST_PAGES })
}

/// Page `number`, from 1 on, its texts fit for a document.
fn one_page(
    session: &mut Session<'_>,
    reads: &mut Reads,
    cluster_id: &str,
    number: usize,
) -> Result<(TaskPage, ServerClock), NoAnswer> {
    let request = ApiRequest::describe_cluster_tasks(cluster_id, number, SIZE);
    reads.read(session, &request, &|response, redaction| {
        let mut page = TaskPage::read(&response.body)?;
        let count = page.tasks.len();
        page.tasks = page.tasks.into_iter().filter_map(|task| item(task, redaction)).collect();
        page.has_unreadable |= page.tasks.len() < count;
        let arrived = response.at.unwrap_or_else(Instant::now);
        Ok((page, ServerClock { arrived, date: response.date }))
    })
}
