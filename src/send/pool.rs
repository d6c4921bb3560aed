//! The process's connections: one ureq agent, with its pool, for each way of trusting and each
//! proxy. A child made by `fork` starts with none: two processes on one connection would read each
//! other's replies.

use std::os::unix::fs::MetadataExt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use ureq::config::{AutoHeaderValue, Config};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Proxy};

use super::dial::{self, Later};
use crate::process::PerProcess;
use crate::request::Secret;

/// A server that closes idle connections does so after more than this.
const IDLE: Duration = Duration::from_secs(5);
/// Enough for every thread of a busy host.
const KEPT: usize = 64;
/// Ways of trusting and proxies kept at once; a process uses one or two.
const MOST_AGENTS: usize = 16;
/// A request's head is about 1 KiB; TLS records are at most 16.
const BUFFER: usize = 16 * 1024;

/// What tells one agent from another.
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

static AGENTS: PerProcess<Mutex<Vec<(Way, Agent)>>> = PerProcess::new();

/// The agent for `way`, made at its first use. The message says what is wrong with the roots.
pub fn agent(way: &Way) -> Result<Agent, String> {
    let mut agents = AGENTS.get().lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, agent)) = agents.iter().find(|(known, _)| known == way) {
        return Ok(agent.clone());
    }
    let agent = Agent::with_parts(config(way)?, dial::dial(), Later);
    if agents.len() == MOST_AGENTS {
        agents.remove(0);
    }
    agents.push((way.clone(), agent.clone()));
    Ok(agent)
}

fn config(way: &Way) -> Result<Config, String> {
    let mut builder = Config::builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent(AutoHeaderValue::None)
        .accept_encoding(AutoHeaderValue::None)
        .input_buffer_size(BUFFER)
        .output_buffer_size(BUFFER)
        .max_idle_age(IDLE)
        .max_idle_connections(KEPT)
        .max_idle_connections_per_host(KEPT);
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
