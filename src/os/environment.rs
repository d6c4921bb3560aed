//! The process's environment, read in one go: one look-up for each of many variables costs a call more than
//! its signature.

use std::ffi::{CStr, c_char};

unsafe extern "C" {
    /// The C library's own list, which `getenv` reads.
    static environ: *const *const c_char;
}

/// Shows every entry, `NAME=VALUE`, in the order of the list: the first of a name counts. No other thread
/// may change the environment meanwhile.
pub(crate) fn each(mut look: impl FnMut(&[u8])) {
    // SAFETY: the list ends in a NULL, and each of its texts in a NUL; there is none after `clearenv`.
    unsafe {
        let mut next = environ;
        while let Some(text) = next.as_ref().filter(|text| !text.is_null()) {
            look(CStr::from_ptr(*text).to_bytes());
            next = next.add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_the_standard_library_reads() {
        use std::os::unix::ffi::OsStrExt;
        let mut entries = Vec::new();
        each(|entry| entries.push(entry.to_vec()));
        let theirs: Vec<_> = std::env::vars_os()
            .map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes()].concat())
            .collect();
        assert!(!theirs.is_empty());
        assert_eq!(entries, theirs);
    }
}
