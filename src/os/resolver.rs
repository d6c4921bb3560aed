//! Name look-ups, with the resolver's own codes: std keeps only its text, in the host's language.

use std::ffi::CString;
use std::net::SocketAddr;
use std::{io, mem, ptr};

use super::address;

/// Why a name has no addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ResolverError {
    /// `EAI_…`.
    pub code: i32,
    /// What goes with `EAI_SYSTEM`.
    pub errno: i32,
}

/// The name is not known.
pub(crate) const NO_ADDRESS: ResolverError = ResolverError { code: libc::EAI_NONAME, errno: 0 };

/// The addresses of a name, with port 0, in the order in which the system would have them tried.
/// Blocks for as long as the resolver likes.
pub(crate) fn look_up(host: &str) -> Result<Vec<SocketAddr>, ResolverError> {
    let name = CString::new(host).map_err(|_| NO_ADDRESS)?;
    let mut first = ptr::null_mut();
    // SAFETY: zero is a valid value of every member; name and hints live during the call, and
    // `first` is set where it succeeds.
    let code = unsafe {
        let mut hints: libc::addrinfo = mem::zeroed();
        hints.ai_socktype = libc::SOCK_STREAM;
        libc::getaddrinfo(name.as_ptr(), ptr::null(), &raw const hints, &raw mut first)
    };
    if code != 0 {
        let errno = io::Error::last_os_error().raw_os_error().unwrap_or_default();
        return Err(ResolverError { code, errno });
    }
    let mut found = Vec::new();
    let mut next = first;
    // SAFETY: a list that getaddrinfo made, read to its end and then given back, once; each address
    // is of the size that its family says.
    unsafe {
        while let Some(entry) = next.as_ref() {
            found.extend(address::read(entry.ai_addr));
            next = entry.ai_next;
        }
        libc::freeaddrinfo(first);
    }
    Ok(found)
}
