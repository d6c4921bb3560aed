//! An answer on its way out, and everything that can happen to it there.

use crate::fault::Fault;
use crate::reply::{Framing, Reply};
use crate::sync::Stop;
use crate::unasked::Unasked;
use crate::wire::Wire;
use std::io::Write;
use std::time::Duration;

const GARBAGE: &[u8] = b"SSH-2.0-OpenSSH_9.9\r\n\x00\x01\xfe\xff not http\r\n\r\n";
const INFORMATIONAL: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n\
    HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\n";

/// What becomes of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    Keep,
    /// End it as agreed: TLS says goodbye.
    Finish,
    /// Just close it.
    Close,
    Reset,
}

/// The status the client gets to see; 0 for none.
pub(crate) fn visible_status(fault: Option<&Fault>, reply: &Reply) -> u16 {
    match fault {
        Some(
            Fault::CloseBeforeRead
            | Fault::CloseAfterRead { .. }
            | Fault::Reset { .. }
            | Fault::ResetMidRequest
            | Fault::Hang { .. }
            | Fault::Garbage { .. },
        ) => 0,
        _ => reply.status,
    }
}

/// Sends `reply` the way `fault` wants it sent; `last` if the client wants the connection closed.
pub(crate) fn send(
    wire: &mut Wire,
    stop: &Stop,
    fault: Option<&Fault>,
    reply: &Reply,
    last: bool,
) -> After {
    match fault {
        Some(Fault::CloseBeforeRead | Fault::CloseAfterRead { .. }) => After::Close,
        Some(Fault::Reset { .. } | Fault::ResetMidRequest) => After::Reset,
        Some(Fault::Hang { .. }) => {
            wire.socket().drain(None);
            After::Close
        }
        Some(Fault::Delay(length)) if !stop.sleep(*length) => After::Close,
        Some(Fault::SlowDrip { gap, .. }) => {
            let (bytes, after) = layout(fault, reply, last);
            drip(wire, stop, &bytes, *gap, after)
        }
        Some(Fault::AnswerTwice { pause, .. }) => {
            let (bytes, after) = layout(fault, reply, last);
            put_both(wire, stop, [&bytes, &bytes], *pause, after)
        }
        Some(Fault::SurplusRefusal { pause, .. }) => {
            let (bytes, after) = layout(fault, reply, last);
            let surplus = Unasked { status: 429, cluster_id: String::new() }.bytes();
            put_both(wire, stop, [&bytes, &surplus], *pause, after)
        }
        _ => {
            let (bytes, after) = layout(fault, reply, last);
            put(wire, &bytes, after)
        }
    }
}

/// The bytes that go out, and what follows them.
fn layout(fault: Option<&Fault>, reply: &Reply, last: bool) -> (Vec<u8>, After) {
    let agreed = if last { After::Finish } else { After::Keep };
    let framed = |framing| reply.bytes(framing, last).0;
    let (mut plain, head) = reply.bytes(Framing::Length, last);
    match fault {
        Some(Fault::Garbage { .. }) => (GARBAGE.to_vec(), After::Close),
        Some(Fault::HalfReply { .. }) => {
            plain.truncate(plain.len() / 2);
            (plain, After::Close)
        }
        Some(Fault::HalfBody { .. }) => {
            plain.truncate(head + (plain.len() - head) / 2);
            (plain, After::Close)
        }
        Some(Fault::ShortBody { .. }) => (framed(Framing::LongLength), After::Close),
        Some(Fault::NoLastChunk { .. }) => (framed(Framing::OpenChunks), After::Close),
        Some(Fault::Chunked { .. }) => (framed(Framing::Chunked), agreed),
        Some(Fault::CloseDelimited { .. }) => (framed(Framing::Close), After::Finish),
        Some(Fault::NoCloseNotify { .. }) => (framed(Framing::Close), After::Close),
        Some(Fault::ConnectionClose) => (reply.bytes(Framing::Length, true).0, After::Finish),
        Some(Fault::CloseAfterReply) => (plain, After::Finish),
        Some(Fault::Informational) => ([INFORMATIONAL, &plain].concat(), agreed),
        _ => (plain, agreed),
    }
}

fn put(wire: &mut Wire, bytes: &[u8], after: After) -> After {
    match wire.write_all(bytes).and_then(|()| wire.flush()) {
        Ok(()) => after,
        Err(_) => After::Close,
    }
}

/// Without a pause in one flight, so that both are there when the first one is read.
fn put_both(
    wire: &mut Wire,
    stop: &Stop,
    [first, second]: [&[u8]; 2],
    pause: Duration,
    after: After,
) -> After {
    if pause.is_zero() {
        return wire.write_both([first, second]).map_or(After::Close, |()| after);
    }
    if put(wire, first, After::Keep) != After::Keep || !stop.sleep(pause) {
        return After::Close;
    }
    put(wire, second, after)
}

fn drip(wire: &mut Wire, stop: &Stop, bytes: &[u8], gap: Duration, after: After) -> After {
    for byte in bytes.chunks(1) {
        if put(wire, byte, After::Keep) != After::Keep || !stop.sleep(gap) {
            return After::Close;
        }
    }
    after
}
