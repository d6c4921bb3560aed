//! One look at a task, and a cluster's whole list.

use super::Call;
use super::purchase::Completed;
use super::read::{NoAnswer, Reads};
use super::session::Session;
use super::{in_flight, task_list};
use crate::api::ApiRequest;
use crate::api::reply::{TaskItem, read_task};
use crate::credentials;
use crate::error::Error;
use crate::outcome::{Outcome, tasks};
use crate::task::{ListedTask, Task, TaskList};
use crate::validate::Valid;
use crate::validate::tasks::{DescribeTask, ListTasks};

/// What a call that reads talks to the service with.
pub(crate) fn session<'a, T>(
    valid: &'a Valid<T>,
    call: &'a Call<'a>,
) -> Result<Session<'a>, Error> {
    let Valid { client, resolved, .. } = valid;
    let credentials = credentials::find(client, &call.environment)?;
    Ok(Session::new(client, call, resolved, credentials, None))
}

/// The end of a call that read.
pub(crate) fn completed(end: Result<Outcome, Error>, attempts: u32) -> Completed {
    let outcome = end.unwrap_or_else(Outcome::Failed);
    Completed { attempts, ..Completed::unattempted(outcome) }
}

/// Reads one task.
pub(crate) fn read(
    session: &mut Session<'_>,
    reads: &mut Reads,
    task_id: &str,
) -> Result<Task, NoAnswer> {
    let request = ApiRequest::describe_task_info(task_id);
    let task = reads.read(session, &request, &|response, redaction| {
        Ok(tasks::task(read_task(&response.body, task_id)?, redaction))
    })?;
    in_flight::saw(task_id, std::time::Instant::now());
    Ok(task)
}

/// Looks at a task once.
pub(crate) fn describe(valid: &Valid<DescribeTask>, call: &Call<'_>) -> Completed {
    let mut session = match session(valid, call) {
        Ok(session) => session,
        Err(error) => return completed(Err(error), 0),
    };
    let mut reads = Reads::of_call(&session);
    let end = read(&mut session, &mut reads, &valid.request.task_id);
    let end = end.map(|task| Outcome::Task(Box::new(task))).map_err(|no| no.error);
    completed(end, reads.attempts)
}

/// Lists a cluster's tasks.
pub(crate) fn list(valid: &Valid<ListTasks>, call: &Call<'_>) -> Completed {
    let ListTasks { cluster_id, since_ms } = &valid.request;
    let mut session = match session(valid, call) {
        Ok(session) => session,
        Err(error) => return completed(Err(error), 0),
    };
    let mut reads = Reads::of_call(&session);
    let mut found = Vec::new();
    let end = task_list::read(&mut session, &mut reads, cluster_id, |task, _| {
        let is_older = |since: &i64| task.created_at.is_some_and(|created| created.to_ms < *since);
        if !since_ms.as_ref().is_some_and(is_older) {
            found.extend(listed(task).map(|listed| (task.created_unix(), listed)));
        }
    });
    // What has no date yet is new. Within a second the service's order stays.
    found.sort_by_key(|(created, _)| std::cmp::Reverse(created.unwrap_or(i64::MAX)));
    let tasks = found.into_iter().map(|(_, task)| task).collect();
    let list = TaskList { cluster_id: cluster_id.clone(), tasks };
    let end = end.map(|_| Outcome::Tasks(list)).map_err(|cut| cut.why.error());
    completed(end, reads.attempts)
}

fn listed(task: &TaskItem) -> Option<ListedTask> {
    Some(ListedTask {
        task_id: task.task_id.clone()?,
        task_type: task.task_type.clone(),
        state: task.state.clone(),
        created: task.created.clone(),
        updated: task.updated.clone(),
        is_dated: task.created_at.is_some(),
        error: task.error.clone(),
    })
}
