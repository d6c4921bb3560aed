//! TCP sockets as a guest in somebody's process needs them: never a standard stream, closed in what the
//! host executes, recognised before they are used again, and never written to by a forked child.

use std::io::{self, Error, ErrorKind};
use std::net::SocketAddr;
use std::os::fd::RawFd;
use std::time::Duration;
use std::{mem, ptr};

use super::address;
use super::fork::Process;

/// A socket of ours, closed when dropped, if it still is the one.
#[derive(Debug)]
pub(crate) struct Socket {
    fd: RawFd,
    identity: Option<Identity>,
    /// The time limit of receiving, as the kernel has it.
    limit: Duration,
}

/// What tells an open file from every other one: device and inode.
type Identity = (libc::dev_t, libc::ino_t);

impl Socket {
    /// Begins to connect, without waiting: see [`wait_writable`](Self::wait_writable) and
    /// [`finish`](Self::finish).
    pub(crate) fn connect(address: &SocketAddr) -> io::Result<Socket> {
        let mut socket = Socket { fd: open(address)?, identity: None, limit: Duration::ZERO };
        socket.identity = Some(identity(socket.fd)?);
        let (raw, length) = address::raw(address);
        // SAFETY: address and length are those of a whole address, alive during the call.
        let done = unsafe { libc::connect(socket.fd, (&raw const raw).cast(), length) };
        match checked(done) {
            Err(e) if !is_pending(&e) => Err(e),
            _ => Ok(socket),
        }
    }

    /// Waits until something can be written, or connecting has ended; `false` if time was up.
    pub(crate) fn wait_writable(&self, most: Duration) -> io::Result<bool> {
        let mut poll = libc::pollfd { fd: self.fd, events: libc::POLLOUT, revents: 0 };
        // Rounded up, so that nobody comes back just too early.
        let wait = most.as_millis().saturating_add(1).min(i32::MAX as u128) as i32;
        // SAFETY: one entry, alive and writable during the call.
        checked(unsafe { libc::poll(&raw mut poll, 1, wait) }).map(|ready| ready > 0)
    }

    /// How connecting to `address` ended; from here on receiving blocks.
    pub(crate) fn finish(&self, address: &SocketAddr) -> io::Result<Connected> {
        let failure = self.option(libc::SOL_SOCKET, libc::SO_ERROR)?;
        if failure != 0 {
            return Err(Error::from_raw_os_error(failure));
        }
        if self.local()? == *address {
            return Ok(Connected::ToItself);
        }
        // Head and body go out in one write; nothing is gained by waiting for more.
        self.set(libc::IPPROTO_TCP, libc::TCP_NODELAY, &1_i32)?;
        #[cfg(target_vendor = "apple")]
        self.set(libc::SOL_SOCKET, libc::SO_NOSIGPIPE, &1_i32)?;
        // SAFETY: flags of a descriptor of ours, without pointers.
        checked(unsafe { libc::fcntl(self.fd, libc::F_SETFL, libc::O_RDWR) })?;
        Ok(Connected::ToPeer)
    }

    /// Whether the descriptor still is the socket that was opened: a host may have closed what it did
    /// not know, and got the number again for a file of its own.
    pub(crate) fn is_ours(&self) -> bool {
        self.identity.is_some() && identity(self.fd).ok() == self.identity
    }

    /// Writes what can be written at once. `None`, and nothing was written, in another process than
    /// `owner`: signals wait meanwhile, so that no handler can fork between the look and the write.
    pub(crate) fn send(&self, bytes: &[u8], owner: Process) -> io::Result<Option<usize>> {
        let _quiet = Quiet::begin();
        if !owner.is_current() {
            return Ok(None);
        }
        let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
        // SAFETY: the bytes live during the call.
        let sent = unsafe { libc::send(self.fd, bytes.as_ptr().cast(), bytes.len(), flags) };
        usize::try_from(sent).map(Some).map_err(|_| Error::last_os_error())
    }

