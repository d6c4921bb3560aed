//! One pass over the document that checks each value and writes it as it will go out.
//!
//! What the caller said is not to be checked is written as it is, and reads as nothing.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::findings::Findings;
use super::path::Path;
use super::suggestions;
use crate::error::Code;
use crate::json::{self, Kind, Raw};
use crate::schema::{Member, Object};

/// Looking for the nearest name is dear; a document with more unknown names than this is not a slip.
const SUGGESTIONS: usize = 32;
/// Names are quoted in messages up to here; the path holds them whole.
const QUOTED: usize = 64;

/// The walk's state: what was found, and the compact JSON written so far.
pub(super) struct Visitor {
    pub findings: Findings,
    /// May hold secrets: who takes it wipes it.
    pub out: String,
    unknown: usize,
}

/// A value whose path, in the document, is known.
#[derive(Clone, Copy)]
pub(super) struct Located<'p, 'a> {
    pub path: Path<'p>,
    pub raw: Raw<'a>,
}

impl Visitor {
    /// For a text of `length` bytes. All room that is needed is there from the beginning: growing would
    /// leave a copy behind. (`{"size":1}` becomes `{"size":"1"}`; nothing grows more.)
    pub(super) fn new(findings: Findings, length: usize) -> Visitor {
        Visitor { findings, out: String::with_capacity(length + length / 4), unknown: 0 }
    }

    /// An object's members, each checked by `each`. `null` members are absent; unknown ones, duplicates
    /// and absent ones that are required are problems.
    pub(super) fn object<'a, R>(
        &mut self,
        object: &'static Object<R>,
        at: Located<'_, 'a>,
        each: impl FnMut(&mut Visitor, &'static Member<R>, Located<'_, 'a>),
    ) {
        if self.is_unchecked(at) {
            return;
        }
        match at.raw.each_member() {
            Some(members) => self.members(object, at.path, members, each),
            None => self.wrong_type(at, "an object"),
        }
    }

    /// The same for members already parted.
    pub(super) fn members<'a, R>(
        &mut self,
        object: &'static Object<R>,
        path: Path<'_>,
        members: impl IntoIterator<Item = (Cow<'a, str>, Raw<'a>)>,
        mut each: impl FnMut(&mut Visitor, &'static Member<R>, Located<'_, 'a>),
    ) {
        let mut seen = SeenNames::default();
        let mut given = 0_u64;
        self.out.push('{');
        let start = self.out.len();
        for (name, raw) in members {
            let here = Located { path: Path::Member(&path, &name), raw };
            let known = object.find(&name);
            if seen.again(known, &name) {
                let message = "is given more than once";
                self.findings.hard_error(here.path, Code::DuplicateMember, message);
                continue;
            }
            let Some(index) = known else {
                self.unknown_member(object, &name, here, start);
                continue;
            };
            if raw.is_null() {
                continue;
            }
            given |= 1 << index;
            let member = &object.members[index];
            let before = self.begin_member(start);
            self.out.extend(["\"", member.row.name, "\":"]);
            each(self, member, here);
            if !member.row.in_body {
                self.out.truncate(before);
            }
        }
        self.out.push('}');
        if object.required & !given != 0 {
            self.missing(object, path, given);
        }
    }

    /// Required members that were not given.
    fn missing<R>(&mut self, object: &'static Object<R>, path: Path<'_>, given: u64) {
        for (index, row) in object.rows().enumerate() {
            if row.required && given & (1 << index) == 0 {
                let missing = Path::Member(&path, row.name);
                self.findings.problem(missing, Code::Missing, "is required");
            }
        }
    }

    /// Writes the comma before a member, if one is needed; where the text ended before.
    fn begin_member(&mut self, start: usize) -> usize {
        let before = self.out.len();
        if before > start {
            self.out.push(',');
        }
        before
    }

