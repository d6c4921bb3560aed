//! The operations: what a verified request gets.

use crate::http::Head;
use crate::percent::pairs;
use crate::refusal::Refusal;
use crate::route::Route;
use crate::shared::{Order, Shared};
use crate::verify::{Verified, verify};
use serde_json::{Map, Value, json};

/// A request that arrived whole.
pub(crate) struct Request {
    pub(crate) head: Head,
    pub(crate) body: Vec<u8>,
    pub(crate) route: Route,
    pub(crate) connection: usize,
    pub(crate) request_id: String,
}

/// A request that may be answered: signed, and of the right form.
pub(crate) struct Accepted<'a> {
    request: &'a Request,
    body: &'a str,
    count: Option<i64>,
    pub(crate) verified: Verified,
}

/// A success document.
pub(crate) type Document = Map<String, Value>;

/// Verifies a request; nothing is executed yet.
pub(crate) fn check<'a>(shared: &Shared, request: &'a Request) -> Result<Accepted<'a>, Refusal> {
    let action = request.route.action().ok_or_else(|| {
        let message = "Specified api is not found, please check your url and method.";
        Refusal::gateway(404, "InvalidAction.NotFound", message)
    })?;
    let head = &request.head;
    let verified = verify(&shared.options, &shared.nonces, action, head, &request.body)?;
    if !matches!(request.route, Route::ScaleOut { .. }) {
        return Ok(Accepted { request, body: "", count: None, verified });
    }
    let media = head.get("content-type").unwrap_or_default().to_ascii_lowercase();
    if !media.starts_with("application/json") {
        return Err(Refusal::plain(415));
    }
    let not_json = || Refusal::cs(400, "InvalidParameter", "The body is not a JSON object.");
    let body = std::str::from_utf8(&request.body).map_err(|_| not_json())?;
    let members: Map<String, Value> = serde_json::from_str(body).map_err(|_| not_json())?;
    let count = members.get("count").and_then(Value::as_i64);
    Ok(Accepted { request, body, count, verified })
}

impl Accepted<'_> {
    /// Answers. A purchase is entered only if `execute`; the answer looks the same either way.
    pub(crate) fn run(&self, shared: &Shared, execute: bool) -> Result<Document, Refusal> {
        match &self.request.route {
            Route::ScaleOut { cluster_id } => Ok(self.scale_out(shared, cluster_id, execute)),
            Route::Task { task_id } => {
                let times = (shared.options.found_delay, shared.options.task_length);
                let missing = |status, code| {
                    Refusal::cs(status, code, format!("the task {task_id} not found"))
                };
                match shared.tasks.describe(task_id, times) {
                    Some(Some(document)) => Ok(document),
                    Some(None) => Err(missing(400, "400")),
                    None => Err(missing(404, "TaskNotFound")),
                }
            }
            Route::Tasks { cluster_id } => self.list(shared, cluster_id),
            Route::Control | Route::Unknown => Ok(Document::new()),
        }
    }

    pub(crate) fn is_purchase(&self) -> bool {
        matches!(self.request.route, Route::ScaleOut { .. })
    }

    fn scale_out(&self, shared: &Shared, cluster_id: &str, execute: bool) -> Document {
        let request = self.request;
        let order = Order {
            cluster_id,
            count: self.count,
            body: self.body,
            nonce: &self.verified.nonce,
            connection: request.connection,
        };
        let task_id = match execute {
            true => shared.execute(&order, &request.request_id),
            false => shared.invent_task_id(),
        };
        success(cluster_id, &task_id, &request.request_id)
    }

    fn list(&self, shared: &Shared, cluster_id: &str) -> Result<Document, Refusal> {
        let query = self.request.head.target.split_once('?').map_or("", |(_, query)| query);
        let pairs = pairs(query);
        let number = |name: &str, absent: usize| {
            let sent = pairs.iter().find(|(other, _)| other == name);
            let Some((_, value)) = sent else {
                return Ok(absent);
            };
            let parsed = value.as_deref().and_then(|value| value.parse().ok());
            parsed.filter(|number| *number > 0).ok_or_else(|| {
                Refusal::cs(400, "InvalidParameter", format!("{name} is not a positive number"))
            })
        };
        let (size, page) = (number("page_size", 10)?, number("page_number", 1)?);
        let times = (shared.options.task_delay, shared.options.task_length);
        let shown = shared.tasks.list(cluster_id, (size, page), times);
        let info = json!({"page_number": page, "page_size": size, "total_count": shown.total});
        let mut document = Document::new();
        document.insert("page_info".into(), info);
        document.insert("request_id".into(), self.request.request_id.clone().into());
        let tasks = shown.tasks.into_iter().map(Value::Object).collect();
        document.insert("tasks".into(), Value::Array(tasks));
        Ok(document)
    }
}

/// What a purchase is answered.
pub(crate) fn success(cluster_id: &str, task_id: &str, request_id: &str) -> Document {
    let members = [("cluster_id", cluster_id), ("task_id", task_id), ("request_id", request_id)];
    members.into_iter().map(|(name, value)| (name.to_string(), value.into())).collect()
}
