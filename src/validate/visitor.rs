//! One pass over the document that checks each value and writes it as it will go out.

use std::borrow::Cow;
use std::collections::HashSet;

use super::findings::Findings;
use super::suggestions;
use crate::error::Code;
use crate::json::{self, Kind, Members, Raw};

/// Looking for the nearest name is dear; a document with more strangers than this is not a slip.
const SUGGESTIONS: usize = 32;
/// Names are quoted in messages up to here; the path holds them whole.
const QUOTED: usize = 64;

/// The walk's state: what was found, and the compact JSON written so far.
pub struct Visitor {
    pub findings: Findings,
    pub out: String,
    strangers: usize,
}

/// A value whose path, in the document, is known.
#[derive(Clone, Copy)]
pub struct Located<'p, 'a> {
    pub path: &'p str,
    pub raw: Raw<'a>,
}

impl Visitor {
    pub fn new(findings: Findings, capacity: usize) -> Visitor {
        Visitor { findings, out: String::with_capacity(capacity), strangers: 0 }
    }

    /// An object's members, each checked by `each` (which says whether it goes out).
    /// `null` members are absent; strangers and duplicates are problems.
    pub fn object<'a>(
        &mut self,
        at: Located<'_, 'a>,
        known: &[&str],
        each: impl FnMut(&mut Visitor, &str, Located<'_, 'a>) -> bool,
    ) {
        match at.raw.members() {
            Some(members) => self.members(at, &members, known, each),
            None => self.wrong_type(at, "an object"),
        }
    }

    /// The same for members already read.
    pub fn members<'a>(
        &mut self,
        at: Located<'_, 'a>,
        members: &Members<'a>,
        known: &[&str],
        mut each: impl FnMut(&mut Visitor, &str, Located<'_, 'a>) -> bool,
    ) {
        let mut seen = SeenNames::default();
        self.out.push('{');
        let start = self.out.len();
        let mut path = String::with_capacity(at.path.len() + 32);
        path.push_str(at.path);
        for (name, raw) in members {
            path.truncate(at.path.len());
            json::push_name(&mut path, name);
            if seen.again(known, name) {
                self.findings.hard_error(&path, Code::DuplicateMember, "is given more than once");
                continue;
            }
            if raw.is_null() {
                self.unless_known(known, name, &path);
                continue;
            }
            let before = self.out.len();
            if before > start {
                self.out.push(',');
            }
            match name {
                Cow::Borrowed(plain) => self.out.extend(["\"", plain, "\":"]),
                Cow::Owned(name) => {
                    json::write_string(&mut self.out, name);
                    self.out.push(':');
                }
            }
            let here = Located { path: &path, raw: *raw };
            let goes_out = match known.contains(&name.as_ref()) {
                true => each(self, name, here),
                false => self.unknown_member(known, name, here),
            };
            if !goes_out {
                self.out.truncate(before);
            }
        }
        self.out.push('}');
    }

    /// An array's items, each checked by `each`; how many there are, if it is an array.
    pub fn list<'a>(
        &mut self,
        at: Located<'_, 'a>,
        what: &str,
        mut each: impl FnMut(&mut Visitor, Located<'_, 'a>),
    ) -> Option<usize> {
        let Some(items) = at.raw.items() else {
            self.wrong_type(at, what);
            return None;
        };
        self.out.push('[');
        let mut path = String::with_capacity(at.path.len() + 8);
        path.push_str(at.path);
        for (index, raw) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            path.truncate(at.path.len());
            json::push_name(&mut path, &index.to_string());
            let here = Located { path: &path, raw: *raw };
            if !self.is_unchecked(here) {
                each(self, here);
            }
        }
        self.out.push(']');
        Some(items.len())
    }

    /// A string.
    pub fn text<'a>(&mut self, at: Located<'_, 'a>) -> Option<Cow<'a, str>> {
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
    pub fn integer(&mut self, at: Located<'_, '_>) -> Option<i64> {
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
    pub fn boolean(&mut self, at: Located<'_, '_>) -> Option<bool> {
        let value = at.raw.boolean();
        match value {
            Some(_) => self.out.push_str(at.raw.text()),
            None => self.wrong_type(at, "a boolean (true or false)"),
        }
        value
    }

    /// Writes the value as it is if the caller said that this place is not to be checked.
    pub fn is_unchecked(&mut self, at: Located<'_, '_>) -> bool {
        let unchecked = self.findings.is_unchecked(at.path);
        if unchecked {
            at.raw.write_compact(&mut self.out);
        }
        unchecked
    }

    pub fn wrong_type(&mut self, at: Located<'_, '_>, wanted: &str) {
        let message = match at.raw.kind() {
            Kind::Number if wanted == "an integer" => {
                "must be an integer, written without fraction or exponent".to_owned()
            }
            kind => format!("must be {wanted}, not {}", kind.name()),
        };
        self.findings.problem(at.path, Code::WrongType, message);
    }

    /// A member nobody knows: let through as it is, or a problem with the nearest known name.
    fn unknown_member(&mut self, known: &[&str], name: &str, at: Located<'_, '_>) -> bool {
        // A name that was not read whole must not be sent.
        (!name.contains('\u{fffd}') && self.is_unchecked(at)) || {
            self.unless_known(known, name, at.path);
            false
        }
    }

    fn unless_known(&mut self, known: &[&str], name: &str, path: &str) {
        if known.contains(&name) {
            return;
        }
        if name.contains('\u{fffd}') {
            let message = "has half of a surrogate pair in its name (shown as U+FFFD)";
            return self.findings.hard_error(path, Code::NotUnicode, message);
        }
        self.strangers += 1;
        let near = match self.strangers <= SUGGESTIONS {
            true => suggestions::nearest(name, known),
            false => None,
        };
        let quoted: String = name.chars().take(QUOTED).collect();
        let message = match near {
            Some(near) => format!("{quoted:?} is not a known member; did you mean {near:?}?"),
            None => format!("{quoted:?} is not a known member"),
        };
        self.findings.problem(path, Code::UnknownMember, message);
    }
}

/// Which names an object has had: known ones as bits, strangers in a set of their own.
#[derive(Default)]
struct SeenNames {
    known: u64,
    strangers: HashSet<String>,
}

impl SeenNames {
    fn again(&mut self, known: &[&str], name: &str) -> bool {
        match known.iter().position(|candidate| *candidate == name) {
            None => !self.strangers.insert(name.to_owned()),
            Some(index) => {
                let bit = 1 << index;
                let again = self.known & bit != 0;
                self.known |= bit;
                again
            }
        }
    }
}
