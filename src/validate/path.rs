//! Where in the document a value stands. It becomes text only for a finding.

use crate::json::pointer;

/// The way to a value, each part knowing the one above it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Path<'p> {
    Root,
    Member(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl<'p> Path<'p> {
    pub(super) const CLIENT: Path<'static> = Path::of("client");

    /// A member of the document.
    pub(super) const fn of(name: &'p str) -> Path<'p> {
        Path::Member(&Path::Root, name)
    }

    /// A member of the document's `client`.
    pub(super) const fn of_client(name: &'p str) -> Path<'p> {
        Path::Member(&Path::CLIENT, name)
    }

    /// Whether it is a member of the document itself.
    pub(super) fn is_top(&self) -> bool {
        matches!(self, Path::Member(Path::Root, _))
    }

    /// The JSON Pointer.
    pub(super) fn pointer(&self) -> String {
        let mut pointer = String::with_capacity(64);
        self.write(&mut pointer);
        pointer
    }

    fn write(&self, out: &mut String) {
        match self {
            Path::Root => {}
            Path::Member(above, name) => {
                above.write(out);
                pointer::push(out, name);
            }
            Path::Item(above, index) => {
                above.write(out);
                pointer::push(out, &index.to_string());
            }
        }
    }
}
