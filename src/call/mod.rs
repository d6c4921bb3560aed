//! The waist: text in, status and text out. Everything that calls this library comes through here,
//! so every binding has the same validator, sender, statuses, and guard against panics.

mod guard;
mod tasks;

use std::cell::OnceCell;
use std::time::{Duration, Instant};

use crate::config::environment::Environment;
use crate::control::Control;
use crate::error::{Detail, Error, Problem, Status};
use crate::json::{self, Parsed, edit, pointer};
use crate::operation::purchase::Completed;
use crate::operation::{Call, after, purchase};
use crate::outcome::{LOOK_FIRST, Outcome};
use crate::render;
use crate::schema::{json_kind, json_schema};
use crate::validate::{self, Valid, Validation};
use guard::guarded;
pub use tasks::{
    describe_task, describe_task_with, list_tasks, list_tasks_with, look, look_with, wait_task,
    wait_task_after_purchase, wait_task_with,
};

/// A document may have this many bytes.
pub(crate) const LARGEST_DOCUMENT: usize = 1024 * 1024;

/// What every function of this library gives back: how a call ended, and the same as a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a call may have bought servers, or not: its end says so"]
#[non_exhaustive]
pub struct Answer {
    /// What the caller should do next.
    pub status: Status,
    /// A JSON document (of [`json_get`]: the value), with no NUL in it.
    pub document: String,
    /// What the document says, for programs in Rust.
    pub outcome: Outcome,
    /// What the validator advises against, and what was noticed on the way.
    pub warnings: Vec<Problem>,
    /// How often it was tried to send a request, the tries that were not sent included.
    pub attempts: u32,
    /// The name of a purchase that was signed in order to be sent.
    pub purchase_id: Option<String>,
}

impl Answer {
    pub(crate) fn of(completed: Completed) -> Answer {
        let document = render::completed(&completed);
        let Completed { outcome, attempts, purchase_id, warnings } = completed;
        let status = match &outcome {
            Outcome::Failed(error) => error.status(),
            Outcome::Accepted(_)
            | Outcome::DryRun(_)
            | Outcome::Valid
            | Outcome::Text
            | Outcome::Task(_)
            | Outcome::Tasks(_)
            | Outcome::Look(_) => Status::Ok,
        };
        Answer { status, document, outcome, warnings, attempts, purchase_id }
    }

    /// The answer to a call that failed before anything was tried.
    fn failed(error: Error) -> Answer {
        Answer::of(Completed::unattempted(Outcome::Failed(error)))
    }

    fn without_attempts(outcome: Outcome, warnings: Vec<Problem>) -> Answer {
        Answer::of(Completed { warnings, ..Completed::unattempted(outcome) })
    }

    /// A value that was asked for, or why there is none.
    fn text(value: Result<String, Error>) -> Answer {
        match value {
            Ok(document) => Answer { document, ..Answer::without_attempts(Outcome::Text, vec![]) },
            Err(error) => Answer::failed(error),
        }
    }
}

/// Validates, signs and sends one ScaleOutCluster request, and waits for the service's answer.
///
/// `document` is a JSON object of at most 1 MiB: the request's parameters by their documented names, and
/// one optional member `client` that says how to send. Blocks for `client.timeout_ms` (30 s) and then,
/// where the end is unknown, `client.reconcile_timeout_ms` (10 s) at most. Never panics, never sends
/// twice. Any thread may call it, any number at once.
///
/// ```
/// let answer = cs_scale_out::scale_out(br#"{"count": 0}"#);
/// assert_eq!(answer.status, cs_scale_out::Status::Invalid);
/// assert!(answer.document.contains(r#""path":"/ClusterId","code":"missing""#));
/// ```
pub fn scale_out(document: &[u8]) -> Answer {
    scale_out_with(document, &Control::new())
}

/// Does what [`scale_out`] does, with a handle by which another thread can stop it while it can be stopped.
///
/// Stopped in time, it ends as [`Status::Unsent`].
pub fn scale_out_with(document: &[u8], control: &Control) -> Answer {
    // Begun inside the guard: reading the clock may panic, too.
    let call = OnceCell::new();
    let answer = guarded(
        |defect| after_panic(call.get(), defect),
        || {
            let call = call.get_or_init(|| Call::begin(control));
            with_valid(document, call, validate::validate, purchase::run)
        },
    );
    match call.get().and_then(purchase::in_child) {
        // As late as can be: a handler may fork until the call has returned.
        Some(completed) => Answer::of(completed),
        None => answer,
    }
}

/// What a panic makes of a purchase: from its first byte on nothing milder than unknown.
fn after_panic(call: Option<&Call<'_>>, defect: String) -> Error {
    let Some(call) = call.filter(|call| call.control.was_sent()) else {
        return Error::Internal(defect);
    };
    let message = format!("{defect}, after the request was sent: nodes may be on their way");
    let hint = Some(LOOK_FIRST.to_owned());
    let mut error = Error::Unknown(Box::new(Detail { message, hint, ..Detail::default() }));
    call.trace.complete(&mut error);
    error
}

