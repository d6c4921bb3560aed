//! Whom a connection trusts and through which proxy it goes: what keeps connections apart.

use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::SystemTime;

use ureq::Proxy;
use ureq::config::{AutoHeaderValue, Config};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider};

use super::wire::BUFFER;
use crate::address::{Address, Scheme};
use crate::secret::Secret;

/// What tells one way to a server from another. No call rides on another one's trust.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// TLS is needed, to the service or to the proxy.
    pub tls: bool,
    /// PEM file of the roots to trust; the platform's own without.
    pub roots: Option<String>,
    pub proxy: Option<Address>,
}

/// A file as it was when it was looked at: a renewed one is another.
pub type Version = (u64, u64, Option<SystemTime>);

impl Way {
    /// The file of roots as it is now; looked at whenever a connection is made.
    pub fn version(&self) -> Result<Option<Version>, String> {
        let Some(file) = &self.roots else { return Ok(None) };
        let metadata = std::fs::metadata(file).map_err(|e| unreadable(file, &e))?;
        Ok(Some((metadata.ino(), metadata.len(), metadata.modified().ok())))
    }

    /// The proxy as ureq reads it, login included.
    fn proxy_url(&self) -> Option<Secret> {
        let proxy = self.proxy.as_ref()?;
        let scheme = proxy.scheme.unwrap_or(Scheme::Http).name();
        let login = proxy.login.as_ref().map(|login| format!("{}@", login.expose()));
        Some(Secret::new(format!("{scheme}://{}{proxy}", login.unwrap_or_default())))
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
    if let Some(url) = way.proxy_url() {
        // The validator has read the URL; a failure would be a defect of ours.
        let proxy =
            Proxy::new(url.expose()).map_err(|_| "the proxy URL is not usable".to_owned())?;
        builder = builder.proxy(Some(proxy));
    }
    if way.tls {
        builder = builder.tls_config(tls(way.roots.as_deref())?);
    }
    Ok(builder.build())
}

/// rustls with ring, named explicitly: ureq panics over a provider it was not built with.
fn tls(roots: Option<&str>) -> Result<TlsConfig, String> {
    let roots = match roots {
        None => RootCerts::PlatformVerifier,
        Some(file) => RootCerts::Specific(Arc::new(certificates(file)?)),
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
