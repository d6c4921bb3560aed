//! The waist: text in, status and text out. Everything that calls this library comes through here,
//! so every binding has the same validator, sender, statuses, and guard against panics.
//!
//! It reads the clock, the environment and the random numbers, and hands them down.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::config::environment::Environment;
use crate::control::Control;
use crate::error::{Detail, Error, Problem, Status};
use crate::json::{self, Raw, edit, pointer};
use crate::operation::purchase::{self, Completed, Plan, Success};
use crate::operation::reconcile::{self, Reconciliation, SentAt};
use crate::operation::session::{Host, Session};
use crate::outcome::LOOK_FIRST;
use crate::render::{self, Document};
use crate::schema::{json_kind, json_schema};
use crate::validate::{self, ValidRequest, Validation};

/// A document may have this many bytes.
pub const LARGEST_DOCUMENT: usize = 1024 * 1024;

/// What every function of this library gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: Status,
    /// A JSON document (of [`json_get`]: the value), with no NUL in it.
    pub document: String,
}

/// Validates, signs and sends one ScaleOutCluster request, and waits for the service's answer.
///
/// Blocks for `client.timeout_ms` (30 s) and then, where the end is unknown,
/// `client.reconcile_timeout_ms` (10 s) at most. Never panics, never sends twice.
///
/// ```
/// let answer = cs_scale_out::scale_out(br#"{"count": 0}"#);
/// assert_eq!(answer.status, cs_scale_out::Status::Invalid);
/// assert!(answer.document.contains(r#""path":"/ClusterId","code":"missing""#));
/// ```
pub fn scale_out(document: &[u8]) -> Answer {
    scale_out_with(document, &Control::new())
}

/// [`scale_out`] with a handle by which another thread can stop it while it can be stopped.
///
/// Stopped in time, it ends as [`Status::Unsent`].
pub fn scale_out_with(document: &[u8], control: &Control) -> Answer {
    guarded(control, || {
        with_valid(document, |valid, environment, warnings| {
            let Completed { attempts, result } = purchase::run(valid, environment, HOST, control);
            match result {
                Ok(success) => succeeded(&success, valid.request.cluster_id(), attempts, warnings),
                Err(error) => failed(&error, attempts, warnings),
            }
        })
    })
}

/// What became of a request whose answer nobody waits for any more: one look at the task list, as
/// after an unknown end, for `within` and `client.reconcile_timeout_ms` at most; none where
/// `client.reconcile` is false. Always [`Status::Unknown`], with `candidates` where they could be had,
/// unless the document was never good for a request.
pub fn look(document: &[u8], sent_at: Instant, within: Duration) -> Answer {
    let control = Control::new();
    guarded(&control, || {
        with_valid(document, |valid, environment, warnings| {
            let session =
                Session::open(&valid.client, &valid.route, environment, HOST, &control, None);
            let seen = session.map(|session| seen(&session, valid, sent_at, within));
            let (candidates, hint) = match seen {
                Ok(Some(seen)) => (seen.candidates, seen.hint),
                Ok(None) => (None, Some(LOOK_FIRST.to_owned())),
                Err(error) => return failed(&error, 0, warnings),
            };
            let message = "the request may have been sent: nodes may be on their way".to_owned();
            let detail = Detail { message, candidates, hint, ..Detail::default() };
            failed(&Error::Unknown(Box::new(detail)), 0, warnings)
        })
    })
}

/// What the task list shows; `None` where the caller wants no look.
fn seen(
    session: &Session<'_>,
    valid: &ValidRequest,
    sent_at: Instant,
    within: Duration,
) -> Option<Reconciliation> {
    let sent = SentAt { sent_at, server_time: None };
    let within = within.min(Duration::from_millis(valid.client.reconcile_timeout_ms));
    let look = || reconcile::look(session, valid.request.cluster_id(), sent, within);
    valid.client.reconcile.then(look)
}

