//! Texts that were met before.

use std::borrow::Cow;
use std::collections::BTreeSet;

/// The texts of a list. Most lists have one, for which no set is made.
#[derive(Default)]
pub(super) struct Distinct<'a> {
    first: Option<Cow<'a, str>>,
    others: BTreeSet<Cow<'a, str>>,
}

impl<'a> Distinct<'a> {
    /// Notes a text; whether it is one that was noted before.
    pub(super) fn again(&mut self, text: Cow<'a, str>) -> bool {
        match &self.first {
            None => {
                self.first = Some(text);
                false
            }
            Some(first) => *first == text || !self.others.insert(text),
        }
    }
}
