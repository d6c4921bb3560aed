//! What this project's own bindings, generators and tests need beside the public interface. No promise is made
//! of it: it may change with any version.
//!
//! # Ends that the waist did not come to
//!
//! A binding may be given values that have no JSON form, fail to begin a call, or give one up. What is
//! to be said of that is made here, so that a document looks the same whoever asked for it.

use crate::call::Answer;
use crate::error::{Code, Detail, Error, Problem, Status};
use crate::operation::purchase::Completed;
use crate::outcome::{Accepted, LOOK_FIRST, Outcome};
use crate::render;

pub use crate::call::{look_after, wait_task_after_purchase};
pub use crate::json::pointer::position;
pub use crate::os::thread::spawn;
pub use crate::schema::row::{Kind, Range, Row, Values};
pub use crate::schema::{rows, task_rows};

/// Names what an answer is, and with that what its document holds.
pub fn kind(answer: &Answer) -> &'static str {
    match &answer.outcome {
        Outcome::Accepted(_) => "accepted",
        Outcome::DryRun(_) => "dry_run",
        Outcome::Valid => "valid",
        Outcome::Text => "text",
        Outcome::Task(_) => "task",
        Outcome::Tasks(_) => "tasks",
        Outcome::Look(_) => "look",
        Outcome::Failed(_) => "failed",
    }
}

/// Describes what is wrong with the value at `path`, a JSON Pointer.
pub fn problem(path: String, code: Code, message: String) -> Problem {
    Problem { path, code, message }
}

/// Answers values of which no document can be made.
pub fn invalid(problems: Vec<Problem>) -> Answer {
    Answer::of(Completed::unattempted(Outcome::Failed(Error::Invalid(problems))))
}

/// Answers a call that did not begin and never will. `cause` is one line, without secrets.
pub fn unsent(cause: String) -> Answer {
    let message = format!("nothing was sent: {cause}");
    let detail = Detail { message, cause: Some(cause), ..Detail::default() };
    Answer::of(Completed::unattempted(Outcome::Failed(Error::Unsent(Box::new(detail)))))
}

/// Says what is known of a call that nobody waits for any more and that could not be stopped.
///
/// `own` is its own answer, if that came by now; `look` what [`look_after`] showed, if one was
/// taken. A request that the service had accepted is [`Status::Unknown`], too: what nobody waited for was
/// not told. The document names its task.
pub fn given_up(own: Option<&Answer>, look: Option<&Answer>) -> Answer {
    let seen = look.and_then(in_doubt);
    let Some(own) = own else {
        let message = "given up while the request was on the wire: nodes may be on their way";
        let hint = Some(LOOK_FIRST.to_owned());
        let detail = Detail { message: message.to_owned(), hint, ..Detail::default() };
        let outcome = Outcome::Failed(with_candidates(detail, seen));
        // It is on the wire, so there was one at least.
        return Answer::of(Completed { attempts: 1, ..Completed::unattempted(outcome) });
    };
    match (&own.outcome, in_doubt(own)) {
        (Outcome::Accepted(accepted), _) => accepted_in_vain(own, accepted),
        (_, Some(detail)) => retold(own, with_candidates(detail.clone(), seen)),
        (_, None) => own.clone(),
    }
}

/// Makes the document of a failure of which no more is known than its status and one line: a test of a
/// user's own program may want one.
pub fn failure(status: Status, message: &str) -> String {
    render::brief(status, message)
}

/// The same call's answer with another end.
fn retold(own: &Answer, error: Error) -> Answer {
    Answer::of(Completed {
        outcome: Outcome::Failed(error),
        attempts: own.attempts,
        purchase_id: own.purchase_id.clone(),
        warnings: own.warnings.clone(),
    })
}

fn in_doubt(answer: &Answer) -> Option<&Detail> {
    match &answer.outcome {
        Outcome::Failed(Error::Unknown(detail)) => Some(detail),
        Outcome::Failed(
            Error::Argument(_)
            | Error::Invalid(_)
            | Error::Credentials(_)
            | Error::Unsent(_)
            | Error::Refused(_)
            | Error::Internal(_)
            | Error::Failed(_),
        )
        | Outcome::Accepted(_)
        | Outcome::DryRun(_)
        | Outcome::Valid
        | Outcome::Text
        | Outcome::Task(_)
        | Outcome::Tasks(_)
        | Outcome::Look(_) => None,
    }
}

/// Adds what a look showed, unless the call has looked itself.
fn with_candidates(mut detail: Detail, seen: Option<&Detail>) -> Error {
    if let (None, Some(seen)) = (&detail.candidates, seen) {
        detail.candidates.clone_from(&seen.candidates);
        detail.hint = seen.hint.clone().or(detail.hint);
    }
    Error::Unknown(Box::new(detail))
}

fn accepted_in_vain(own: &Answer, accepted: &Accepted) -> Answer {
    let task = &accepted.task_id;
    let error = Error::Unknown(Box::new(Detail {
        message: format!("given up, but the service had accepted the request: task {task} runs"),
        request_id: accepted.request_id.clone(),
        purchase_id: own.purchase_id.clone(),
        cluster_id: Some(accepted.cluster_id.clone()),
        hint: Some("do not send it again".to_owned()),
        ..Detail::default()
    }));
    let document = render::in_spite_of(accepted, &error, own.attempts, &own.warnings);
    Answer { document, ..retold(own, error) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Candidate;

    fn unknown(candidates: Option<Vec<Candidate>>, hint: &str) -> Answer {
        let hint = Some(hint.to_owned());
        let detail =
            Detail { message: "no reply".to_owned(), candidates, hint, ..Detail::default() };
        let outcome = Outcome::Failed(Error::Unknown(Box::new(detail)));
        Answer::of(Completed { attempts: 2, ..Completed::unattempted(outcome) })
    }

    #[test]
    fn what_a_look_showed_is_told_unless_the_call_has_looked_itself() {
        let look = unknown(Some(Vec::new()), "of the look");
        for (own, attempts, hint) in [
            (None, 1, "of the look"),
            (Some(unknown(None, "its own")), 2, "of the look"),
            (Some(unknown(Some(Vec::new()), "its own")), 2, "its own"),
        ] {
            let told = given_up(own.as_ref(), Some(&look));
            assert_eq!((told.status, told.attempts), (Status::Unknown, attempts));
            for part in [r#""candidates":[]"#, hint] {
                assert!(told.document.contains(part), "{}", told.document);
            }
        }
        let nothing = given_up(None, None);
        assert!(nothing.document.contains(LOOK_FIRST) && !nothing.document.contains("candidates"));
    }

    #[test]
    fn an_accepted_request_that_was_given_up_is_unknown_and_names_its_task() {
        let accepted = Accepted {
            cluster_id: "c1".to_owned(),
            task_id: "T-1".to_owned(),
            request_id: None,
            is_adopted: false,
        };
        let outcome = Outcome::Accepted(accepted);
        let purchase_id = Some("p-1".to_owned());
        let own = Answer::of(Completed { outcome, attempts: 3, purchase_id, warnings: Vec::new() });
        let told = given_up(Some(&own), None);
        assert_eq!((told.status, told.attempts), (Status::Unknown, 3));
        for member in [r#""purchase_id":"p-1","cluster_id":"c1""#, r#""task_id":"T-1""#] {
            assert!(told.document.contains(member), "{}", told.document);
        }
    }

    #[test]
    fn a_plain_end_stays_as_it_is() {
        for own in [unsent("no thread".to_owned()), invalid(Vec::new())] {
            assert_eq!(given_up(Some(&own), Some(&unknown(None, "of the look"))), own);
        }
    }
}
