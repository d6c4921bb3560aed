//! One look at an idle connection, with one system call. std can only peek with the socket switched
//! to non-blocking and back, which is three.

use std::net::TcpStream;
use std::os::fd::AsRawFd;

/// Whether the peer has neither closed the connection nor sent anything nobody asked for.
pub fn is_idle(stream: &TcpStream) -> bool {
    let mut byte = 0u8;
    // SAFETY: the buffer is one byte, alive and writable during the call; the descriptor is open as
    // long as `stream` is borrowed.
    let got = unsafe {
        libc::recv(
            stream.as_raw_fd(),
            (&raw mut byte).cast(),
            1,
            libc::MSG_PEEK | libc::MSG_DONTWAIT,
        )
    };
    got == -1 && std::io::Error::last_os_error().kind() == std::io::ErrorKind::WouldBlock
}