/// Runs `work` on a document that keeps every rule; tells the problems of one that does not.
fn with_valid(
    document: &[u8],
    work: impl FnOnce(&ValidRequest, &Environment, &[Problem]) -> Answer,
) -> Answer {
    let parsed = match read(document) {
        Ok(parsed) => parsed,
        Err(error) => return failed(&error, 0, &[]),
    };
    let environment = Environment::PROCESS;
    let Validation { result, warnings } = validate::validate(parsed, &environment);
    match result {
        Ok(valid) => work(&valid, &environment, &warnings),
        Err(problems) => failed(&Error::Invalid(problems), 0, &warnings),
    }
}

/// The same validator and nothing else: no network, file, environment or credential is touched.
///
/// ```
/// let answer = cs_scale_out::validate(br#"{"ClusterId": "c1", "cont": 3, "key_pair": "k"}"#);
/// assert!(answer.document.contains(r#"did you mean \"count\"?"#));
/// ```
pub fn validate(document: &[u8]) -> Answer {
    guarded(&Control::new(), || {
        let parsed = match read(document) {
            Ok(parsed) => parsed,
            Err(error) => return failed(&error, 0, &[]),
        };
        let Validation { result, warnings } = validate::validate(parsed, &Environment::SILENT);
        match result {
            Ok(_) => ok(Document::with_status("ok"), &warnings),
            Err(problems) => failed(&Error::Invalid(problems), 0, &warnings),
        }
    })
}

/// The JSON Schema (2020-12) of a request, for editors and for validators of other languages.
///
/// It knows each member's type, values, default and description; what several members say together
/// [`validate`] checks beyond it.
///
/// ```
/// assert!(cs_scale_out::schema().contains(r#""ClusterId""#));
/// ```
pub fn schema() -> &'static str {
    json_schema()
}

/// One value out of a document by JSON Pointer (RFC 6901): a string without its quotes, anything
/// else as JSON.
///
/// ```
/// let task = cs_scale_out::json_get(br#"{"task_id": "T-1"}"#, b"/task_id");
/// assert_eq!(task.document, "T-1");
/// ```
pub fn json_get(document: &[u8], pointer: &[u8]) -> Answer {
    guarded(&Control::new(), || {
        let value = text(document, "json")
            .and_then(|json| Ok((json, text(pointer, "pointer")?)))
            .and_then(|(json, pointer)| pointer::get(json, pointer));
        match value {
            Ok(document) => Answer { status: Status::Ok, document },
            Err(error) => failed(&error, 0, &[]),
        }
    })
}

/// A request document with one member more, or changed: so that nobody pastes JSON together.
///
/// `value` is plain text, and goes in as the JSON type of the parameter at `pointer`: a string is
/// escaped, an integer or boolean taken as it is written, an array or object is JSON already; a
/// member this version does not know is a string. What is missing on the way is made: an array where
/// the next part is an index or `-` (after the last item), else an object. An empty document is `{}`.
///
/// ```
/// let one = cs_scale_out::json_set(b"", b"/count", b"3");
/// let two = cs_scale_out::json_set(one.document.as_bytes(), b"/tags/-/key", b"say \"hi\"");
/// assert_eq!(two.document, r#"{"count":3,"tags":[{"key":"say \"hi\""}]}"#);
/// ```
pub fn json_set(document: &[u8], pointer: &[u8], value: &[u8]) -> Answer {
    guarded(&Control::new(), || {
        let document = if document.trim_ascii().is_empty() { b"{}" } else { document };
        let too_long = [pointer, value].iter().any(|text| text.len() > LARGEST_DOCUMENT);
        if too_long {
            return argument("pointer or value is larger than 1 MiB");
        }
        let edited = read(document).and_then(|parsed| {
            let (pointer, value) = (text(pointer, "pointer")?, text(value, "value")?);
            edit::set(parsed, pointer, value, json_kind)
        });
        match edited {
            Ok(document) if document.len() > LARGEST_DOCUMENT => {
                argument("the document would be larger than 1 MiB")
            }
            Ok(document) => Answer { status: Status::Ok, document },
            Err(error) => failed(&error, 0, &[]),
        }
    })
}

/// The answer to a call whose arguments cannot even be read.
pub fn argument(message: &str) -> Answer {
    failed(&Error::Argument(message.to_owned()), 0, &[])
}

