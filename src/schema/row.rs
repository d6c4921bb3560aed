//! What is known of one member of a document.

/// One member, as everything knows it that knows of members.
#[derive(Debug)]
pub struct Row {
    /// JSON Pointer (RFC 6901); `*` stands for an array's item.
    pub pointer: &'static str,
    /// The pointer's last part.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// One line for a person.
    pub doc: &'static str,
    /// JSON text.
    pub example: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// JSON text: what an absent member means.
    pub default: Option<&'static str>,
    /// What a number counts.
    pub unit: Option<&'static str>,
    /// Anything else is an error.
    pub values: Values,
    /// Anything else is worth a warning: of a number its value, of an array how many items.
    pub advised: Option<Range>,
    /// What Terraform, ECS and older APIs call it.
    pub synonyms: &'static [&'static str],
    /// Whether it goes into the request's body, as it is.
    pub in_body: bool,
    /// The version of this library that first knew it.
    pub since: &'static str,
}

/// What a member's value is.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Ignored, whatever it is.
    Any,
    /// A text.
    String,
    /// A whole number of 64 bits, without fraction or exponent.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// `true` or `false`, as a boolean or a string. It goes out as a string.
    BooleanText,
    /// A whole number, as a number or a string of digits. It goes out as a string.
    IntegerText,
    /// An array of what the row says.
    Array(&'static Row),
    /// An object, whose members have rows of their own.
    Object,
}

/// The values a member may have.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// Whatever the kind holds.
    Any,
    /// A string of so many characters.
    Characters(Range),
    /// One of these strings.
    Words(&'static [&'static str]),
    /// One of these integers.
    Integers(&'static [i64]),
    /// An integer.
    Within(Range),
}

/// Both ends included; `i64::MAX` is no upper end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The lower end.
    pub least: i64,
    /// The upper end.
    pub most: i64,
}

impl Range {
    /// Whether `value` lies in it.
    pub fn holds(self, value: i64) -> bool {
        (self.least..=self.most).contains(&value)
    }
}

/// A row and what is to be checked beyond it.
#[derive(Debug)]
pub(crate) struct Member<R> {
    pub row: Row,
    pub rule: R,
}

impl Row {
    /// A member that may be absent and has any value of its kind.
    pub(crate) const fn new(
        pointer: &'static str,
        kind: Kind,
        doc: &'static str,
        example: &'static str,
    ) -> Row {
        Row {
            pointer,
            name: last_part(pointer),
            kind,
            doc,
            example,
            required: false,
            default: None,
            unit: None,
            values: Values::Any,
            advised: None,
            synonyms: &[],
            in_body: true,
            since: "0.1",
        }
    }

    pub(crate) const fn required(self) -> Row {
        Row { required: true, ..self }
    }

    pub(crate) const fn default(self, json: &'static str) -> Row {
        Row { default: Some(json), ..self }
    }

    pub(crate) const fn unit(self, unit: &'static str) -> Row {
        Row { unit: Some(unit), ..self }
    }

    /// A string of `least` to `most` characters.
    pub(crate) const fn characters(self, least: i64, most: i64) -> Row {
        Row { values: Values::Characters(Range { least, most }), ..self }
    }

    /// A string that is not empty.
    pub(crate) const fn filled(self) -> Row {
        self.characters(1, i64::MAX)
    }

    pub(crate) const fn words(self, words: &'static [&'static str]) -> Row {
        Row { values: Values::Words(words), ..self }
    }

    pub(crate) const fn integers(self, integers: &'static [i64]) -> Row {
        Row { values: Values::Integers(integers), ..self }
    }

    pub(crate) const fn within(self, least: i64, most: i64) -> Row {
        Row { values: Values::Within(Range { least, most }), ..self }
    }

    pub(crate) const fn advised(self, least: i64, most: i64) -> Row {
        Row { advised: Some(Range { least, most }), ..self }
    }

    pub(crate) const fn synonyms(self, names: &'static [&'static str]) -> Row {
        Row { synonyms: names, ..self }
    }

    /// A member that is not part of the body.
    pub(crate) const fn aside(self) -> Row {
        Row { in_body: false, ..self }
    }

    pub(crate) const fn since(self, version: &'static str) -> Row {
        Row { since: version, ..self }
    }

    /// The row with its rule, which every member must decide on.
    pub(crate) const fn rule<R>(self, rule: R) -> Member<R> {
        Member { row: self, rule }
    }
}

const fn last_part(pointer: &'static str) -> &'static str {
    let mut at = pointer.len();
    while at > 0 && pointer.as_bytes()[at - 1] != b'/' {
        at -= 1;
    }
    pointer.split_at(at).1
}
