//! A tunnel through a proxy: CONNECT, and nothing of the reply but its head.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::buffer::Wiped;
use super::cause::Why;
use super::connection::Connection;
use super::http;
use super::state::Exchange;
use crate::encode::percent_decoded_bytes;
use crate::secret::Secret;

/// Opens a tunnel to `target` (`host:port`) over a connection to the proxy.
pub(super) fn open(
    connection: &mut Connection,
    exchange: &mut Exchange<'_>,
    target: &str,
    login: Option<&Secret>,
) -> Result<(), Why> {
    let login = login.map(|login| {
        let plain = Zeroizing::new(percent_decoded_bytes(login.expose()));
        Zeroizing::new(STANDARD.encode(&*plain))
    });
    let mut parts = vec!["CONNECT ", target, " HTTP/1.1\r\nHost: ", target, "\r\n"];
    if let Some(login) = &login {
        parts.extend(["Proxy-Authorization: Basic ", login, "\r\n"]);
    }
    parts.push("\r\n");
    connection.write_preamble(exchange, &Wiped::joined(&parts))?;
    let head = http::receive_head(connection, exchange)?;
    match head.response.status {
        200..=299 if connection.input().is_empty() => Ok(()),
        // The server speaks before it was asked, or the proxy in its place.
        200..=299 => Err(Why::Unasked),
        status => Err(Why::NoTunnel { status, asks: head.asks }),
    }
}
