//! What the environment says where the document is silent: one picture of it, taken at the beginning of a
//! call. What the validator judged is then what is used, whatever another thread sets meanwhile.

use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::config::authority::Scheme;
use crate::error::{Code, Problem};
use crate::os::environment;
use crate::secret::Secret;

/// Every variable that counts. A value may be a secret.
const NAMES: [&str; 16] = [
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
    "ALIBABA_CLOUD_REGION_ID",
    "CS_SCALE_OUT_ENDPOINT",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    // Set by a web server for a CGI program.
    "REQUEST_METHOD",
];

/// What other tools read, and people set in vain: told where no credentials were found.
const FOREIGN: [&str; 8] = [
    "ALICLOUD_ACCESS_KEY",
    "ALICLOUD_SECRET_KEY",
    "ALICLOUD_SECURITY_TOKEN",
    "ALIBABACLOUD_ACCESS_KEY_ID",
    "ALIBABACLOUD_ACCESS_KEY_SECRET",
    "ALIYUN_ACCESS_KEY_ID",
    "ALIYUN_ACCESS_KEY_SECRET",
    "ALIYUN_SECURITY_TOKEN",
];

/// How the names begin: by that alone most other variables are passed over.
const BEGINNINGS: [bool; 256] = {
    let mut table = [false; 256];
    let mut index = 0;
    while index < NAMES.len() {
        table[NAMES[index].as_bytes()[0] as usize] = true;
        index += 1;
    }
    table
};

