//! What is given in `client` and loses against something else.

use crate::config::client::ClientOptions;
use crate::config::environment::Environment;
use crate::error::Code;
use crate::validate::findings::Findings;
use crate::validate::path::Path;

pub(crate) fn check(findings: &mut Findings, client: &ClientOptions, environment: &Environment) {
    let mut warn = |name, message: &str| {
        findings.warning(Path::of_client(name), Code::NoEffect, message);
    };
    if client.region_id.is_some() {
        if client.endpoint.is_some() {
            warn("region_id", "has no effect beside endpoint, which names the host");
        } else if environment.endpoint().is_ok_and(|endpoint| endpoint.is_some()) {
            warn("region_id", "has no effect beside CS_SCALE_OUT_ENDPOINT, which names the host");
        }
    }
    let endpoint_scheme = client.endpoint.as_ref().and_then(|endpoint| endpoint.scheme);
    if client.scheme.is_some() && endpoint_scheme.is_some() && client.scheme != endpoint_scheme {
        warn("scheme", "has no effect beside an endpoint URL, which has a scheme of its own");
    }
    if client.adopt_candidate && !client.reconcile {
        warn("adopt_candidate", "has no effect where reconcile is false: nobody looks for one");
    }
    if client.profile.is_some() {
        let message = match client.credentials {
            Some(_) => "has no effect beside an explicit key pair",
            None => "has no effect: this version reads no credential files",
        };
        warn("profile", message);
    }
}

/// What says nothing to a read.
pub(crate) fn check_of_read(
    findings: &mut Findings,
    client: &ClientOptions,
    environment: &Environment,
) {
    check(findings, client, environment);
    if client.dry_run {
        let message = "has no effect: this function reads, and buys nothing";
        findings.warning(Path::of_client("dry_run"), Code::NoEffect, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_loses_against_the_environments_endpoint() {
        let region = || Some("cn-hangzhou".to_owned());
        let client = ClientOptions { region_id: region(), ..ClientOptions::default() };
        let endpoint = |name: &str| match name {
            "CS_SCALE_OUT_ENDPOINT" => Some(b"cs.example.com".to_vec()),
            _ => None,
        };
        let warnings = |client: &ClientOptions, environment: &Environment| {
            let mut findings = Findings::default();
            check(&mut findings, client, environment);
            findings.warnings.into_iter().map(|w| w.path).collect::<Vec<_>>()
        };
        let environment = Environment::from_values(endpoint);
        assert_eq!(warnings(&client, &environment), ["/client/region_id"]);
        assert_eq!(warnings(&client, &Environment::SILENT), [""; 0]);
        assert_eq!(warnings(&ClientOptions::default(), &environment), [""; 0]);
    }
}