/// Looks what became of a request whose answer nobody waits for any more: one look at the task list, as
/// after an unknown end, for `within` and `client.reconcile_timeout_ms` at most; none where
/// `client.reconcile` is false. Always [`Status::Unknown`], with `candidates` where they could be had,
/// unless the document was never good for a request.
pub fn look_after(document: &[u8], sent_at: Instant, within: Duration) -> Answer {
    let control = Control::new();
    guarded(Error::Internal, || {
        with_valid(document, &Call::begin(&control), validate::validate, |valid, call| {
            Completed::unattempted(Outcome::Failed(after::run(valid, call, sent_at, within)))
        })
    })
}

/// A validator of one kind of document.
type Validate<T> = fn(Parsed<'_>, &Environment) -> Validation<T>;

/// Runs `work` on a document that keeps every rule; tells the problems of one that does not.
fn with_valid<T>(
    document: &[u8],
    call: &Call<'_>,
    validate: Validate<T>,
    work: impl FnOnce(&Valid<T>, &Call<'_>) -> Completed,
) -> Answer {
    let parsed = match read(document) {
        Ok(parsed) => parsed,
        Err(error) => return Answer::failed(error),
    };
    let Validation { result, mut warnings } = validate(parsed, &call.environment);
    match result {
        Err(problems) => {
            Answer::without_attempts(Outcome::Failed(Error::Invalid(problems)), warnings)
        }
        Ok(valid) => {
            let completed = work(&valid, call);
            warnings.extend(completed.warnings);
            Answer::of(Completed { warnings, ..completed })
        }
    }
}

/// Checks a document with the same validator, and does nothing else: no network, file, environment or
/// credential is touched.
///
/// ```
/// let answer = cs_scale_out::validate(br#"{"ClusterId": "c1", "cont": 3, "key_pair": "k"}"#);
/// assert!(answer.document.contains(r#"did you mean \"count\"?"#));
/// ```
pub fn validate(document: &[u8]) -> Answer {
    guarded(Error::Internal, || {
        let parsed = match read(document) {
            Ok(parsed) => parsed,
            Err(error) => return Answer::failed(error),
        };
        let Validation { result, warnings } = validate::validate(parsed, &Environment::SILENT);
        let outcome = match result {
            Ok(_) => Outcome::Valid,
            Err(problems) => Outcome::Failed(Error::Invalid(problems)),
        };
        Answer::without_attempts(outcome, warnings)
    })
}

/// Gives the JSON Schema (2020-12) of a request, for editors and for validators of other languages.
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

/// Takes one value out of a document by JSON Pointer (RFC 6901): a string without its quotes, anything
/// else as JSON. The document may have any size.
///
/// ```
/// let task = cs_scale_out::json_get(br#"{"task_id": "T-1"}"#, b"/task_id");
/// assert_eq!(task.document, "T-1");
/// ```
pub fn json_get(document: &[u8], pointer: &[u8]) -> Answer {
    guarded(Error::Internal, || {
        let value = text(document, "json")
            .and_then(|json| Ok((json, text(pointer, "pointer")?)))
            .and_then(|(json, pointer)| pointer::get(json, pointer));
        Answer::text(value)
    })
}

/// Writes a request document with one member more, or changed: so that nobody pastes JSON together.
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
    guarded(Error::Internal, || {
        let document = if document.trim_ascii().is_empty() { b"{}" } else { document };
        let too_long = [pointer, value].iter().any(|text| text.len() > LARGEST_DOCUMENT);
        if too_long {
            return argument("pointer or value is larger than 1 MiB");
        }
        let edited = read(document).and_then(|parsed| {
            let (pointer, value) = (text(pointer, "pointer")?, text(value, "value")?);
            edit::set(parsed.raw, pointer, value, json_kind)
        });
        match edited {
            Ok(document) if document.len() > LARGEST_DOCUMENT => {
                argument("the document would be larger than 1 MiB")
            }
            edited => Answer::text(edited),
        }
    })
}

/// The answer to a call whose arguments cannot even be read.
pub(crate) fn argument(message: &str) -> Answer {
    Answer::failed(Error::Argument(message.to_owned()))
}

fn read(document: &[u8]) -> Result<Parsed<'_>, Error> {
    if document.len() > LARGEST_DOCUMENT {
        let message = format!("the document is larger than {LARGEST_DOCUMENT} bytes (1 MiB)");
        return Err(Error::Argument(message));
    }
    let text = text(document, "the document")?;
    Parsed::parse(text).map_err(|why| Error::Argument(format!("the document is not JSON: {why}")))
}

fn text<'a>(bytes: &'a [u8], what: &str) -> Result<&'a str, Error> {
    json::utf8(bytes).map_err(|why| Error::Argument(format!("{what} {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_after_the_first_byte_is_unknown() {
        let control = Control::new();
        let call = Call::begin(&control);
        assert_eq!(after_panic(Some(&call), "a defect".to_owned()).status(), Status::Internal);
        call.trace.begin("an-id", "c1");
        call.trace.sent(1_767_323_045_678);
        assert!(control.begin_sending());
        let Error::Unknown(detail) = after_panic(Some(&call), "a defect".to_owned()) else {
            panic!("unknown is wanted");
        };
        assert_eq!(detail.purchase_id.as_deref(), Some("an-id"));
        assert_eq!(detail.sent_at.as_deref(), Some("2026-01-02T03:04:05.678Z"));
    }
}
