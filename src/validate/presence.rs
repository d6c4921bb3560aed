//! What a member says to the rules about several of them.

/// A member as the rules about several see it. Broken and unchecked ones are there all the same.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Presence<T> {
    #[default]
    Absent,
    /// It is there, but says nothing: a problem of its own, or not checked.
    Broken,
    Value(T),
}

impl<T> Presence<T> {
    /// Of a member that is there, and what could be read of it.
    pub(super) fn of(read: Option<T>) -> Presence<T> {
        read.map_or(Presence::Broken, Presence::Value)
    }

    pub(super) fn is_given(&self) -> bool {
        !matches!(self, Presence::Absent)
    }

    pub(super) fn value(self) -> Option<T> {
        match self {
            Presence::Value(value) => Some(value),
            Presence::Absent | Presence::Broken => None,
        }
    }
}