    /// An array's items, each checked by `each`; how many there are, if it is an array.
    pub(super) fn list<'a>(
        &mut self,
        at: Located<'_, 'a>,
        what: &str,
        mut each: impl FnMut(&mut Visitor, Located<'_, 'a>),
    ) -> Option<usize> {
        if self.is_unchecked(at) {
            return None;
        }
        let Some(items) = at.raw.each_item() else {
            self.wrong_type(at, what);
            return None;
        };
        let mut count = 0;
        self.out.push('[');
        for raw in items {
            if count > 0 {
                self.out.push(',');
            }
            each(self, Located { path: Path::Item(&at.path, count), raw });
            count += 1;
        }
        self.out.push(']');
        Some(count)
    }

    /// A string.
    pub(super) fn text<'a>(&mut self, at: Located<'_, 'a>) -> Option<Cow<'a, str>> {
        if self.is_unchecked(at) {
            return None;
        }
        if at.raw.kind() != Kind::Text {
            self.wrong_type(at, "a string");
            return None;
        }
        let Some(text) = at.raw.string() else {
            let message = "holds half of a surrogate pair, which is not a Unicode character";
            self.findings.problem(at.path, Code::NotUnicode, message);
            return None;
        };
        match text {
            // Without an escape it stands in the document as it goes out.
            Cow::Borrowed(_) => self.out.push_str(at.raw.text()),
            Cow::Owned(_) => json::write_string(&mut self.out, &text),
        }
        Some(text)
    }

    /// An integer of 64 bits at most.
    pub(super) fn integer(&mut self, at: Located<'_, '_>) -> Option<i64> {
        if self.is_unchecked(at) {
            return None;
        }
        if !at.raw.is_integer() {
            self.wrong_type(at, "an integer");
            return None;
        }
        let value = at.raw.integer();
        match value {
            Some(_) => self.out.push_str(at.raw.text()),
            None => self.findings.problem(at.path, Code::OutOfRange, "does not fit into 64 bits"),
        }
        value
    }

    /// A boolean.
    pub(super) fn boolean(&mut self, at: Located<'_, '_>) -> Option<bool> {
        if self.is_unchecked(at) {
            return None;
        }
        let value = at.raw.boolean();
        match value {
            Some(_) => self.out.push_str(at.raw.text()),
            None => self.wrong_type(at, "a boolean (true or false)"),
        }
        value
    }

    /// Writes the value as it is if the caller said that this place is not to be checked.
    pub(super) fn is_unchecked(&mut self, at: Located<'_, '_>) -> bool {
        let unchecked = self.findings.is_unchecked(at.path);
        if unchecked {
            at.raw.write_compact(&mut self.out);
        }
        unchecked
    }

    pub(super) fn wrong_type(&mut self, at: Located<'_, '_>, wanted: &str) {
        let message = match at.raw.kind() {
            Kind::Number if wanted == "an integer" => {
                "must be an integer, written without fraction or exponent".to_owned()
            }
            kind => format!("must be {wanted}, not {}", kind.name()),
        };
        self.findings.problem(at.path, Code::WrongType, message);
    }

    /// A member nobody knows: let through as it is, or a problem with the nearest known name.
    fn unknown_member<R>(
        &mut self,
        object: &'static Object<R>,
        name: &str,
        at: Located<'_, '_>,
        start: usize,
    ) {
        if name.contains('\u{fffd}') {
            // A name that was not read whole must not be sent.
            let message = "has half of a surrogate pair in its name (shown as U+FFFD)";
            return self.findings.hard_error(at.path, Code::NotUnicode, message);
        }
        if self.findings.is_unchecked(at.path) {
            if !at.raw.is_null() {
                self.begin_member(start);
                json::write_string(&mut self.out, name);
                self.out.push(':');
                at.raw.write_compact(&mut self.out);
            }
            return;
        }
        self.unknown += 1;
        let near = match self.unknown <= SUGGESTIONS {
            true => suggestions::nearest(name, object.rows(), at.path.is_top()),
            false => None,
        };
        let quoted: String = name.chars().take(QUOTED).collect();
        let message = match near {
            Some(near) => format!("{quoted:?} is not a known member; did you mean {near:?}?"),
            None => format!("{quoted:?} is not a known member"),
        };
        self.findings.problem(at.path, Code::UnknownMember, message);
    }
}

/// Which names an object has had: known ones as bits, unknown ones in a set of their own.
#[derive(Default)]
struct SeenNames {
    known: u64,
    unknown: BTreeSet<String>,
}

impl SeenNames {
    fn again(&mut self, known: Option<usize>, name: &str) -> bool {
        let Some(index) = known else { return !self.unknown.insert(name.to_owned()) };
        let before = self.known;
        self.known |= 1 << index;
        before == self.known
    }
}
