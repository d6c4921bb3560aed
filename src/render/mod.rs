//! The documents that go out. Members come in a fixed order; none is ever removed.

mod failure;
mod success;
mod task;

use crate::error::Problem;
use crate::json::document::Document;
use crate::operation::purchase::Completed;
use crate::outcome::Outcome;
pub(crate) use failure::{brief, in_spite_of};

/// Writes the document of a call's end. `attempts` counts the tries, the unsent ones included.
pub(crate) fn completed(completed: &Completed) -> String {
    let Completed { outcome, attempts, purchase_id, warnings } = completed;
    match outcome {
        Outcome::Accepted(accepted) => {
            success::accepted(accepted, purchase_id.as_deref(), *attempts, warnings)
        }
        Outcome::DryRun(dry_run) => success::dry_run(dry_run, warnings),
        Outcome::Valid => success::valid(warnings),
        // What was asked for is the text, and no document is written about it.
        Outcome::Text => String::new(),
        Outcome::Task(task) => task::task(task, *attempts, warnings),
        Outcome::Tasks(list) => task::list(list, *attempts, warnings),
        Outcome::Look(look) => task::look(look, *attempts, warnings),
        Outcome::Failed(error) => failure::failure(error, *attempts, warnings),
    }
}

fn problem(document: Document, problem: &Problem) -> Document {
    document
        .text("path", &problem.path)
        .text("code", problem.code.name())
        .text("message", &problem.message)
}
