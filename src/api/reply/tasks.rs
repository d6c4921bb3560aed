//! A page of a cluster's task list. Read value by value, not as a tree: see [`super::from_json`].

use super::member::{self, is_given, member, not_an_error, object, text, text_or_number};
use crate::date::{self, Moment};
use crate::json::{Kind, Members, Raw};
use crate::task::{TaskError, TaskState};

/// The tasks that could be read, and how many the list says there are on all pages.
pub(crate) struct TaskPage {
    /// How many items the page has, those that are no tasks included.
    pub count: usize,
    pub tasks: Vec<TaskItem>,
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
pub(crate) struct TaskItem {
    pub task_id: Option<String>,
    pub task_type: Option<String>,
    pub cluster_id: Option<String>,
    pub state: Option<TaskState>,
    /// As it stands there, quoted or not.
    pub created: Option<String>,
    pub created_at: Option<Moment>,
    pub updated: Option<String>,
    pub error: Option<TaskError>,
    /// The request's own parameters, as JSON.
    pub parameters: Option<String>,
}

impl TaskPage {
    /// Reads a whole body. The message says why it is none.
    pub(crate) fn read(body: &[u8]) -> Result<TaskPage, &'static str> {
        let text = std::str::from_utf8(body).map_err(|_| "the reply is not UTF-8")?;
        let text = text.trim_start_matches('\u{feff}');
        let page = Raw::parse(text).map_err(|_| "the reply is not JSON")?;
        let page = page.members().unwrap_or_default();
        not_an_error(&page)?;
        if page.iter().filter(|(name, _)| name == "tasks").count() > 1 {
            return Err("the reply lists tasks twice");
        }
        let items =
            member(&page, "tasks").and_then(Raw::items).ok_or("the reply lists no tasks")?;
        let info = member(&page, "page_info").and_then(Raw::members).unwrap_or_default();
        let objects: Vec<_> = items.iter().copied().filter_map(Raw::members).collect();
        let is_twice = |task: &Members<'_>| task.iter().filter(|(n, _)| n == "task_id").count() > 1;
        Ok(TaskPage {
            count: items.len(),
            has_unreadable: objects.len() < items.len() || objects.iter().any(is_twice),
            cluster_id: member::text(&page, "cluster_id"),
            goes_on: is_given(&page, "next_token"),
            tasks: objects.iter().map(TaskItem::of).collect(),
            total: member(&info, "total_count")
                .and_then(Raw::integer)
                .and_then(|total| total.try_into().ok()),
        })
    }
}

impl TaskItem {
    fn of(members: &Members<'_>) -> TaskItem {
        TaskItem {
            task_id: text(members, "task_id"),
            task_type: text(members, "task_type"),
            cluster_id: text(members, "cluster_id"),
            state: text(members, "state").map(|word| TaskState::of(&word)),
            created: text_or_number(members, "created"),
            created_at: member(members, "created").and_then(moment),
            updated: text_or_number(members, "updated"),
            error: member::error(members),
            parameters: object(members, "parameters"),
        }
    }

    /// Whether it is of a kind that a scale-out may have.
    pub(crate) fn is_scale_out(&self) -> bool {
        matches!(self.task_type.as_deref(), Some("cluster_scaleout" | "nodepool_scaleout"))
    }

    /// When it was created, in seconds since 1970, as far as that can be told by its date, or else by an id
    /// such as `T-5a54309c80282e39ea00002f`, which begins with the seconds.
    pub(crate) fn created_unix(&self) -> Option<i64> {
        let by_id = || {
            let digits = self.task_id.as_deref()?.strip_prefix("T-")?;
            let is_form = digits.len() == 24 && digits.bytes().all(|b| b.is_ascii_hexdigit());
            i64::from_str_radix(digits.get(..8).filter(|_| is_form)?, 16).ok()
        };
        self.created_at.map(|moment| moment.from_ms / 1000).or_else(by_id)
    }
}

fn moment(raw: Raw<'_>) -> Option<Moment> {
    match raw.kind() {
        // Go writes a time that was never set as the year 1.
        Kind::Text => date::parse_moment(&raw.string()?).filter(|moment| moment.from_ms > 0),
        Kind::Number => date::parse_epoch(raw.integer()?),
        Kind::Null | Kind::Boolean | Kind::Array | Kind::Object => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_task_is_counted_and_left_out() {
        let text = r#"{"tasks": [{"task_id": "T", "state": 7, "x": [[]]}, 1, {}], "page_info": {"total_count": 3}}"#;
        let list = TaskPage::read(text.as_bytes()).expect("a list");
        let task = TaskItem { task_id: Some("T".to_owned()), ..TaskItem::default() };
        assert_eq!(
            (list.count, list.tasks, list.total),
            (3, vec![task, TaskItem::default()], Some(3))
        );
        for text in ["", "[", "{}", r#"{"tasks": {}}"#, r#"{"tasks": null}"#] {
            assert!(TaskPage::read(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_date_is_shown_as_it_stands_and_read_if_it_can_be() {
        let created = |value: &str| {
            let text = format!(r#"{{"tasks": [{{"created": {value}}}]}}"#);
            let task = TaskPage::read(text.as_bytes()).expect("a list").tasks.remove(0);
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
        let list = |text: &str| TaskPage::read(text.as_bytes());
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
    fn an_id_tells_when_its_task_was_created_where_no_date_does() {
        let unix = |id: &str, created: &str| {
            let text = format!(r#"{{"tasks": [{{"task_id": "{id}", "created": {created}}}]}}"#);
            TaskPage::read(text.as_bytes()).expect("a list").tasks[0].created_unix()
        };
        assert_eq!(unix("T-5a54309c80282e39ea00002f", "null"), Some(0x5a54_309c));
        assert_eq!(unix("T-5a54309c80282e39ea00002f", "1767323045"), Some(1_767_323_045));
        for id in ["T-5a54309c", "T-5a54309c80282e39ea00002g", "5a54309c80282e39ea00002f"] {
            assert_eq!(unix(id, "null"), None, "{id}");
        }
    }

    #[test]
    fn hostile_nesting_does_not_overflow() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let text = format!(r#"{{"tasks": [{deep}, {{"task_id": "T", "x": {deep}}}]}}"#);
        let list = TaskPage::read(text.as_bytes()).expect("a list");
        assert_eq!((list.count, list.tasks.len(), list.total), (2, 1, None));
    }
}
