//! Whose signature makes a server's certificate good.

use std::path::PathBuf;

use crate::config::client::ClientOptions;
use crate::config::environment::Environment;

/// Where the roots to trust are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Roots {
    /// Wherever the system keeps its own.
    #[default]
    System,
    /// A PEM file, named by `client.ca_file` or `SSL_CERT_FILE`.
    File(PathBuf),
    /// The folders that `SSL_CERT_DIR` names.
    Folders(Vec<PathBuf>),
}

impl Roots {
    /// Takes the document's file first, then the environment's file, then its folders.
    pub(crate) fn resolve(client: &ClientOptions, environment: &Environment) -> Roots {
        let file = client.ca_file.as_ref().map(PathBuf::from);
        if let Some(file) = file.or_else(|| environment.ssl_cert_file()) {
            return Roots::File(file);
        }
        let folders = environment.ssl_cert_dir();
        if folders.is_empty() { Roots::System } else { Roots::Folders(folders) }
    }
}
