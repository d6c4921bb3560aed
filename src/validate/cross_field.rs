//! The rules about several parameters at once, and about what is sent where.

use super::findings::Findings;
use super::parameters::Facts;
use crate::config::client::ClientOptions;
use crate::config::environment::Environment;
use crate::config::{self, Resolved};
use crate::error::Code;

pub fn check(findings: &mut Findings, facts: &Facts) {
    if !facts.cluster_id_given {
        findings.hard_error("/ClusterId", Code::Missing, "is required");
    }
    charging(findings, facts);
    if let (Some(true), 0) = (facts.data_disk, facts.data_disks) {
        let message = "is true, but worker_data_disks describes no disk";
        findings.warning("/worker_data_disk", Code::DiskMismatch, message);
    }
    if facts.data_disk == Some(false) && facts.data_disks > 0 {
        let message = "is false, but worker_data_disks is given";
        findings.warning("/worker_data_disk", Code::DiskMismatch, message);
    }
    match (facts.key_pair, facts.password_given) {
        (true, true) => {
            let message = "key_pair is given too; give one of the two";
            findings.problem("/login_password", Code::Conflict, message);
        }
        (false, false) => {
            let message = "neither key_pair nor login_password is given; nobody can log in";
            findings.warning("/key_pair", Code::NoLogin, message);
        }
        _ => {}
    }
}

/// What PrePaid needs, and what has no effect without it.
fn charging(findings: &mut Findings, facts: &Facts) {
    let prepaid = match facts.charge_type.as_deref() {
        Some(kind) => kind == "PrePaid",
        // A broken or unchecked charge type says nothing about the others.
        None if facts.charge_type_given => return,
        None => false,
    };
    let renews = facts.auto_renew == Some(true);
    let members = [
        ("/worker_period", facts.period),
        ("/worker_period_unit", facts.period_unit),
        ("/worker_auto_renew", facts.auto_renew_given),
    ];
    for (path, given) in members {
        if given && !prepaid {
            let message = "has no effect unless worker_instance_charge_type is \"PrePaid\"";
            findings.warning(path, Code::NoEffect, message);
        } else if !given && prepaid && path != "/worker_auto_renew" {
            let message = "is required when worker_instance_charge_type is \"PrePaid\"";
            findings.problem(path, Code::Missing, message);
        }
    }
    // An auto_renew that is not a boolean is a problem of its own.
    let undecided = facts.auto_renew_given && facts.auto_renew.is_none();
    if facts.auto_renew_period && !(prepaid && (renews || undecided)) {
        let message = "has no effect without \"PrePaid\" and worker_auto_renew";
        findings.warning("/worker_auto_renew_period", Code::NoEffect, message);
    } else if !facts.auto_renew_period && prepaid && renews {
        let message = "is required when \"PrePaid\" nodes renew themselves";
        findings.problem("/worker_auto_renew_period", Code::Missing, message);
    }
}

/// What the call will use, unless a secret would travel on its way for all to read.
pub fn resolve(
    findings: &mut Findings,
    facts: &Facts,
    (client, has_token): (&ClientOptions, bool),
    environment: &Environment,
) -> Option<Resolved> {
    let resolved = match config::resolve(client, environment) {
        Ok(resolved) => resolved,
        Err(problem) => {
            findings.hard_error(&problem.path, problem.code, problem.message);
            return None;
        }
    };
    if !resolved.endpoint.is_exposed() {
        return Some(resolved);
    }
    // The environment's token is not sent with an explicit pair.
    let token =
        has_token || (client.credentials.is_none() && environment.security_token() != Ok(None));
    let secrets = [("/login_password", facts.password_given), ("/client/security_token", token)];
    for (path, _) in secrets.iter().filter(|(_, given)| *given) {
        let message = "would travel over plain http beyond this machine; use an https endpoint";
        findings.hard_error(path, Code::PlaintextSecret, message);
    }
    Some(resolved)
}