/// The variables as they were set; empty ones count as not set.
pub(crate) struct Environment(Vec<(&'static str, Zeroizing<Vec<u8>>)>);

/// A variable that is set and cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotUtf8(pub &'static str);

impl NotUtf8 {
    /// The problem at the member that the variable stands for.
    pub(crate) fn at(self, path: &str) -> Problem {
        Problem { path: path.to_owned(), code: Code::NotUnicode, message: self.to_string() }
    }
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is set, but its value is not UTF-8", self.0)
    }
}

impl Environment {
    /// The process's own, as it is now.
    pub(crate) fn read() -> Environment {
        let mut environment = Environment::SILENT;
        environment::each(|entry| environment.add(entry));
        environment
    }

    /// One that says nothing.
    pub(crate) const SILENT: Environment = Environment(Vec::new());

    /// One that says what `value` gives for a name.
    #[cfg(test)]
    pub(crate) fn from_values(value: impl Fn(&str) -> Option<Vec<u8>>) -> Environment {
        let mut environment = Environment::SILENT;
        for name in NAMES.into_iter().chain(FOREIGN) {
            if let Some(value) = value(name) {
                environment.add(&[name.as_bytes(), b"=", &value].concat());
            }
        }
        environment
    }

    /// Takes an entry `NAME=VALUE` over, if it counts.
    fn add(&mut self, entry: &[u8]) {
        if !entry.first().is_some_and(|first| BEGINNINGS[usize::from(*first)]) {
            return;
        }
        let mut parts = entry.splitn(2, |byte| *byte == b'=');
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else { return };
        let mut names = NAMES.iter().chain(&FOREIGN);
        if let Some(name) = names.find(|known| known.as_bytes() == name) {
            self.0.push((name, Zeroizing::new(value.to_vec())));
        }
    }

    /// The variables of other tools that are set, where the keys that are read are not.
    pub(crate) fn foreign(&self) -> impl Iterator<Item = &'static str> {
        let has_keys = self.bytes(NAMES[0]).is_some();
        FOREIGN.into_iter().filter(move |name| !has_keys && self.bytes(name).is_some())
    }

    fn bytes(&self, name: &str) -> Option<(&'static str, &[u8])> {
        let set = self.0.iter().find(|(known, _)| *known == name)?;
        Some((set.0, &set.1[..])).filter(|(_, value)| !value.is_empty())
    }

    /// The first of `names` that is set, with its name.
    fn first(&self, names: &[&str]) -> Result<Option<(&'static str, &str)>, NotUtf8> {
        let Some((name, bytes)) = names.iter().find_map(|name| self.bytes(name)) else {
            return Ok(None);
        };
        let text = std::str::from_utf8(bytes).map_err(|_| NotUtf8(name))?;
        Ok(Some((name, text)))
    }

    fn text(&self, name: &str) -> Result<Option<&str>, NotUtf8> {
        Ok(self.first(&[name])?.map(|(_, text)| text))
    }

    pub(crate) fn access_key_id(&self) -> Result<Option<&str>, NotUtf8> {
        self.text("ALIBABA_CLOUD_ACCESS_KEY_ID")
    }

    pub(crate) fn access_key_secret(&self) -> Result<Option<Secret>, NotUtf8> {
        Ok(self.text("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?.map(Secret::new))
    }

    pub(crate) fn security_token(&self) -> Result<Option<Secret>, NotUtf8> {
        Ok(self.text("ALIBABA_CLOUD_SECURITY_TOKEN")?.map(Secret::new))
    }

    pub(crate) fn region_id(&self) -> Result<Option<&str>, NotUtf8> {
        self.text("ALIBABA_CLOUD_REGION_ID")
    }

    pub(crate) fn endpoint(&self) -> Result<Option<&str>, NotUtf8> {
        self.text("CS_SCALE_OUT_ENDPOINT")
    }

    /// The proxy for requests by `scheme`, with the variable that names it; lower case wins, as in curl.
    pub(crate) fn proxy(&self, scheme: Scheme) -> Result<Option<(&'static str, &str)>, NotUtf8> {
        self.first(match scheme {
            Scheme::Https => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
            // There HTTP_PROXY is the client's `Proxy:` header (httpoxy), not a setting.
            Scheme::Http if self.is_cgi() => &["http_proxy", "all_proxy", "ALL_PROXY"],
            Scheme::Http => &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
        })
    }

    fn is_cgi(&self) -> bool {
        self.bytes("REQUEST_METHOD").is_some()
    }

    pub(crate) fn no_proxy(&self) -> Result<Option<&str>, NotUtf8> {
        Ok(self.first(&["no_proxy", "NO_PROXY"])?.map(|(_, text)| text))
    }

    /// Paths may hold any bytes.
    pub(crate) fn ssl_cert_file(&self) -> Option<PathBuf> {
        self.bytes("SSL_CERT_FILE").map(|(_, path)| PathBuf::from(OsStr::from_bytes(path)))
    }

    pub(crate) fn ssl_cert_dir(&self) -> Vec<PathBuf> {
        let Some((_, paths)) = self.bytes("SSL_CERT_DIR") else { return Vec::new() };
        let folders = std::env::split_paths(OsStr::from_bytes(paths));
        folders.filter(|folder| !folder.as_os_str().is_empty()).collect()
    }
}

/// The problem of a variable that holds no usable URL, at the member that it stands for.
pub(crate) fn bad_url(path: &str, variable: &str, message: &str) -> Problem {
    let message = format!("{variable} {message}");
    Problem { path: path.to_owned(), code: Code::BadUrl, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(values: &'static [(&str, &[u8])]) -> Environment {
        Environment::from_values(|name| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_vec())
        })
    }

    #[test]
    fn every_name_counts_and_no_other() {
        let mut all = Environment::SILENT;
        for name in NAMES.into_iter().chain(FOREIGN) {
            all.add(format!("{name}=a=b").as_bytes());
            assert_eq!(all.bytes(name), Some((name, &b"a=b"[..])));
        }
        let mut none = Environment::SILENT;
        for entry in ["", "=", "HTTP_PROXY", "HTTP_PROXY2=x", "HTTP=x", "PATH=x", "http_proxy="] {
            none.add(entry.as_bytes());
        }
        assert!(NAMES.into_iter().all(|name| none.bytes(name).is_none()));
    }

    #[test]
    fn lower_case_wins_and_all_proxy_comes_last() {
        let both =
            environment(&[("HTTPS_PROXY", b"b"), ("https_proxy", b"a"), ("ALL_PROXY", b"c")]);
        assert_eq!(both.proxy(Scheme::Https), Ok(Some(("https_proxy", "a"))));
        assert_eq!(both.proxy(Scheme::Http), Ok(Some(("ALL_PROXY", "c"))));
        let cgi = environment(&[("HTTP_PROXY", b"evil"), ("REQUEST_METHOD", b"GET")]);
        assert_eq!(cgi.proxy(Scheme::Http), Ok(None));
        let empty = environment(&[("https_proxy", b""), ("HTTPS_PROXY", b"b")]);
        assert_eq!(empty.proxy(Scheme::Https), Ok(Some(("HTTPS_PROXY", "b"))));
    }

    #[test]
    fn what_is_not_utf8_is_an_error_that_names_it_but_for_paths() {
        let broken = environment(&[("HTTP_PROXY", b"\xff"), ("SSL_CERT_FILE", b"/\xff")]);
        assert_eq!(broken.proxy(Scheme::Http), Err(NotUtf8("HTTP_PROXY")));
        assert_eq!(broken.proxy(Scheme::Https), Ok(None));
        assert_eq!(broken.ssl_cert_file(), Some(PathBuf::from(OsStr::from_bytes(b"/\xff"))));
    }
}
