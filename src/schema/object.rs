//! The members of one object, found by name.

use super::row::{Member, Row};

/// What an object may hold.
#[derive(Debug)]
pub struct Object<R: 'static> {
    pub members: &'static [Member<R>],
}

impl<R> Object<R> {
    pub const fn new(members: &'static [Member<R>]) -> Object<R> {
        // Which members an object has had are bits of a u64.
        assert!(members.len() <= 64);
        Object { members }
    }

    pub fn rows(&self) -> impl Iterator<Item = &'static Row> + Clone + use<R> {
        self.members.iter().map(|member| &member.row)
    }

    /// The place of the member called `name`.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|member| member.row.name == name)
    }
}
