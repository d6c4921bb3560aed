//! `host[:port]` and `scheme://host[:port]`, as they are written for endpoints and proxies.

use std::fmt;
use std::net::IpAddr;

use http::uri;

use crate::secret::Secret;

/// `http` or `https`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    #[default]
    Https,
}

impl Scheme {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    /// The port where none is given.
    pub(crate) fn port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

/// Where to connect. `login` is a proxy's `user:password`, as it stands in the URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authority {
    pub scheme: Option<Scheme>,
    /// As in a URL: an IPv6 address keeps its brackets.
    pub host: String,
    pub port: Option<u16>,
    pub login: Option<Secret>,
}

/// Most often a password as it was chosen.
const BAD_LOGIN: &str = "has a login that is no URL's: percent-encode / ? # @ : % in user name and password \
                         (# is %23, @ is %40)";

impl Authority {
    /// The message says what is wrong without quoting the text, which may hold a password.
    pub(crate) fn parse(text: &str) -> Result<Authority, &'static str> {
        let (scheme, rest) = match text.split_once("://") {
            None => (None, text),
            Some((word, rest)) => {
                let mut both = [Scheme::Http, Scheme::Https].into_iter();
                match both.find(|scheme| word.eq_ignore_ascii_case(scheme.name())) {
                    Some(scheme) => (Some(scheme), rest),
                    None => return Err("must begin with http:// or https://"),
                }
            }
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let or = |otherwise| if rest.contains('@') { BAD_LOGIN } else { otherwise };
        if rest.contains(['/', '?', '#']) {
            return Err(or(
                "must be host[:port] or http(s)://host[:port], without a path or query",
            ));
        }
        let authority: uri::Authority =
            rest.parse().map_err(|_| or("is not host[:port] or http(s)://host[:port]"))?;
        let (login, place) = match authority.as_str().rsplit_once('@') {
            Some((login, place)) => (Some(Secret::new(login)), place),
            None => (None, authority.as_str()),
        };
        let host = authority.host();
        if host.is_empty() || host == "[]" {
            return Err("has no host");
        }
        let port = authority.port_u16();
        if place.len() > host.len() && port.is_none_or(|port| port == 0) {
            return Err("has a port that is not a number from 1 to 65535");
        }
        Ok(Authority { scheme, host: host.to_ascii_lowercase(), port, login })
    }

    /// Whether the host is this machine by name or by number; no look-up is made.
    pub(crate) fn is_loopback(&self) -> bool {
        match self.ip() {
            Some(ip) => ip.to_canonical().is_loopback(),
            None => self.host == "localhost" || self.host.ends_with(".localhost"),
        }
    }

    pub(crate) fn ip(&self) -> Option<IpAddr> {
        self.host.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }
}

impl fmt::Display for Authority {
    /// `host[:port]`, never the login.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_ports_and_urls_are_read() {
        for (text, shown, scheme) in [
            ("cs.aliyuncs.com", "cs.aliyuncs.com", None),
            ("127.0.0.1:8080", "127.0.0.1:8080", None),
            ("http://LocalHost:1/", "localhost:1", Some(Scheme::Http)),
            ("HTTPS://[::1]:443", "[::1]:443", Some(Scheme::Https)),
            ("http://user:pa%20ss@proxy:3128", "proxy:3128", Some(Scheme::Http)),
        ] {
            let address = Authority::parse(text).expect(text);
            assert_eq!(address.to_string(), shown);
            assert_eq!(address.scheme, scheme, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "http://",
            "ftp://a",
            "a/b",
            "http://a/b",
            "a?b",
            "a b",
            "a:0",
            "a:x",
            "a:65536",
            "a:",
            "[::1",
            "socks5://a:1",
            "a\r\nb",
            "http:///",
        ] {
            assert!(Authority::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_login_that_is_not_percent_encoded_is_told_apart() {
        for text in ["http://user:p#w@proxy:1", "http://user:p/w@proxy", "http://us er:p@proxy"] {
            let message = Authority::parse(text).expect_err(text);
            assert!(message.contains("percent-encode") && !message.contains("p#w"), "{message}");
        }
        assert!(!Authority::parse("proxy/path").expect_err("a path").contains("percent"));
    }

    #[test]
    fn loopback_is_known_without_a_look_up() {
        for text in
            ["localhost", "127.0.0.1:1", "127.9.9.9", "[::1]", "a.localhost", "[::ffff:127.0.0.1]"]
        {
            assert!(Authority::parse(text).expect(text).is_loopback(), "{text}");
        }
        for text in ["cs.aliyuncs.com", "10.0.0.1", "localhost.example", "[::2]"] {
            assert!(!Authority::parse(text).expect(text).is_loopback(), "{text}");
        }
    }
}
