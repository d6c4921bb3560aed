//! The kinds of problem and warning.

/// The kinds of problem and warning; closed, and listed in the README.
///
/// The discriminants index [`Code::TABLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// A required member is not there.
    Missing,
    /// No such parameter; the nearest name is suggested.
    UnknownMember,
    /// A name is given twice in one object.
    DuplicateMember,
    /// Another JSON type is wanted (`3` is not `"3"`, `3.0` is no integer).
    WrongType,
    /// Half of a surrogate pair.
    NotUnicode,
    /// An empty string where something must stand.
    Empty,
    /// More characters than allowed.
    TooLong,
    /// A character that could change a path, a header or a host name, or that no key or password
    /// holds.
    BadCharacter,
    /// A number outside its range.
    OutOfRange,
    /// None of the allowed values.
    NotAllowed,
    /// Two members that exclude each other.
    Conflict,
    /// Half of an explicit key pair, or a temporary one (`STS.…`) without its token.
    Incomplete,
    /// A password outside the documented rule.
    WeakPassword,
    /// `user_data` that cannot be decoded.
    NotBase64,
    /// Two tags with one key.
    DuplicateKey,
    /// No JSON Pointer to a parameter.
    BadPointer,
    /// No usable endpoint or proxy.
    BadUrl,
    /// A password or security token would travel over plain http beyond this machine.
    PlaintextSecret,
    /// A `*` in `ClusterId`, as documentation masks it.
    MaskedId,
    /// A `:` in `ClusterId`, as in Terraform's `cluster:nodepool`.
    ForeignId,
    /// No `count`: how many nodes the service then buys is not documented.
    NoCount,
    /// More than 500 nodes in one call.
    LargeCount,
    /// Given without what it depends on, or beside what wins over it.
    NoEffect,
    /// A disk size outside the documented range, a time-out under a second, a password that is
    /// not printable ASCII.
    Unadvised,
    /// `worker_data_disk` and `worker_data_disks` disagree.
    DiskMismatch,
    /// Neither `key_pair` nor `login_password`.
    NoLogin,
    /// `user_data` of more than 1 KiB.
    LargeUserData,
    /// `user_data` that no node may recognise.
    UnknownUserData,
    /// A `#!` line that ends in CR LF, which no node can run.
    CrlfScript,
    /// The same value twice in a list.
    DuplicateItem,
    /// More tags or vswitches than newer documentation allows.
    TooMany,
    /// A tag key with a reserved prefix.
    ReservedKey,
    /// A taint that says nothing of its effect.
    TaintWithoutEffect,
    /// A dry run without credentials shows the request unsigned.
    NotSigned,
    /// This machine's clock is more than 60 s off, as a reply's date shows.
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
}
