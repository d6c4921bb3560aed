//! TLS with a certificate authority that lives as long as the server.

use crate::socket::Socket;
use crate::wire::Wire;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::NoServerSessionStorage;
use rustls::version::TLS12;
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};
use std::io::{self, Write};
use std::sync::Arc;

pub(crate) struct Tls {
    pub(crate) ca_pem: String,
    config: Arc<ServerConfig>,
    /// Of TLS 1.2, where a server can say something before it has heard anything.
    config12: Arc<ServerConfig>,
}

impl Tls {
    pub(crate) fn new() -> io::Result<Tls> {
        let mut ca = CertificateParams::default();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.distinguished_name.push(DnType::CommonName, "local-ack throw-away CA");
        let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate().map_err(io::Error::other)?)
            .map_err(io::Error::other)?;
        let names = ["localhost".to_string(), "127.0.0.1".to_string()];
        let leaf = CertificateParams::new(names).map_err(io::Error::other)?;
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = leaf.signed_by(&key, &ca).map_err(io::Error::other)?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let config = |versions: &[&'static SupportedProtocolVersion]| {
            ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_protocol_versions(versions)
                .and_then(|builder| {
                    let chain = vec![certificate.der().clone()];
                    builder.with_no_client_auth().with_single_cert(chain, key.clone_key().into())
                })
                .map_err(io::Error::other)
        };
        let mut config12 = config(&[&TLS12])?;
        // Of a handshake that is resumed, the client has the last word.
        config12.session_storage = Arc::new(NoServerSessionStorage {});
        let config = Arc::new(config(rustls::ALL_VERSIONS)?);
        Ok(Tls { ca_pem: ca.pem(), config, config12: Arc::new(config12) })
    }

    /// Shakes hands; `None` where the client does not. What is to be said `first` goes out in one flight
    /// with the last of the handshake.
    pub(crate) fn accept(&self, mut socket: Socket, first: Option<&[u8]>) -> Option<Wire> {
        let config = if first.is_some() { &self.config12 } else { &self.config };
        let mut connection = ServerConnection::new(config.clone()).ok()?;
        connection.writer().write_all(first.unwrap_or_default()).ok()?;
        while connection.is_handshaking() {
            connection.complete_io(&mut socket).ok()?;
        }
        Some(Wire::Tls(Box::new(StreamOwned::new(connection, socket))))
    }
}
