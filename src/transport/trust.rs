//! The roots of trust, read from where they are kept, and what TLS needs of them, kept as long as they
//! stay the same.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::cause::{RootsProblem, Why};
use super::certificate::Verifier;
use crate::config::roots::Roots;
use crate::os::fork::{PerProcess, Process, lock};

/// Kept at once; a process uses one or two.
const MOST: usize = 16;

/// Where systems keep their roots as one file, the likeliest first.
const FILES: [&str; 7] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/etc/ssl/cert.pem",
];

/// Where they keep them one by one.
const FOLDERS: [&str; 2] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

static KEPT: PerProcess<Mutex<Vec<Arc<Trust>>>> = PerProcess::new();

/// Roots as they were when they were read.
pub(super) struct Trust {
    roots: Roots,
    /// What was read, and what tells whether it still is the same.
    places: Vec<(PathBuf, Option<Stamp>)>,
    pub config: Arc<ClientConfig>,
}

/// A file or a folder at one time. What a path names is looked at, wherever it leads by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    file: (u64, u64),
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp {
            file: (metadata.dev(), metadata.ino()),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    fn now(path: &Path) -> Option<Stamp> {
        fs::metadata(path).ok().as_ref().map(Stamp::of)
    }
}

impl Trust {
    fn is_current(&self) -> bool {
        self.places.iter().all(|(path, stamp)| Stamp::now(path) == *stamp)
    }
}

/// What `roots` stands for now. The same value as before, if nothing has changed.
pub(super) fn current(roots: &Roots, process: Process) -> Result<Arc<Trust>, Why> {
    let lock = || lock(KEPT.get(), process).ok_or(Why::Forked);
    let known = lock()?.iter().find(|trust| trust.roots == *roots).cloned();
    if let Some(known) = known.filter(|known| known.is_current()) {
        return Ok(known);
    }
    // Files are read without the lock, and now and then by two at once.
    let fresh = Arc::new(load(roots).map_err(Why::Roots)?);
    let mut kept = lock()?;
    kept.retain(|trust| trust.roots != *roots);
    if kept.len() == MOST {
        kept.remove(0);
    }
    kept.push(Arc::clone(&fresh));
    Ok(fresh)
}

fn load(roots: &Roots) -> Result<Trust, RootsProblem> {
    let mut found = Found::default();
    match roots {
        Roots::File(path) => found.file(path)?,
        Roots::Folders(folders) => folders.iter().for_each(|folder| found.folder(folder)),
        Roots::System => found.system(),
    }
    let Found { places, certificates } = found;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let nothing = |places: &[(PathBuf, _)]| match (roots, places) {
        (Roots::File(path), _) => RootsProblem::NoCertificate(path.clone()),
        _ => RootsProblem::Nothing(places.iter().map(|(path, _)| path.clone()).collect()),
    };
    let verifier = Verifier::new(certificates, &provider).ok_or_else(|| nothing(&places))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| nothing(&places))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(Trust { roots: roots.clone(), places, config: Arc::new(config) })
}

/// What was found so far.
#[derive(Default)]
struct Found {
    places: Vec<(PathBuf, Option<Stamp>)>,
    certificates: Vec<CertificateDer<'static>>,
}

impl Found {
    fn file(&mut self, path: &Path) -> Result<(), RootsProblem> {
        let unreadable = |e: io::Error| {
            RootsProblem::Unreadable(path.to_owned(), e.raw_os_error().unwrap_or_default())
        };
        let (mut file, metadata) = open(path).map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(RootsProblem::NotAFile(path.to_owned()));
        }
        self.places.push((path.to_owned(), Some(Stamp::of(&metadata))));
        let mut pem = Vec::new();
        file.read_to_end(&mut pem).map_err(unreadable)?;
        self.certificates.extend(CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok));
        Ok(())
    }

    /// Every file in a folder. What cannot be read there, or is none, is passed over.
    fn folder(&mut self, folder: &Path) {
        self.places.push((folder.to_owned(), Stamp::now(folder)));
        let mut inside = Found::default();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            // Many names lead to one file.
            let path = entry.path();
            let stamp = Stamp::now(&path);
            if !inside.places.iter().any(|(_, seen)| seen.is_some() && *seen == stamp) {
                drop(inside.file(&path));
            }
        }
        // The folder's own stamp stands for them.
        self.certificates.append(&mut inside.certificates);
    }

    fn system(&mut self) {
        let file = FILES.iter().map(Path::new).find(|path| path.exists());
        if let Some(file) = file {
            drop(self.file(file));
        }
        let folders = FOLDERS.iter().map(Path::new).filter(|path| path.exists());
        folders.for_each(|folder| self.folder(folder));
    }
}

/// Without waiting for whoever should write into a FIFO.
fn open(path: &Path) -> io::Result<(File, Metadata)> {
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    let metadata = file.metadata()?;
    Ok((file, metadata))
}
