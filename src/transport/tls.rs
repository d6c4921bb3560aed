//! One layer of TLS over whatever carries it: rustls without buffers of its own, so that what is left
//! over, and where, can be asked.

use std::sync::Arc;

use rustls::client::{ClientConnectionData, UnbufferedClientConnection};
use rustls::pki_types::ServerName;
use rustls::unbuffered::{
    ConnectionState, EncodeError, EncodeTlsData, EncryptError, ReadTraffic, UnbufferedStatus,
};
use rustls::{ClientConfig, Error};

use super::buffer::Buffer;
use super::cause::{TlsProblem, Why};
use super::certificate::problem;

/// Room for a record's frame, or for an alert.
const FRAME: usize = 64;
/// The most that one record carries.
const RECORD: usize = 16 * 1024;

/// One session.
pub(super) struct Tls {
    session: UnbufferedClientConnection,
    /// What was received, as far as it is no whole record yet.
    pub records: Buffer,
    /// The peer has said that nothing follows.
    pub is_closed: bool,
}

impl Tls {
    /// A session with the server of that name, before its handshake.
    pub(super) fn new(config: Arc<ClientConfig>, host: &str) -> Result<Tls, Why> {
        let bad_name = |_| Why::Tls(TlsProblem::Protocol("the name is none that TLS could check"));
        let name = ServerName::try_from(host.to_owned()).map_err(bad_name)?;
        let session = UnbufferedClientConnection::new(config, name).map_err(|e| failed(&e))?;
        Ok(Tls { session, records: Buffer::default(), is_closed: false })
    }

    pub(super) fn is_handshaking(&self) -> bool {
        self.session.is_handshaking()
    }

    /// Reads all whole records: what they carry goes to `plain`, what is to be answered to `output`.
    /// Where it fails, `output` has the alert that tells the peer why.
    pub(super) fn read(&mut self, plain: &mut Buffer, output: &mut Vec<u8>) -> Result<(), Why> {
        loop {
            let UnbufferedStatus { mut discard, state } =
                self.session.process_tls_records(self.records.unread_mut());
            let goes_on = match state {
                Ok(ConnectionState::ReadTraffic(traffic)) => take(traffic, plain, &mut discard)?,
                Ok(ConnectionState::EncodeTlsData(data)) => encode(data, output),
                Ok(ConnectionState::TransmitTlsData(data)) => {
                    data.done();
                    true
                }
                Ok(ConnectionState::PeerClosed) => {
                    self.is_closed = true;
                    true
                }
                Ok(_) => false,
                Err(e) => {
                    self.records.consume(discard);
                    self.take_alert(output);
                    return Err(failed(&e));
                }
            };
            self.records.consume(discard);
            if !goes_on {
                return Ok(());
            }
        }
    }

    /// What rustls has to say after a failure, which comes before anything else: asked once, since it
    /// would read the same records again.
    fn take_alert(&mut self, output: &mut Vec<u8>) {
        let status = self.session.process_tls_records(self.records.unread_mut());
        if let Ok(ConnectionState::EncodeTlsData(data)) = status.state {
            encode(data, output);
        }
    }

    /// Encrypts `plain` onto the end of `output`. The handshake is over, and all records are read.
    pub(super) fn write(&mut self, plain: &[u8], output: &mut Vec<u8>) -> Result<(), Why> {
        let records = plain.len().div_ceil(RECORD);
        let mut room = plain.len() + (records + 1) * FRAME;
        let UnbufferedStatus { state, .. } =
            self.session.process_tls_records(self.records.unread_mut());
        let mut traffic = match state {
            Ok(ConnectionState::WriteTraffic(traffic)) => traffic,
            Ok(_) => return Err(Why::Tls(TlsProblem::Protocol("TLS is in no state to write"))),
            Err(e) => return Err(failed(&e)),
        };
        let start = output.len();
        loop {
            output.resize(start + room, 0);
            match traffic.encrypt(plain, &mut output[start..]) {
                Ok(written) => {
                    output.truncate(start + written);
                    return Ok(());
                }
                Err(EncryptError::InsufficientSize(more)) => room = more.required_size,
                Err(EncryptError::EncryptExhausted) => return Err(failed(&Error::EncryptError)),
            }
        }
    }
}

type Traffic<'c, 'i> = ReadTraffic<'c, 'i, ClientConnectionData>;

fn take(mut traffic: Traffic<'_, '_>, to: &mut Buffer, discard: &mut usize) -> Result<bool, Why> {
    while let Some(record) = traffic.next_record() {
        let record = record.map_err(|e| failed(&e))?;
        to.push(record.payload);
        *discard += record.discard;
    }
    Ok(true)
}

/// Whether there may be more: always.
fn encode(mut data: EncodeTlsData<'_, ClientConnectionData>, output: &mut Vec<u8>) -> bool {
    let start = output.len();
    let mut room = FRAME;
    loop {
        output.resize(start + room, 0);
        match data.encode(&mut output[start..]) {
            Ok(written) => {
                output.truncate(start + written);
                return true;
            }
            Err(EncodeError::InsufficientSize(more)) => room = more.required_size,
            // It comes fresh from rustls.
            Err(EncodeError::AlreadyEncoded) => return true,
        }
    }
}

fn failed(e: &Error) -> Why {
    Why::Tls(problem(e))
}
