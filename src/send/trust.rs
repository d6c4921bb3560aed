//! Whom a connection trusts and through which proxy it goes: what keeps connections apart.

use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::SystemTime;

use ureq::Proxy;
use ureq::config::{AutoHeaderValue, Config};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider};

use super::wire::BUFFER;
use crate::request::Secret;

/// What tells one way to a server from another. No call rides on another one's trust.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// TLS is needed, to the service or to the proxy.
    pub tls: bool,
    /// The roots to trust; the platform's own without.
    pub roots: Option<Roots>,
    /// The proxy's URL, login included.
    pub proxy: Option<Secret>,
}

/// A PEM file as it was when it was looked at: a renewed one is another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roots {
    file: String,
    version: (u64, u64, Option<SystemTime>),
}

impl Roots {
    pub fn of(file: &str) -> Result<Roots, String> {
        let metadata = std::fs::metadata(file).map_err(|e| unreadable(file, &e))?;
        let version = (metadata.ino(), metadata.len(), metadata.modified().ok());
        Ok(Roots { file: file.to_owned(), version })
    }
}

fn unreadable(file: &str, e: &std::io::Error) -> String {
    format!("the certificate file {file:?} cannot be read: {e}")
}

/// What ureq's connectors are to know.
pub fn config(way: &Way) -> Result<Config, String> {
    let mut builder = Config::builder()
        .proxy(None)
        .user_agent(AutoHeaderValue::None)
        .input_buffer_size(BUFFER)
        .output_buffer_size(BUFFER);
    if let Some(url) = &way.proxy {
        // The validator has read the URL; a failure would be a defect of ours.
        let proxy =
            Proxy::new(url.expose()).map_err(|_| "the proxy URL is not usable".to_owned())?;
        builder = builder.proxy(Some(proxy));
    }
    if way.tls {
        builder = builder.tls_config(tls(way.roots.as_ref())?);
    }
    Ok(builder.build())
}

/// rustls with ring, named explicitly: ureq panics over a provider it was not built with.
fn tls(roots: Option<&Roots>) -> Result<TlsConfig, String> {
    let roots = match roots {
        None => RootCerts::PlatformVerifier,
        Some(roots) => RootCerts::Specific(Arc::new(certificates(&roots.file)?)),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(provider)
        .root_certs(roots)
        .build())
}

fn certificates(file: &str) -> Result<Vec<Certificate<'static>>, String> {
    let pem = std::fs::read(file).map_err(|e| unreadable(file, &e))?;
    let certificates: Vec<_> = ureq::tls::parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    match certificates.is_empty() {
        true => Err(format!("the certificate file {file:?} holds no PEM certificate")),
        false => Ok(certificates),
    }
}
