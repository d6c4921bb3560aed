//! A whole document.

use super::check;
use super::raw::{Members, Raw};

/// A whole document, its outermost members parted.
pub(crate) struct Parsed<'a> {
    pub raw: Raw<'a>,
    /// `None` where it is no object.
    pub members: Option<Members<'a>>,
}

impl<'a> Parsed<'a> {
    /// As [`Raw::parse`].
    pub(crate) fn parse(text: &'a str) -> Result<Parsed<'a>, String> {
        // JSON's white space, and no other.
        let unmarked = text.strip_prefix('\u{feff}').unwrap_or(text);
        let trimmed = unmarked.trim_matches([' ', '\t', '\n', '\r']);
        if trimmed.starts_with('{')
            && let Some(members) = check::members(trimmed)
        {
            return Ok(Parsed { raw: Raw::checked(trimmed, false), members: Some(members) });
        }
        let raw = Raw::parse(text)?;
        Ok(Parsed { raw, members: raw.members() })
    }
}