    /// Waits for input, `most` about; zero bytes are its end.
    pub(crate) fn receive(&mut self, room: &mut [u8], most: Duration) -> io::Result<usize> {
        self.allow(most)?;
        self.receive_with(room, 0)
    }

    /// What is there already.
    pub(crate) fn receive_now(&self, room: &mut [u8]) -> io::Result<usize> {
        self.receive_with(room, libc::MSG_DONTWAIT)
    }

    fn receive_with(&self, room: &mut [u8], flags: i32) -> io::Result<usize> {
        // SAFETY: the room is alive and writable during the call.
        let got = unsafe { libc::recv(self.fd, room.as_mut_ptr().cast(), room.len(), flags) };
        usize::try_from(got).map_err(|_| Error::last_os_error())
    }

    /// The limit is set a little short of the time left, so that the next call, with the same time-out
    /// and a moment already spent, need not set it again; one that passes early costs one more look
    /// at the clock, and one that is much too short many. There always is one: with it, a signal
    /// ends the wait.
    fn allow(&mut self, left: Duration) -> io::Result<()> {
        if self.limit.is_zero() || self.limit > left || self.limit < left / 8 {
            let limit = (left - left / 16).max(Duration::from_millis(1));
            let raw = libc::timeval {
                tv_sec: limit.as_secs().min(i32::MAX as u64) as libc::time_t,
                tv_usec: limit.subsec_micros() as libc::suseconds_t,
            };
            self.set(libc::SOL_SOCKET, libc::SO_RCVTIMEO, &raw)?;
            self.limit = limit;
        }
        Ok(())
    }

    fn set<T>(&self, level: i32, name: i32, value: &T) -> io::Result<()> {
        let (value, size) = (ptr::from_ref(value).cast(), mem::size_of::<T>() as libc::socklen_t);
        // SAFETY: value and size belong together, and live during the call.
        checked(unsafe { libc::setsockopt(self.fd, level, name, value, size) }).map(drop)
    }

    fn option(&self, level: i32, name: i32) -> io::Result<i32> {
        let (mut value, mut size) = (0_i32, mem::size_of::<i32>() as libc::socklen_t);
        let (to, length) = ((&raw mut value).cast(), &raw mut size);
        // SAFETY: value and size belong together, and are writable during the call.
        checked(unsafe { libc::getsockopt(self.fd, level, name, to, length) }).map(|_| value)
    }

    fn local(&self) -> io::Result<SocketAddr> {
        // SAFETY: zero is a valid address of any family.
        let mut raw: libc::sockaddr_storage = unsafe { mem::zeroed() };
        let mut length = mem::size_of_val(&raw) as libc::socklen_t;
        // SAFETY: address and length belong together, and are writable during the call.
        let done = unsafe { libc::getsockname(self.fd, (&raw mut raw).cast(), &raw mut length) };
        checked(done)?;
        // SAFETY: the system has just written it.
        unsafe { address::read((&raw const raw).cast()) }
            .ok_or_else(|| ErrorKind::Unsupported.into())
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.identity.is_none() || self.is_ours() {
            // SAFETY: the descriptor is the one that was opened, and used by nothing after this.
            unsafe { libc::close(self.fd) };
        }
    }
}

/// With whom a connection was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connected {
    ToPeer,
    /// The system gave the socket the very port that it connects to, at which nobody listens.
    ToItself,
}

/// While this lives, no signal is delivered to this thread.
struct Quiet(libc::sigset_t);

impl Quiet {
    fn begin() -> Quiet {
        // SAFETY: both sets are plain memory that lives during the calls, and written before it is
        // read.
        unsafe {
            let (mut all, mut before) = (mem::zeroed(), mem::zeroed());
            libc::sigfillset(&raw mut all);
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
            Quiet(before)
        }
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // SAFETY: the mask that was there before, on the same thread; errno, which the caller reads,
        // is not touched by it.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0, ptr::null_mut()) };
    }
}

