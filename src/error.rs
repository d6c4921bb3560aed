//! What can come of a call: [`Status`] says what the caller should do next, [`Error`] says why,
//! [`Problem`] says where in the document.

use std::fmt;

/// How a call ended. The numbers are the C ABI's and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The service accepted the request.
    Ok = 0,
    /// A NULL pointer, or text that is not UTF-8, not JSON, or over the size limit.
    Argument = -1,
    /// The document breaks rules; every problem is listed.
    Invalid = -2,
    /// No usable credentials; every source that was tried is listed.
    Credentials = -3,
    /// No byte of the request reached the service.
    Unsent = -4,
    /// The service answered no; nothing was started.
    Refused = -5,
    /// It was sent, and there is no trustworthy answer.
    Unknown = -6,
    /// A defect in this library, before anything was sent.
    Internal = -7,
    /// Of a wait for a task: it has ended, and not with every node.
    Failed = -8,
}

impl Status {
    /// Every status, in the order of the numbers.
    pub const ALL: [Status; 9] = [
        Status::Ok,
        Status::Argument,
        Status::Invalid,
        Status::Credentials,
        Status::Unsent,
        Status::Refused,
        Status::Unknown,
        Status::Internal,
        Status::Failed,
    ];

    /// The number the C functions return: 0 to -8.
    pub fn number(self) -> i32 {
        self as i32
    }

    /// The word that stands under `"status"` in a document.
    pub fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Argument => "argument",
            Status::Invalid => "invalid",
            Status::Credentials => "credentials",
            Status::Unsent => "unsent",
            Status::Refused => "refused",
            Status::Unknown => "unknown",
            Status::Internal => "internal",
            Status::Failed => "failed",
        }
    }
}

/// The kinds of problem and warning; closed, and listed in the README.
///
/// The discriminants index [`Code::TABLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    Missing,
    UnknownMember,
    DuplicateMember,
    WrongType,
    NotUnicode,
    Empty,
    TooLong,
    BadCharacter,
    OutOfRange,
    NotAllowed,
    Conflict,
    Incomplete,
    WeakPassword,
    NotBase64,
    DuplicateKey,
    BadPointer,
    BadUrl,
    PlaintextSecret,
    MaskedId,
    ForeignId,
    NoCount,
    LargeCount,
    NoEffect,
    Unadvised,
    DiskMismatch,
    NoLogin,
    LargeUserData,
    UnknownUserData,
    CrlfScript,
    DuplicateItem,
    TooMany,
    ReservedKey,
    TaintWithoutEffect,
    NotSigned,
    ClockSkew,
}

impl Code {
    /// Every code with its word, errors before warnings, in the order of declaration.
    pub const TABLE: [(Code, &'static str); 35] = [
        (Code::Missing, "missing"),
        (Code::UnknownMember, "unknown_member"),
        (Code::DuplicateMember, "duplicate_member"),
        (Code::WrongType, "wrong_type"),
        (Code::NotUnicode, "not_unicode"),
        (Code::Empty, "empty"),
        (Code::TooLong, "too_long"),
        (Code::BadCharacter, "bad_character"),
        (Code::OutOfRange, "out_of_range"),
        (Code::NotAllowed, "not_allowed"),
        (Code::Conflict, "conflict"),
        (Code::Incomplete, "incomplete"),
        (Code::WeakPassword, "weak_password"),
        (Code::NotBase64, "not_base64"),
        (Code::DuplicateKey, "duplicate_key"),
        (Code::BadPointer, "bad_pointer"),
        (Code::BadUrl, "bad_url"),
        (Code::PlaintextSecret, "plaintext_secret"),
        (Code::MaskedId, "masked_id"),
        (Code::ForeignId, "foreign_id"),
        (Code::NoCount, "no_count"),
        (Code::LargeCount, "large_count"),
        (Code::NoEffect, "no_effect"),
        (Code::Unadvised, "unadvised"),
        (Code::DiskMismatch, "disk_mismatch"),
        (Code::NoLogin, "no_login"),
        (Code::LargeUserData, "large_user_data"),
        (Code::UnknownUserData, "unknown_user_data"),
        (Code::CrlfScript, "crlf_script"),
        (Code::DuplicateItem, "duplicate_item"),
        (Code::TooMany, "too_many"),
        (Code::ReservedKey, "reserved_key"),
        (Code::TaintWithoutEffect, "taint_without_effect"),
        (Code::NotSigned, "not_signed"),
        (Code::ClockSkew, "clock_skew"),
    ];

    /// The stable word that stands under `"code"`.
    pub fn name(self) -> &'static str {
        Code::TABLE[self as usize].1
    }
}

