//! Whom a connection trusts and through which proxy it goes: what keeps connections apart.

use std::env;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use rustls_native_certs::{CertificateResult, load_certs_from_paths};
use ureq::Proxy;
use ureq::config::{AutoHeaderValue, Config};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider};

use super::socket::BUFFER;
use crate::config::authority::{Authority, Scheme};
use crate::secret::Secret;

/// What tells one way to a server from another. No call rides on another one's trust.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionKey {
    /// TLS is needed, to the service or to the proxy.
    pub tls: bool,
    /// PEM file of the roots to trust; the platform's own without.
    pub roots: Option<String>,
    pub proxy: Option<Authority>,
}

/// A file as it was when it was looked at: a renewed one is another.
pub type Version = (u64, u64, Option<SystemTime>);

impl ConnectionKey {
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
pub fn config(way: &ConnectionKey) -> Result<Config, String> {
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
        None => from_system(&Places::from_system())?,
        Some(file) => from_file(file)?,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(provider)
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .build())
}

fn from_file(file: &str) -> Result<Vec<Certificate<'static>>, String> {
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

/// Where the system keeps its roots.
#[derive(Default)]
struct Places {
    file: Option<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Places {
    /// Of the usual places, those that exist. SSL_CERT_DIR stands for all of them, as for other
    /// users of rustls; SSL_CERT_FILE comes in as a file of its own.
    fn from_system() -> Places {
        let named = env::var_os("SSL_CERT_DIR").unwrap_or_default();
        let folders: Vec<_> =
            env::split_paths(&named).filter(|folder| !folder.as_os_str().is_empty()).collect();
        if !folders.is_empty() {
            return Places { file: None, folders };
        }
        let found = openssl_probe::probe();
        Places { file: found.cert_file, folders: found.cert_dir }
    }

    fn all(&self) -> impl Iterator<Item = &PathBuf> {
        self.file.iter().chain(&self.folders)
    }

    fn load(&self) -> CertificateResult {
        if cfg!(target_os = "macos") {
            return rustls_native_certs::load_native_certs();
        }
        let mut found = load_certs_from_paths(self.file.as_deref(), None);
        for folder in &self.folders {
            let more = load_certs_from_paths(None, Some(folder));
            found.certs.extend(more.certs);
            found.errors.extend(more.errors);
        }
        // Folders hold links to what is in the file.
        found.certs.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
        found.certs.dedup();
        found
    }
}

fn from_system(places: &Places) -> Result<Vec<Certificate<'static>>, String> {
    let found = places.load();
    if !found.certs.is_empty() {
        return Ok(found.certs.iter().map(|der| Certificate::from_der(der).to_owned()).collect());
    }
    let names: Vec<_> = places.all().map(|place| place.display().to_string()).collect();
    let looked = match names.is_empty() {
        true => ": neither /etc/ssl/certs nor /etc/pki/tls/certs nor another usual place is there"
            .to_owned(),
        false => format!(" in {}", names.join(", ")),
    };
    let why = found.errors.first().map(|e| format!(" ({e})")).unwrap_or_default();
    Err(format!("no root certificates were found{looked}{why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_told_with_the_places() {
        let nowhere = from_system(&Places::default()).expect_err("no roots");
        assert!(nowhere.contains("neither /etc/ssl/certs nor"), "{nowhere}");
        let folders = vec!["/no/such/folder".into(), "/dev".into()];
        let places = Places { file: Some("/dev/null".into()), folders };
        let empty = from_system(&places).expect_err("no roots");
        let told = "no root certificates were found in /dev/null, /no/such/folder, /dev (";
        assert!(empty.starts_with(told), "{empty}");
        assert!(empty.contains("No such file or directory"), "{empty}");
    }
}
