//! Memory that may hold secrets, and is wiped before it is given back.

use std::ops::Deref;

use crate::secret::wipe;

/// What one receive asks for.
const PIECE: usize = 16 * 1024;
/// With less room than this, more is made.
const LEAST: usize = 4 * 1024;

/// A text that is wiped when dropped. It has all its room from the beginning: growing would leave a
/// copy behind.
pub(super) struct Wiped(Vec<u8>);

impl Wiped {
    pub(super) fn joined(parts: &[&str]) -> Wiped {
        let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
        parts.iter().for_each(|part| bytes.extend_from_slice(part.as_bytes()));
        Wiped(bytes)
    }
}

impl Deref for Wiped {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// Bytes that were received and not read yet, in one piece.
#[derive(Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// Up to here something was written since the last wiping.
    used: usize,
}

impl Buffer {
    pub(super) fn unread(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    pub(super) fn unread_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..self.end]
    }

    pub(super) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Bytes that have been read.
    pub(super) fn consume(&mut self, amount: usize) {
        self.start += amount;
        if self.is_empty() {
            (self.start, self.end) = (0, 0);
        }
    }

    /// Where more can be received.
    pub(super) fn room(&mut self) -> &mut [u8] {
        self.make_room(LEAST);
        &mut self.bytes[self.end..]
    }

    /// Bytes that were received into the room.
    pub(super) fn received(&mut self, amount: usize) {
        self.end += amount;
        self.used = self.used.max(self.end);
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        self.bytes[self.end..self.end + bytes.len()].copy_from_slice(bytes);
        self.received(bytes.len());
    }

    fn make_room(&mut self, least: usize) {
        if self.bytes.len() - self.end >= least {
            return;
        }
        let unread = self.end - self.start;
        if self.bytes.len() - unread < least {
            let size = (self.bytes.len() * 2).max(unread + least).max(PIECE);
            let mut larger = vec![0; size];
            larger[..unread].copy_from_slice(self.unread());
            self.wipe();
            (self.bytes, self.used) = (larger, unread);
        } else {
            self.bytes.copy_within(self.start..self.end, 0);
        }
        (self.start, self.end) = (0, unread);
    }

    /// Overwrites all that was ever received.
    pub(super) fn wipe(&mut self) {
        wipe(&mut self.bytes[..self.used]);
        self.used = 0;
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_received_in_pieces_is_read_in_one() {
        let mut buffer = Buffer::default();
        let all: Vec<u8> = (0..60_000_u32).map(|i| i as u8).collect();
        for piece in all.chunks(999) {
            buffer.room()[..piece.len()].copy_from_slice(piece);
            buffer.received(piece.len());
        }
        assert_eq!(buffer.unread(), all);
        buffer.consume(50_000);
        buffer.push(&all[..20_000]);
        assert_eq!(buffer.unread(), [&all[50_000..], &all[..20_000]].concat());
        buffer.consume(30_000);
        assert!(buffer.is_empty());
        buffer.wipe();
        assert!(buffer.bytes.iter().all(|&byte| byte == 0));
    }
}
