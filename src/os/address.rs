//! Addresses as the system has them.

use std::ffi::c_int;
use std::mem;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

/// An address as the system reads it, and its length.
pub(crate) fn raw(address: &SocketAddr) -> (libc::sockaddr_storage, libc::socklen_t) {
    // SAFETY: zero is a valid address of any family, and there is room for each of them.
    unsafe {
        let mut raw: libc::sockaddr_storage = mem::zeroed();
        let size = match address {
            SocketAddr::V4(v4) => {
                let to = &mut *(&raw mut raw).cast::<libc::sockaddr_in>();
                to.sin_family = libc::AF_INET as libc::sa_family_t;
                to.sin_port = v4.port().to_be();
                to.sin_addr.s_addr = u32::from_ne_bytes(v4.ip().octets());
                mem::size_of::<libc::sockaddr_in>()
            }
            SocketAddr::V6(v6) => {
                let to = &mut *(&raw mut raw).cast::<libc::sockaddr_in6>();
                to.sin6_family = libc::AF_INET6 as libc::sa_family_t;
                to.sin6_port = v6.port().to_be();
                to.sin6_addr.s6_addr = v6.ip().octets();
                to.sin6_scope_id = v6.scope_id();
                mem::size_of::<libc::sockaddr_in6>()
            }
        };
        (raw, size as libc::socklen_t)
    }
}

/// An address as the system wrote it; `None` for what is none of the internet's.
///
/// # Safety
///
/// `raw` is NULL or points to an address of the size that its family says.
pub(crate) unsafe fn read(raw: *const libc::sockaddr) -> Option<SocketAddr> {
    const V4: c_int = libc::AF_INET;
    const V6: c_int = libc::AF_INET6;
    // SAFETY: each read stays within what the family says, and an unaligned one asks for no more.
    unsafe {
        let family = (&raw const raw.as_ref()?.sa_family).read_unaligned();
        match c_int::from(family) {
            V4 => {
                let v4 = raw.cast::<libc::sockaddr_in>().read_unaligned();
                let ip = Ipv4Addr::from(v4.sin_addr.s_addr.to_ne_bytes());
                Some(SocketAddrV4::new(ip, u16::from_be(v4.sin_port)).into())
            }
            V6 => {
                let v6 = raw.cast::<libc::sockaddr_in6>().read_unaligned();
                let ip = Ipv6Addr::from(v6.sin6_addr.s6_addr);
                let port = u16::from_be(v6.sin6_port);
                Some(SocketAddrV6::new(ip, port, 0, v6.sin6_scope_id).into())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_survive_the_way_there_and_back() {
        for text in ["127.0.0.1:1", "10.1.2.3:65535", "[::1]:443", "[fe80::1%7]:80"] {
            let address: SocketAddr = text.parse().expect(text);
            let (raw, _) = raw(&address);
            // SAFETY: it is a whole address.
            assert_eq!(unsafe { read((&raw const raw).cast()) }, Some(address));
        }
    }
}