/// One thing wrong with, or worth knowing about, the input document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// JSON Pointer (RFC 6901) of the member; a missing member's own.
    pub path: String,
    pub code: Code,
    /// One line, lower case, never a secret's value.
    pub message: String,
}

/// One place credentials were looked for, and why it gave none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialSource {
    pub name: &'static str,
    pub reason: String,
}

/// A task seen after an ambiguous end: evidence, not proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub task_id: String,
    pub state: String,
    pub created: String,
    /// Its date could be read and set against the server's clock.
    pub is_dated: bool,
    /// It is another call's, or may be.
    pub is_claimed: bool,
    /// The request's parameters where the service shows them, as JSON.
    pub parameters: Option<String>,
}

/// What is known about an exchange that did not end well. Everything here is scrubbed of secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    pub message: String,
    pub code: Option<String>,
    pub http_status: Option<u16>,
    pub request_id: Option<String>,
    pub hint: Option<String>,
    pub cause: Option<String>,
    pub candidates: Option<Vec<Candidate>>,
    pub raw: Option<String>,
    pub purchase_id: Option<String>,
    pub cluster_id: Option<String>,
    pub sent_at: Option<String>,
    pub clock_offset: Option<i64>,
    pub retry_after_ms: Option<u64>,
    pub access_denied_detail: Option<String>,
}

/// Why a call did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    Argument(String),
    Invalid(Vec<Problem>),
    Credentials(Vec<CredentialSource>),
    Unsent(Box<Detail>),
    Refused(Box<Detail>),
    Unknown(Box<Detail>),
    Internal(String),
}

impl Error {
    /// The one place where an error becomes a status.
    pub fn status(&self) -> Status {
        match self {
            Error::Argument(_) => Status::Argument,
            Error::Invalid(_) => Status::Invalid,
            Error::Credentials(_) => Status::Credentials,
            Error::Unsent(_) => Status::Unsent,
            Error::Refused(_) => Status::Refused,
            Error::Unknown(_) => Status::Unknown,
            Error::Internal(_) => Status::Internal,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Argument(text) | Error::Internal(text) => f.write_str(text),
            Error::Invalid(problems) => write_problems(f, problems),
            Error::Credentials(sources) => {
                f.write_str("no usable credentials")?;
                for source in sources {
                    write!(f, "; {}: {}", source.name, source.reason)?;
                }
                Ok(())
            }
            Error::Unsent(detail) | Error::Refused(detail) | Error::Unknown(detail) => {
                f.write_str(&detail.message)
            }
        }
    }
}

impl std::error::Error for Error {}

fn write_problems(f: &mut fmt::Formatter<'_>, problems: &[Problem]) -> fmt::Result {
    let Some(first) = problems.first() else {
        return f.write_str("the document is invalid");
    };
    let place = if first.path.is_empty() { "the document" } else { &first.path };
    match problems.len() {
        1 => write!(f, "{place}: {}", first.message),
        n => write!(f, "{n} problems; the first: {place}: {}", first.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_index_their_own_table() {
        for (index, (code, word)) in Code::TABLE.iter().enumerate() {
            assert_eq!(*code as usize, index, "{word}");
            assert_eq!(code.name(), *word);
        }
        let words: std::collections::HashSet<_> = Code::TABLE.iter().map(|row| row.1).collect();
        assert_eq!(words.len(), Code::TABLE.len());
    }

    #[test]
    fn statuses_count_down_from_zero() {
        for (index, status) in Status::ALL.iter().enumerate() {
            assert_eq!(status.number(), -(index as i32));
        }
    }
}