fn read(document: &[u8]) -> Result<Raw<'_>, Error> {
    if document.len() > LARGEST_DOCUMENT {
        let message = format!("the document is larger than {LARGEST_DOCUMENT} bytes (1 MiB)");
        return Err(Error::Argument(message));
    }
    let text = text(document, "the document")?;
    Raw::parse(text).map_err(|why| Error::Argument(format!("the document is not JSON: {why}")))
}

fn text<'a>(bytes: &'a [u8], what: &str) -> Result<&'a str, Error> {
    json::utf8(bytes).map_err(|why| Error::Argument(format!("{what} {why}")))
}

const HOST: Host = Host { unix, fill };

fn unix() -> i64 {
    // A clock before 1970 reads as 1970: the service refuses it, and says its own time.
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)
}

fn fill(bytes: &mut [u8]) -> bool {
    getrandom::getrandom(bytes).is_ok()
}

fn failed(error: &Error, attempts: u32, warnings: &[Problem]) -> Answer {
    let document = render::failure(error, attempts, warnings);
    Answer { status: error.status(), document }
}

fn ok(document: Document, warnings: &[Problem]) -> Answer {
    let document = document.list("warnings", warnings, render::problem).finish();
    Answer { status: Status::Ok, document }
}

fn succeeded(success: &Success, cluster_id: &str, attempts: u32, warnings: &[Problem]) -> Answer {
    let document = Document::with_status("ok");
    let (accepted, by_task_list) = match success {
        Success::Accepted { accepted, by_task_list } => (accepted, *by_task_list),
        Success::Planned(plan) => {
            return ok(document.raw("dry_run", "true").raw("request", &planned(plan)), warnings);
        }
    };
    let document = document
        .text("cluster_id", accepted.cluster_id.as_deref().unwrap_or(cluster_id))
        .text("task_id", &accepted.task_id)
        .maybe("request_id", accepted.request_id.as_deref())
        .number("attempts", attempts)
        .maybe("confirmed_by", by_task_list.then_some("task_list"));
    ok(document, warnings)
}

fn planned(plan: &Plan) -> String {
    let headers = plan.headers.iter().fold(Document::new(), |d, (name, value)| d.text(name, value));
    Document::new()
        .text("method", plan.method)
        .text("url", &plan.url)
        .raw("headers", &headers.finish())
        .text("body", &plan.body)
        .finish()
}

thread_local! {
    /// Whether a panic on this thread is ours to keep quiet about.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    /// Where the last panic of ours began.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `work`; a panic becomes an answer. Once a request byte has left, that answer is `unknown`.
fn guarded(control: &Control, work: impl FnOnce() -> Answer) -> Answer {
    quiet_hook();
    let outer = GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.unwrap_or_else(|payload| {
        // A payload may panic when it is dropped; ours are text, and leaking one is harmless.
        std::mem::forget(payload);
        let message = format!("a defect in this library (at {})", PLACE.take());
        let error = match control.was_sent() {
            false => Error::Internal(message),
            true => Error::Unknown(Box::new(Detail {
                message: format!(
                    "{message}, after the request was sent: nodes may be on their way"
                ),
                ..Detail::default()
            })),
        };
        failed(&error, 0, &[])
    })
}

/// The default panic hook writes to stderr, which belongs to the host. Panics inside a call are
/// noted instead; all others go to the hook that was there before.
fn quiet_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                return before(info);
            }
            // The place, not the text: it may hold what must not be told.
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            PLACE.with(|slot| drop(slot.replace(place)));
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_before_anything_is_sent_is_internal() {
        let answer = guarded(&Control::new(), || panic!("secret text"));
        assert_eq!(answer.status, Status::Internal);
        assert!(answer.document.contains("src/call/mod.rs:"), "{}", answer.document);
        assert!(!answer.document.contains("secret text"));
    }

    #[test]
    fn a_panic_after_the_first_byte_is_unknown() {
        let control = Control::new();
        let answer = guarded(&control, || {
            assert!(control.begin_sending());
            panic!("secret text")
        });
        assert_eq!(answer.status, Status::Unknown);
    }
}
