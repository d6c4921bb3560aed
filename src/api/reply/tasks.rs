//! A page of a cluster's task list. Read value by value, not as a tree: see [`super::from_json`].

use std::borrow::Cow;

use crate::date::{self, Moment};
use crate::json::{Kind, Members, Raw};

/// The tasks that could be read, and how many the list says there are on all pages.
pub(crate) struct TaskList {
    /// How many items the page has, those that are no tasks included.
    pub count: usize,
    pub tasks: Vec<Task>,
    pub total: Option<usize>,
    /// The cluster that the list says it is about, if it does.
    pub cluster_id: Option<String>,
    /// Some item cannot be read, and may be any task.
    pub has_unreadable: bool,
    /// It goes on, and says by which token.
    pub goes_on: bool,
}

/// What one is told by, as far as it is there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Task {
    pub task_id: Option<String>,
    pub task_type: Option<String>,
    pub cluster_id: Option<String>,
    pub state: Option<String>,
    /// As it stands there, quoted or not.
    pub created: Option<String>,
    pub created_at: Option<Moment>,
    /// The request's own parameters, as JSON.
    pub parameters: Option<String>,
}

impl TaskList {
    /// Reads a whole body. The message says why it is none.
    pub(crate) fn read(body: &[u8]) -> Result<TaskList, &'static str> {
        let text = std::str::from_utf8(body).map_err(|_| "the reply is not UTF-8")?;
        let text = text.trim_start_matches('\u{feff}');
        let page = Raw::parse(text).map_err(|_| "the reply is not JSON")?;
        let page = page.members().unwrap_or_default();
        if ["code", "Code"].iter().any(|name| is_given(&page, name)) {
            return Err("the reply is an error, whatever its status");
        }
        if page.iter().filter(|(name, _)| name == "tasks").count() > 1 {
            return Err("the reply lists tasks twice");
        }
        let items =
            member(&page, "tasks").and_then(Raw::items).ok_or("the reply lists no tasks")?;
        let info = member(&page, "page_info").and_then(Raw::members).unwrap_or_default();
        let objects: Vec<_> = items.iter().copied().filter_map(Raw::members).collect();
        let is_twice = |task: &Members<'_>| task.iter().filter(|(n, _)| n == "task_id").count() > 1;
        Ok(TaskList {
            count: items.len(),
            has_unreadable: objects.len() < items.len() || objects.iter().any(is_twice),
            cluster_id: member(&page, "cluster_id").and_then(Raw::string).map(Cow::into_owned),
            goes_on: is_given(&page, "next_token"),
            tasks: objects.iter().map(Task::of).collect(),
            total: member(&info, "total_count")
                .and_then(Raw::integer)
                .and_then(|total| total.try_into().ok()),
        })
    }
}

impl Task {
    fn of(members: &Members<'_>) -> Task {
        let text = |name| member(members, name).and_then(Raw::string).map(Cow::into_owned);
        let created = member(members, "created").filter(|raw| !raw.is_null());
        let parameters = member(members, "parameters").filter(|raw| raw.kind() == Kind::Object);
        Task {
            task_id: text("task_id"),
            task_type: text("task_type"),
            cluster_id: text("cluster_id"),
            state: text("state"),
            created: created.map(|raw| raw.string().unwrap_or(raw.text().into()).into_owned()),
            created_at: created.and_then(moment),
            parameters: parameters.map(super::compact),
        }
    }

    /// Whether it is of a kind that a scale-out may have.
    pub(crate) fn is_scale_out(&self) -> bool {
        matches!(self.task_type.as_deref(), Some("cluster_scaleout" | "nodepool_scaleout"))
    }
}

/// Whether a member is there, and neither null nor empty.
fn is_given(members: &Members<'_>, name: &str) -> bool {
    member(members, name).is_some_and(|raw| !matches!(raw.text(), "null" | "\"\"" | "0"))
}

fn moment(raw: Raw<'_>) -> Option<Moment> {
    match raw.kind() {
        // Go writes a time that was never set as the year 1.
        Kind::Text => date::parse_moment(&raw.string()?).filter(|moment| moment.from_ms > 0),
        Kind::Number => date::parse_epoch(raw.integer()?),
        Kind::Null | Kind::Boolean | Kind::Array | Kind::Object => None,
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
        let list = TaskList::read(text.as_bytes()).expect("a list");
        let task = Task { task_id: Some("T".to_owned()), ..Task::default() };
        assert_eq!((list.count, list.tasks, list.total), (3, vec![task, Task::default()], Some(3)));
        for text in ["", "[", "{}", r#"{"tasks": {}}"#, r#"{"tasks": null}"#] {
            assert!(TaskList::read(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_date_is_shown_as_it_stands_and_read_if_it_can_be() {
        let created = |value: &str| {
            let text = format!(r#"{{"tasks": [{{"created": {value}}}]}}"#);
            let task = TaskList::read(text.as_bytes()).expect("a list").tasks.remove(0);
            (task.created.unwrap_or_default(), task.created_at.map(|moment| moment.from_ms))
        };
        let at = Some(1_767_323_045_000);
        assert_eq!(created("1767323045"), ("1767323045".to_owned(), at));
        assert_eq!(created("1767323045000"), ("1767323045000".to_owned(), at));
        assert_eq!(created(r#""2026-01-02 11:04:05""#), ("2026-01-02 11:04:05".to_owned(), at));
        assert_eq!(created("null"), (String::new(), None));
        assert_eq!(created(r#""soon""#), ("soon".to_owned(), None));
        let never = "0001-01-01T00:00:00Z";
        assert_eq!(created(&format!("\"{never}\"")), (never.to_owned(), None));
    }

    #[test]
    fn a_list_that_may_hide_a_task_says_so() {
        let list = |text: &str| TaskList::read(text.as_bytes());
        let unreadable = |text: &str| list(text).is_ok_and(|list| list.has_unreadable);
        assert!(unreadable(r#"{"tasks": [1]}"#));
        assert!(unreadable(r#"{"tasks": [{"task_id": "T-1", "task_id": "T-2"}]}"#));
        assert!(!unreadable(r#"{"tasks": [{"task_id": "T-1"}]}"#));
        assert!(list(r#"{"tasks": [], "next_token": "x"}"#).is_ok_and(|list| list.goes_on));
        assert!(list(r#"{"tasks": [], "next_token": ""}"#).is_ok_and(|list| !list.goes_on));
        assert!(list(r#"{"tasks": [], "code": "Forbidden"}"#).is_err());
        assert!(list(r#"{"tasks": [], "tasks": []}"#).is_err());
    }

    #[test]
    fn hostile_nesting_does_not_overflow() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let text = format!(r#"{{"tasks": [{deep}, {{"task_id": "T", "x": {deep}}}]}}"#);
        let list = TaskList::read(text.as_bytes()).expect("a list");
        assert_eq!((list.count, list.tasks.len(), list.total), (2, 1, None));
    }
}
