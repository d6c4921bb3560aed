//! The members of one object, found by name.

use super::row::{Member, Row};

/// What an object may hold.
#[derive(Debug)]
pub(crate) struct Object<R: 'static> {
    pub members: &'static [Member<R>],
    /// The place of each member: at its name's slot, or in one of those behind it up to an empty one.
    slots: [u8; SLOTS],
    /// The places of those that are required, as bits.
    pub required: u64,
}

/// A power of two, and more than twice the members of any object.
const SLOTS: usize = 64;
const EMPTY: u8 = u8::MAX;

/// What names differ in most: their length, and their first, middle and last letter.
const fn slot(name: &[u8]) -> usize {
    match name {
        [first, .., last] => {
            let middle = name[name.len() / 2] as usize;
            (name.len() * 7 + *first as usize + *last as usize * 3 + middle * 5) % SLOTS
        }
        _ => 0,
    }
}

impl<R> Object<R> {
    pub(crate) const fn new(members: &'static [Member<R>]) -> Object<R> {
        assert!(members.len() < SLOTS / 2, "SLOTS is too small");
        let mut slots = [EMPTY; SLOTS];
        let mut required = 0;
        let mut index = 0;
        while index < members.len() {
            let mut at = slot(members[index].row.name.as_bytes());
            while slots[at] != EMPTY {
                at = (at + 1) % SLOTS;
            }
            slots[at] = index as u8;
            required |= (members[index].row.required as u64) << index;
            index += 1;
        }
        Object { members, slots, required }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &'static Row> + Clone + use<R> {
        self.members.iter().map(|member| &member.row)
    }

    /// The place of the member called `name`.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let mut at = slot(name.as_bytes());
        loop {
            let index = usize::from(self.slots[at]);
            // An empty slot's index is none.
            match self.members.get(index)?.row.name == name {
                true => return Some(index),
                false => at = (at + 1) % SLOTS,
            }
        }
    }
}
