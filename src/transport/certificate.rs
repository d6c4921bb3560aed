//! Whether a server's certificate is to be trusted, and what is wrong with one that is not.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    AlertDescription, CertificateError, DigitallySignedStruct, Error, InvalidMessage, OtherError,
    PeerIncompatible, RootCertStore, SignatureScheme,
};

use super::cause::TlsProblem;

/// More names than these of a certificate help nobody.
const MOST_NAMES: usize = 8;

/// What webpki verifies, and one thing more: a server's certificate that is byte for byte among the
/// trusted ones is trusted, whoever made it and whatever it is marked as, where its dates and names
/// hold. Self-signed ones of private clouds are like that.
#[derive(Debug)]
pub(super) struct Verifier {
    webpki: Arc<WebPkiServerVerifier>,
    /// The certificates of the roots, sorted.
    trusted: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    /// One that trusts these, unless none of them can be read.
    pub(super) fn new(
        mut trusted: Vec<CertificateDer<'static>>,
        provider: &Arc<CryptoProvider>,
    ) -> Option<Verifier> {
        trusted.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
        trusted.dedup();
        let webpki = webpki(trusted.iter().cloned(), provider)?;
        Some(Verifier { webpki, trusted, provider: Arc::clone(provider) })
    }

    /// Whether a certificate vouches for itself: it would do if it were the only root.
    fn is_self_signed(
        &self,
        certificate: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> bool {
        let own = webpki([certificate.clone().into_owned()], &self.provider);
        own.is_some_and(|own| own.verify_server_cert(certificate, &[], name, &[], now).is_ok())
    }
}

fn webpki(
    roots: impl IntoIterator<Item = CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Option<Arc<WebPkiServerVerifier>> {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(roots);
    WebPkiServerVerifier::builder_with_provider(store.into(), Arc::clone(provider)).build().ok()
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.webpki.verify_server_cert(end_entity, intermediates, name, ocsp, now);
        // webpki looks at the certificate's own dates before it comes to any of these. Of a root with
        // the issuer's name and another key it says that the signature is wrong.
        let not_trusted = match &verified {
            Err(Error::InvalidCertificate(
                CertificateError::UnknownIssuer | CertificateError::BadSignature,
            )) => Err(CertificateError::UnknownIssuer.into()),
            Err(e) if problem(e) == TlsProblem::MarkedAsCa => verified,
            _ => return verified,
        };
        let is = |trusted: &CertificateDer<'_>| trusted.as_ref().cmp(end_entity.as_ref());
        if self.trusted.binary_search_by(is).is_ok() {
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, name)?;
            return Ok(ServerCertVerified::assertion());
        }
        match self.is_self_signed(end_entity, name, now) {
            true => Err(CertificateError::Other(OtherError(Arc::new(SelfSigned))).into()),
            false => not_trusted,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.webpki.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.webpki.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}

/// Travels through rustls, which knows no such error.
#[derive(Debug)]
struct SelfSigned;

impl std::fmt::Display for SelfSigned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("self-signed")
    }
}

impl std::error::Error for SelfSigned {}

/// What rustls says, in our terms.
pub(super) fn problem(e: &Error) -> TlsProblem {
    match e {
        Error::InvalidCertificate(e) => of_certificate(e),
        Error::AlertReceived(alert) => TlsProblem::Alert(alert_name(*alert)),
        Error::InvalidMessage(
            InvalidMessage::InvalidContentType
            | InvalidMessage::UnknownProtocolVersion
            | InvalidMessage::MessageTooLarge
            | InvalidMessage::InvalidEmptyPayload,
        ) => TlsProblem::NotTls,
        Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13) => {
            TlsProblem::Protocol("the server speaks neither TLS 1.2 nor 1.3")
        }
        Error::PeerIncompatible(_) => {
            TlsProblem::Protocol("the server offers nothing that this client's TLS accepts")
        }
        Error::NoCertificatesPresented => TlsProblem::Protocol("the server shows no certificate"),
        Error::DecryptError => TlsProblem::Protocol("the server's TLS records cannot be decrypted"),
        _ => TlsProblem::Protocol("the server breaks the TLS protocol"),
    }
}

fn of_certificate(e: &CertificateError) -> TlsProblem {
    let seconds = |time: &UnixTime| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    match e {
        CertificateError::ExpiredContext { time, not_after } => {
            TlsProblem::Expired { not_after: seconds(not_after), now: seconds(time) }
        }
        CertificateError::NotValidYetContext { time, not_before } => {
            TlsProblem::NotYetValid { not_before: seconds(not_before), now: seconds(time) }
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names = presented.iter().filter_map(|name| name_of(name)).take(MOST_NAMES);
            TlsProblem::WrongName { names: names.map(str::to_owned).collect() }
        }
        CertificateError::NotValidForName => TlsProblem::WrongName { names: Vec::new() },
        CertificateError::UnknownIssuer => TlsProblem::NotTrusted,
        CertificateError::BadSignature => TlsProblem::Certificate("has a wrong signature"),
        CertificateError::BadEncoding => TlsProblem::Certificate("cannot be read"),
        CertificateError::Revoked => TlsProblem::Certificate("has been revoked"),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            TlsProblem::Certificate("is not meant for servers")
        }
        CertificateError::UnhandledCriticalExtension => {
            TlsProblem::Certificate("has a critical extension that is not known here")
        }
        CertificateError::Other(OtherError(e)) if e.is::<SelfSigned>() => TlsProblem::SelfSigned,
        CertificateError::Other(OtherError(e)) => of_webpki(e.downcast_ref()),
        _ => TlsProblem::Certificate("or its authority's is of a kind that is not accepted here"),
    }
}

/// What rustls has no name for.
fn of_webpki(e: Option<&webpki::Error>) -> TlsProblem {
    match e {
        Some(webpki::Error::CaUsedAsEndEntity) => TlsProblem::MarkedAsCa,
        Some(webpki::Error::UnsupportedCertVersion) => TlsProblem::VersionOne,
        _ => TlsProblem::Certificate("or its authority's is not made as it should be"),
    }
}

/// The name out of webpki's `DnsName("…")` and `IpAddress(…)`, if it could be one.
fn name_of(presented: &str) -> Option<&str> {
    let inner = presented.split_once('(')?.1.strip_suffix(')')?.trim_matches('"');
    let is_fit = |b: u8| b.is_ascii_alphanumeric() || b"*-._:".contains(&b);
    let is_name = !inner.is_empty() && inner.len() <= 253 && inner.bytes().all(is_fit);
    is_name.then_some(inner)
}

fn alert_name(alert: AlertDescription) -> String {
    let name = match alert {
        AlertDescription::HandshakeFailure => "handshake failure",
        AlertDescription::ProtocolVersion => "protocol version",
        AlertDescription::InsufficientSecurity => "insufficient security",
        AlertDescription::UnrecognisedName => "unrecognized name",
        AlertDescription::InternalError => "internal error",
        AlertDescription::AccessDenied => "access denied",
        AlertDescription::CertificateRequired => "it wants a client certificate",
        AlertDescription::UserCanceled => "canceled",
        other => return format!("alert {}", u8::from(other)),
    };
    name.to_owned()
}
