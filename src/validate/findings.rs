//! What the validator found so far, and what it was told to let through.

use super::path::Path;
use crate::error::{Code, Problem};

/// Problems and warnings in the order they were met.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub problems: Vec<Problem>,
    pub warnings: Vec<Problem>,
    /// `client.unchecked`: exact pointers, sorted.
    unchecked: Vec<String>,
}

impl Findings {
    pub(super) fn set_unchecked(&mut self, mut pointers: Vec<String>) {
        pointers.sort_unstable();
        self.unchecked = pointers;
    }

    /// Checks everything, whatever the caller said: of documents whose members this library alone reads.
    pub(super) fn check_all(&mut self) {
        self.unchecked.clear();
    }

    #[inline]
    pub(super) fn is_unchecked(&self, path: Path<'_>) -> bool {
        !self.unchecked.is_empty() && self.lists(path)
    }

    #[cold]
    fn lists(&self, path: Path<'_>) -> bool {
        self.unchecked.binary_search(&path.pointer()).is_ok()
    }

    /// An error, unless the caller said that this place is not to be checked.
    pub(super) fn problem(&mut self, path: Path<'_>, code: Code, message: impl Into<String>) {
        if !self.is_unchecked(path) {
            self.hard_error(path, code, message);
        }
    }

    /// An error that `unchecked` does not lift: about the document's form, or about safety.
    pub(super) fn hard_error(&mut self, path: Path<'_>, code: Code, message: impl Into<String>) {
        self.problems.push(Problem { path: path.pointer(), code, message: message.into() });
    }

    /// Worth knowing, and sent all the same.
    pub(super) fn warning(&mut self, path: Path<'_>, code: Code, message: impl Into<String>) {
        if !self.is_unchecked(path) {
            self.warnings.push(Problem { path: path.pointer(), code, message: message.into() });
        }
    }
}
