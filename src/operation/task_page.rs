//! One page of a cluster's task list: a read, which buys nothing and is repeated freely.

use std::time::Instant;

use super::session::{Session, Signed};
use crate::api::reply::{Reply, TaskList};
use crate::api::{ApiRequest, DESCRIBE_CLUSTER_TASKS};
use crate::config::client::Format;
use crate::json::{Kind, Raw, edit};
use crate::outcome::{Redaction, text};
use crate::redact::redact;
use crate::secret::Secret;
use crate::transport::HttpResponse;

/// Tasks a page; the service allows no more.
pub(crate) const SIZE: usize = 100;

/// A page as it came, and what is needed to tell of it.
pub(crate) struct Page {
    pub list: TaskList,
    pub arrived: Instant,
    /// The server's clock when it came, in seconds since 1970.
    date: Option<i64>,
    secrets: Vec<Secret>,
}

/// Why there is no page.
pub(crate) enum NoPage {
    /// The service said no, and will say it again: what to do.
    Refused(String),
    /// Another look may succeed.
    Failed(String),
}

impl Page {
    /// The server's clock at `moment`, in milliseconds since 1970; `None` where the reply told no date.
    pub(crate) fn server_ms(&self, moment: Instant) -> Option<i64> {
        let earlier = self.arrived.saturating_duration_since(moment).as_millis();
        Some(self.date? * 1000 - i64::try_from(earlier).unwrap_or(0))
    }

    /// An id as it came, or none.
    pub(crate) fn id(&self, text: &String) -> Option<String> {
        self.with_redaction(|redaction| text::id(Some(text), redaction))
    }

    /// A text of the service's, fit for a document.
    pub(crate) fn text(&self, text: &str) -> String {
        self.with_redaction(|redaction| text::one_line(text, redaction))
    }

    /// A request's parameters as the service shows them, fit for a document: the password in them may be
    /// somebody else's.
    pub(crate) fn parameters(&self, object: &str) -> Option<String> {
        let masked = match object.contains("login_password") {
            true => edit::set(Raw::parse(object).ok()?, "/login_password", "***", |_| Kind::Text),
            false => Ok(object.to_owned()),
        };
        let masked = masked.ok()?;
        self.with_redaction(|redaction| text::json(&masked, redaction))
    }

    fn with_redaction<T>(&self, look: impl FnOnce(&Redaction<'_>) -> T) -> T {
        let secrets: Vec<_> = self.secrets.iter().collect();
        look(&Redaction { secrets: &secrets, ..Redaction::default() })
    }
}

/// Reads page `number`, from 1 on. A clock that the service finds wrong is set by the service's, once.
pub(crate) fn read(
    session: &mut Session<'_>,
    cluster_id: &str,
    number: usize,
    deadline: Instant,
) -> Result<Page, NoPage> {
    let request = ApiRequest::describe_cluster_tasks(cluster_id, number, SIZE);
    let mut clock_was_set = false;
    loop {
        let signed = session.sign(&request, Format::Json);
        let signed = signed.map_err(|error| NoPage::Failed(error.to_string()))?;
        let end = session.exchange(&request, &signed, deadline);
        let response = end.map_err(|failure| {
            let cause =
                |redaction: &Redaction<'_>| redact(&failure.cause.to_string(), redaction.secrets);
            NoPage::Failed(session.judge(&request, &signed, cause))
        })?;
        if let Some(date) = response.date {
            session.call.trace.heard(date - session.call.host.unix());
        }
        let reply = Reply::read(&response.body).unwrap_or_default();
        match (response.status, reply.decisive_code(), response.date) {
            (200, ..) => {
                if clock_was_set {
                    session.keep_clock();
                }
                return page(session, &request, &signed, response);
            }
            (400..=499, "InvalidTimeStamp.Expired" | "IllegalTimestamp", Some(date))
                if !clock_was_set =>
            {
                session.set_clock(date);
                clock_was_set = true;
            }
            (403, ..) => return Err(NoPage::Refused(forbidden())),
            (408 | 429, ..) => return Err(NoPage::Failed(format!("HTTP {}", response.status))),
            (400..=499, code, _) if !reply.is_throttling() => {
                let code = session.judge(&request, &signed, |r| text::one_line(code, r));
                return Err(NoPage::Refused(refused(response.status, &code)));
            }
            (status, ..) => return Err(NoPage::Failed(format!("HTTP {status}"))),
        }
    }
}

fn page(
    session: &Session<'_>,
    request: &ApiRequest<'_>,
    signed: &Signed,
    mut response: HttpResponse,
) -> Result<Page, NoPage> {
    let list = TaskList::read(&response.body).map_err(|why| NoPage::Failed(why.to_owned()))?;
    response.keep_connection();
    let secrets = session.judge(request, signed, |redaction| {
        redaction.secrets.iter().map(|secret| (*secret).clone()).collect()
    });
    let arrived = response.at.unwrap_or_else(Instant::now);
    Ok(Page { list, arrived, date: response.date, secrets })
}

fn forbidden() -> String {
    format!(
        "the account may not read the cluster's tasks: grant it {}, or look at them in the console before \
         sending this again",
        DESCRIBE_CLUSTER_TASKS.permission
    )
}

fn refused(status: u16, code: &str) -> String {
    let code = if code.is_empty() { format!("HTTP {status}") } else { code.to_owned() };
    format!(
        "the service refused to list the cluster's tasks ({code}): look at the cluster's tasks and nodes \
         before sending this again"
    )
}