/// A new socket above the standard streams, whose numbers it would get where a daemon has closed them.
fn open(address: &SocketAddr) -> io::Result<RawFd> {
    const LOWEST: RawFd = 3;
    let family = if address.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
    #[cfg(target_os = "linux")]
    let kind = libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
    #[cfg(not(target_os = "linux"))]
    let kind = libc::SOCK_STREAM;
    // SAFETY: no pointers; what is opened is closed below or given to the caller.
    unsafe {
        let fd = checked(libc::socket(family, kind, 0))?;
        let above = match fd < LOWEST {
            true => {
                let above = checked(libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, LOWEST));
                libc::close(fd);
                above?
            }
            false => fd,
        };
        #[cfg(not(target_os = "linux"))]
        {
            libc::fcntl(above, libc::F_SETFD, libc::FD_CLOEXEC);
            libc::fcntl(above, libc::F_SETFL, libc::O_RDWR | libc::O_NONBLOCK);
        }
        Ok(above)
    }
}

fn identity(fd: RawFd) -> io::Result<Identity> {
    // SAFETY: zero is a valid value of every member, and the whole is writable during the call.
    unsafe {
        let mut found: libc::stat = mem::zeroed();
        checked(libc::fstat(fd, &raw mut found))?;
        Ok((found.st_dev, found.st_ino))
    }
}

fn checked(result: i32) -> io::Result<i32> {
    if result < 0 { Err(Error::last_os_error()) } else { Ok(result) }
}

/// Whether connecting goes on by itself.
fn is_pending(e: &Error) -> bool {
    matches!(e.raw_os_error(), Some(libc::EINPROGRESS | libc::EINTR))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::os::fd::AsRawFd;

    use super::*;

    fn connected() -> (Socket, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let socket = Socket::connect(&address).expect("a socket");
        assert_eq!(socket.finish(&address).ok(), Some(Connected::ToPeer));
        (socket, listener)
    }

    #[test]
    fn what_the_host_executes_does_not_inherit_it() {
        let (socket, _listener) = connected();
        // SAFETY: flags of an open descriptor.
        let flags = unsafe { libc::fcntl(socket.fd, libc::F_GETFD) };
        assert_eq!(flags & libc::FD_CLOEXEC, libc::FD_CLOEXEC);
    }

    #[test]
    fn a_number_that_was_taken_over_is_not_ours_and_stays_open() {
        let (socket, _listener) = connected();
        let other = TcpListener::bind("127.0.0.1:0").expect("a port");
        assert!(socket.is_ours());
        // SAFETY: the host's doing: another open file under the same number.
        assert_eq!(unsafe { libc::dup2(other.as_raw_fd(), socket.fd) }, socket.fd);
        assert!(!socket.is_ours());
        let fd = socket.fd;
        drop(socket);
        // SAFETY: asks for flags; then gives back what was opened above.
        unsafe {
            assert_ne!(libc::fcntl(fd, libc::F_GETFD), -1, "the host's file was not closed");
            libc::close(fd);
        }
    }

    #[test]
    fn a_connection_to_itself_is_none() {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = free.local_addr().expect("an address");
        drop(free);
        let socket =
            Socket { fd: open(&address).expect("a socket"), identity: None, limit: Duration::ZERO };
        let (raw, length) = address::raw(&address);
        // SAFETY: a whole address; the system now has no choice of the port.
        unsafe {
            assert_eq!(libc::bind(socket.fd, (&raw const raw).cast(), length), 0);
            libc::connect(socket.fd, (&raw const raw).cast(), length);
        }
        assert!(socket.wait_writable(Duration::from_secs(5)).expect("an answer"));
        assert_eq!(socket.finish(&address).expect("connected"), Connected::ToItself);
    }

    #[test]
    fn another_process_writes_nothing() {
        let (socket, listener) = connected();
        let (mut peer, _) = listener.accept().expect("a connection");
        assert_eq!(socket.send(b"ours", Process::current()).ok(), Some(Some(4)));
        assert_eq!(socket.send(b"not ours", Process::none()).ok(), Some(None));
        drop(socket);
        let mut got = String::new();
        io::Read::read_to_string(&mut peer, &mut got).expect("text");
        assert_eq!(got, "ours");
    }
}
