//! `user_data`: Base64 of something the node's first boot understands.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, PAD};

use crate::error::Code;
use crate::validate::visitor::{Located, Visitor};

/// As the service's decoders read it: some encoders leave bits set beyond the last byte.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, PAD.with_decode_allow_trailing_bits(true));

/// The reference: larger scripts belong into OSS.
const ADVISED: usize = 1024;

/// What the reference (Windows) and cloud-init (Linux) recognise at the beginning.
const BEGINNINGS: [&[u8]; 10] = [
    b"[bat]",
    b"[powershell]",
    b"#!",
    b"#cloud-config",
    b"#include",
    b"#cloud-boothook",
    b"#part-handler",
    b"## template:",
    b"Content-Type: multipart",
    b"\x1f\x8b",
];

pub(super) fn check(visitor: &mut Visitor, at: Located<'_, '_>) {
    let Some(text) = visitor.text(at) else { return };
    let Ok(decoded) = BASE64.decode(text.as_bytes()) else {
        let message = match text.contains([' ', '\t', '\r', '\n']) {
            true => "is not Base64: it holds white space (encode without line breaks, base64 -w0)",
            false => "is not Base64 (RFC 4648, standard alphabet, padded)",
        };
        return visitor.findings.problem(at.path, Code::NotBase64, message);
    };
    if decoded.len() > ADVISED {
        let message = format!(
            "{} bytes when decoded; over 1 KiB the reference advises a script in OSS",
            decoded.len()
        );
        visitor.findings.warning(at.path, Code::LargeUserData, message);
    }
    let known = BEGINNINGS.iter().any(|beginning| decoded.starts_with(beginning));
    if !decoded.is_empty() && !known {
        let message = "begins neither with [bat], [powershell], #! nor a cloud-init header, \
                       so no node may run it";
        visitor.findings.warning(at.path, Code::UnknownUserData, message);
    }
    let first_line = decoded.split_inclusive(|b| *b == b'\n').next().unwrap_or_default();
    if first_line.starts_with(b"#!") && first_line.ends_with(b"\r\n") {
        let message = "begins with a #! line that ends in CR LF, so no node finds its interpreter";
        visitor.findings.warning(at.path, Code::CrlfScript, message);
    }
}
