//! TLS with a certificate authority that lives as long as the server.

use crate::socket::Socket;
use crate::wire::Wire;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io;
use std::sync::Arc;

pub(crate) struct Tls {
    pub(crate) ca_pem: String,
    config: Arc<ServerConfig>,
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
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .map_err(io::Error::other)?;
        Ok(Tls { ca_pem: ca.pem(), config: Arc::new(config) })
    }

    /// Shakes hands; `None` where the client does not.
    pub(crate) fn accept(&self, mut socket: Socket) -> Option<Wire> {
        let mut connection = ServerConnection::new(self.config.clone()).ok()?;
        while connection.is_handshaking() {
            connection.complete_io(&mut socket).ok()?;
        }
        Some(Wire::Tls(Box::new(StreamOwned::new(connection, socket))))
    }
}
