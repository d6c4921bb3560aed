//! What to do about what the service said.

use super::{LOOK_FIRST, Redaction};
use crate::api::reply::Reply;
use crate::api::{Operation, SCALE_OUT_CLUSTER};
use crate::json::Raw;
use crate::transport::HttpResponse;

/// The service's own limit for a request's date, either way.
const CLOCK_LIMIT_SECONDS: i64 = 15 * 60;

const BUSY: &str = "the cluster is busy and nothing was started: send it again when it is running";

/// The hint for what a reply to a purchase says.
pub(super) fn of_purchase(
    response: &HttpResponse,
    reply: &Reply,
    redaction: &Redaction<'_>,
) -> Option<String> {
    let hint = match reply.decisive_code() {
        "SignatureNonceUsed" => {
            "something on the way sends requests twice, and an earlier copy of this one arrived: \
             look at the cluster's tasks and nodes before sending it again"
        }
        _ if !is_refusal(response.status) => LOOK_FIRST,
        _ => return of_refusal(&SCALE_OUT_CLUSTER, response, reply, redaction),
    };
    Some(hint.to_owned())
}

/// The hint for what a reply to a read says.
pub(super) fn of_read(
    operation: &Operation,
    response: &HttpResponse,
    reply: &Reply,
    redaction: &Redaction<'_>,
) -> Option<String> {
    let hint = match reply.decisive_code() {
        "SignatureNonceUsed" => "something on the way sends requests twice: ask again",
        _ if !is_refusal(response.status) => "ask again",
        _ if is_not_found(response, reply) => {
            "the id is wrong, the task is too new or too old to be shown, or the endpoint is another \
             region's or site's"
        }
        _ => return of_refusal(operation, response, reply, redaction),
    };
    Some(hint.to_owned())
}

fn is_refusal(status: u16) -> bool {
    (300..500).contains(&status) && status != 408
}

/// Whether the service says that it has no such task. Its body may repeat the HTTP status as the code; what
/// the gateway does not find is a key or an action.
pub(super) fn is_not_found(response: &HttpResponse, reply: &Reply) -> bool {
    let code = reply.code.as_deref().unwrap_or_default();
    match response.status {
        400 => code == "400",
        404 => !code.starts_with("Invalid") && code != "ErrorClusterNotFound",
        _ => false,
    }
}

/// The hint for a definite no.
fn of_refusal(
    operation: &Operation,
    response: &HttpResponse,
    reply: &Reply,
    redaction: &Redaction<'_>,
) -> Option<String> {
    let code = reply.decisive_code();
    let message = reply.message.as_deref().unwrap_or_default();
    let hint = match code {
        "SignatureDoesNotMatch" => mismatch(message, redaction.string_to_sign)?,
        "InvalidAccessKeyId.NotFound" | "InvalidAccessKeyId.Inactive" => {
            "the access key id is unknown or disabled: check it, and that the endpoint's site is its own"
        }
        "InvalidTimeStamp.Expired" | "InvalidTimeStamp.Format" | "IllegalTimestamp" => {
            return Some(clock(code, redaction.clock_offset));
        }
        "InvalidStatus.Forbidden" | "InvalidStatus.Unsupported" => BUSY,
        "ErrorClusterNotFound" => {
            "the cluster id is wrong, or the endpoint is another region's or site's"
        }
        "ErrorCheckAcl" => "a network rule of the account refuses this machine's address",
        "MissingSecurityToken" => {
            "temporary keys need their security token: give it, or get new temporary keys"
        }
        _ if code.starts_with("InvalidSecurityToken") => {
            "the security token has expired or belongs to other keys: get new temporary keys"
        }
        _ if code.starts_with("Forbidden") || is_policy(message) => {
            return Some(forbidden(reply, operation));
        }
        _ if is_busy(message) => BUSY,
        _ if response.status == 429 || reply.is_throttling() => {
            "too many requests; nothing was started: wait and send it again"
        }
        _ if response.status < 400 => "redirects are not followed: correct the endpoint",
        _ => return None,
    };
    Some(hint.to_owned())
}

/// "cannot operate cluster where state is scaling", whatever the code beside it.
fn is_busy(message: &str) -> bool {
    message.to_ascii_lowercase().contains("cannot operate cluster where state is")
}

/// "RAM policy Forbidden for action cs:X", "STSToken policy Forbidden for action cs:X".
fn is_policy(message: &str) -> bool {
    message.contains("policy Forbidden for action")
}

fn forbidden(reply: &Reply, operation: &Operation) -> String {
    let message = reply.message.as_deref().unwrap_or_default();
    let rest = message.split_once("for action ").map(|(_, rest)| rest);
    let named = rest.and_then(|rest| rest.split_whitespace().next());
    let is_action = |action: &&str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b':';
        action.starts_with("cs:") && action.len() <= 64 && action.bytes().all(plain)
    };
    let detail = reply.access_denied_detail.as_deref().and_then(|json| Raw::parse(json).ok());
    let members = detail.and_then(Raw::members).unwrap_or_default();
    let told = members.iter().find(|(name, _)| name == "AuthAction");
    let told = told.and_then(|(_, action)| action.string());
    let named = named.or(told.as_deref()).map(|action| action.trim_end_matches(['.', ',', ';']));
    let action = named.filter(is_action).unwrap_or(operation.permission);
    format!("the account may not do this: grant it {action} {}", operation.resource)
}

/// What is told of a clock is what the reply's own date shows.
fn clock(code: &str, offset: Option<i64>) -> String {
    match offset {
        Some(offset) if offset.abs() > CLOCK_LIMIT_SECONDS => {
            let way = if offset > 0 { "behind" } else { "ahead of" };
            format!("this machine's clock is {} s {way} the server's: set it", offset.abs())
        }
        Some(_) if code == "InvalidTimeStamp.Format" => {
            "this machine's clock is right: something on the way changed the request's date"
                .to_owned()
        }
        Some(_) => {
            "this machine's clock is right: something on the way held the request up, or changed \
             its date"
                .to_owned()
        }
        None => {
            "the service does not take the request's date: compare this machine's clock".to_owned()
        }
    }
}

/// The server says what it would have signed: the same as we did, or not.
fn mismatch(message: &str, ours: &str) -> Option<&'static str> {
    let squeezed = |text: &str| text.replace("\\n", "\n").split_whitespace().collect::<String>();
    let (message, ours) = (squeezed(message), squeezed(ours));
    if message.contains(&ours) {
        return Some("the server signs the same text, so the access key secret is wrong");
    }
    let told = message.to_ascii_lowercase().contains("stringtosign");
    told.then_some(
        "the server signs another text: something on the way changed a header or the path",
    )
}
