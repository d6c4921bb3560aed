//! A page of a cluster's task list. Read value by value, not as a tree: see [`super::from_json`].

use std::borrow::Cow;

use crate::json::{Members, Raw};

/// The tasks that could be read, and how many the list says there are on all pages.
pub struct TaskList {
    /// How many items the page has, those that are no tasks included.
    pub count: usize,
    pub tasks: Vec<Task>,
    pub total: Option<usize>,
}

/// What one is told by, as far as it is there.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Task {
    pub task_id: Option<String>,
    pub task_type: Option<String>,
    pub state: Option<String>,
    pub created: Option<String>,
}

impl TaskList {
    /// Reads a whole body. The message says why it is none.
    pub fn read(text: &str) -> Result<TaskList, &'static str> {
        let page = Raw::parse(text).map_err(|_| "the reply is not JSON")?;
        let page = page.members().unwrap_or_default();
        let items =
            member(&page, "tasks").and_then(Raw::items).ok_or("the reply lists no tasks")?;
        let info = member(&page, "page_info").and_then(Raw::members).unwrap_or_default();
        Ok(TaskList {
            count: items.len(),
            tasks: items.into_iter().filter_map(Raw::members).map(|task| Task::of(&task)).collect(),
            total: member(&info, "total_count")
                .and_then(Raw::integer)
                .and_then(|total| total.try_into().ok()),
        })
    }
}

impl Task {
    fn of(members: &Members<'_>) -> Task {
        let text = |name| member(members, name).and_then(Raw::string).map(Cow::into_owned);
        Task {
            task_id: text("task_id"),
            task_type: text("task_type"),
            state: text("state"),
            created: text("created"),
        }
    }
}

fn member<'a>(members: &Members<'a>, name: &str) -> Option<Raw<'a>> {
    members.iter().rev().find(|(other, _)| other == name).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_task_is_counted_and_left_out() {
        let text = r#"{"tasks": [{"task_id": "T", "state": 7, "x": [[]]}, 1, {}], "page_info": {"total_count": 3}}"#;
        let list = TaskList::read(text).expect("a list");
        let task = Task { task_id: Some("T".to_owned()), ..Task::default() };
        assert_eq!((list.count, list.tasks, list.total), (3, vec![task, Task::default()], Some(3)));
        for text in ["", "[", "{}", r#"{"tasks": {}}"#, r#"{"tasks": null}"#] {
            assert!(TaskList::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn hostile_nesting_does_not_overflow() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let text = format!(r#"{{"tasks": [{deep}, {{"task_id": "T", "x": {deep}}}]}}"#);
        let list = TaskList::read(&text).expect("a list");
        assert_eq!((list.count, list.tasks.len(), list.total), (2, 1, None));
    }
}
