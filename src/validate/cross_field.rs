//! The rules about several parameters at once, and about what is sent where.

use super::findings::Findings;
use super::path::Path;
use super::presence::Presence;
use super::rules::Facts;
use crate::config::client::ClientOptions;
use crate::config::environment::Environment;
use crate::config::{self, Resolved};
use crate::error::Code;

pub(super) fn check(findings: &mut Findings, facts: &Facts) {
    if !facts.count.is_given() {
        let message = "is not given; how many nodes the service then buys is not documented";
        findings.warning(Path::of("count"), Code::NoCount, message);
    }
    charging(findings, facts);
    data_disks(findings, facts);
    login(findings, facts);
}

fn data_disks(findings: &mut Findings, facts: &Facts) {
    let is_mismatch = match facts.data_disk {
        Presence::Value(true)
            if matches!(facts.data_disks, Presence::Absent | Presence::Value(0)) =>
        {
            Some("is true, but worker_data_disks describes no disk")
        }
        Presence::Value(false)
            if !matches!(facts.data_disks, Presence::Absent | Presence::Value(0)) =>
        {
            Some("is false, but worker_data_disks is given")
        }
        Presence::Value(_) | Presence::Absent | Presence::Broken => None,
    };
    if let Some(message) = is_mismatch {
        findings.warning(Path::of("worker_data_disk"), Code::DiskMismatch, message);
    }
}

fn login(findings: &mut Findings, facts: &Facts) {
    match (facts.key_pair.is_given(), facts.password.is_given()) {
        (true, true) => {
            let message = "key_pair is given too; give one of the two";
            findings.problem(Path::of("login_password"), Code::Conflict, message);
        }
        (false, false) => {
            let message = "neither key_pair nor login_password is given; nobody can log in";
            findings.warning(Path::of("key_pair"), Code::NoLogin, message);
        }
        (true, false) | (false, true) => {}
    }
}

/// What PrePaid needs, and what has no effect without it.
fn charging(findings: &mut Findings, facts: &Facts) {
    let prepaid = match facts.prepaid {
        Presence::Value(prepaid) => prepaid,
        // A broken or unchecked charge type says nothing about the others.
        Presence::Broken => return,
        Presence::Absent => false,
    };
    let members = [
        ("worker_period", facts.period.is_given()),
        ("worker_period_unit", facts.period_unit.is_given()),
        ("worker_auto_renew", facts.auto_renew.is_given()),
    ];
    for (name, given) in members {
        if given && !prepaid {
            let message = "has no effect unless worker_instance_charge_type is \"PrePaid\"";
            findings.warning(Path::of(name), Code::NoEffect, message);
        } else if !given && prepaid && name != "worker_auto_renew" {
            let message = "is required when worker_instance_charge_type is \"PrePaid\"";
            findings.problem(Path::of(name), Code::Missing, message);
        }
    }
    let path = Path::of("worker_auto_renew_period");
    let given = facts.auto_renew_period.is_given();
    match facts.auto_renew {
        Presence::Value(true) if prepaid && !given => {
            let message = "is required when \"PrePaid\" nodes renew themselves";
            findings.problem(path, Code::Missing, message);
        }
        // An auto_renew that is not a boolean is a problem of its own.
        Presence::Value(true) | Presence::Broken if prepaid => {}
        Presence::Value(_) | Presence::Broken | Presence::Absent if given => {
            let message = "has no effect without \"PrePaid\" and worker_auto_renew";
            findings.warning(path, Code::NoEffect, message);
        }
        Presence::Value(_) | Presence::Broken | Presence::Absent => {}
    }
}

/// Which secrets a document holds that no way may show.
pub(super) struct Secrets {
    pub has_password: bool,
    /// A security token, whether its pair is whole or not.
    pub has_token: bool,
}

/// What the call will use, unless a secret would travel on its way for all to read.
pub(super) fn resolve(
    findings: &mut Findings,
    client: &ClientOptions,
    secrets: Secrets,
    environment: &Environment,
) -> Option<Resolved> {
    let resolved = match config::resolve(client, environment) {
        Ok(resolved) => resolved,
        Err(problem) => {
            findings.problems.push(problem);
            return None;
        }
    };
    if !resolved.endpoint.is_exposed() {
        return Some(resolved);
    }
    // The environment's token is not sent with an explicit pair.
    let has_token = secrets.has_token
        || (client.credentials.is_none() && environment.security_token() != Ok(None));
    let password = (Path::of("login_password"), secrets.has_password);
    let token = (Path::of_client("security_token"), has_token);
    for (path, _) in [password, token].into_iter().filter(|(_, given)| *given) {
        let message = "would travel over plain http beyond this machine; use an https endpoint";
        findings.hard_error(path, Code::PlaintextSecret, message);
    }
    Some(resolved)
}
