//! The service's ways to say no.

use crate::fault::Shape;
use crate::xml;
use serde_json::{Value, json};

const HOST: &str = "cs.aliyuncs.com";

/// An answer that executes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) shape: Shape,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Refusal {
    /// Said by the gateway, before the service saw the request.
    pub(crate) fn gateway(status: u16, code: &str, message: impl Into<String>) -> Refusal {
        Refusal { status, shape: Shape::Gateway, code: code.into(), message: message.into() }
    }

    /// Said by the service itself.
    pub(crate) fn cs(status: u16, code: &str, message: impl Into<String>) -> Refusal {
        Refusal { status, shape: Shape::Cs, code: code.into(), message: message.into() }
    }

    /// Said by whatever never got as far as understanding the request.
    pub(crate) fn plain(status: u16) -> Refusal {
        let message = reason(status).to_string();
        Refusal { status, shape: Shape::Text, code: status.to_string(), message }
    }
}

/// An error body and its content type.
pub(crate) fn render(
    shape: Shape,
    status: u16,
    code: &str,
    message: &str,
    request_id: &str,
) -> (&'static str, Vec<u8>) {
    const JSON: &str = "application/json;charset=utf-8";
    let (media, body) = match shape {
        Shape::Gateway => (JSON, gateway_json(code, message, request_id).to_string()),
        Shape::Cs => {
            let body = json!({"code": code, "message": message, "requestId": request_id,
                "status": status});
            (JSON, body.to_string())
        }
        Shape::Nested => {
            let error = json!({"code": code, "message": message});
            (JSON, json!({"error": error, "request_id": request_id}).to_string())
        }
        Shape::AccessDenied => (JSON, denied_json(code, message, request_id)),
        Shape::Xml => ("text/xml;charset=utf-8", gateway_xml(code, message, request_id)),
        Shape::Text => {
            let body = format!("code={code}, message={message}");
            ("text/plain; charset=utf-8", body)
        }
        Shape::Html => {
            let message = xml::escape(message);
            let body = format!(
                "<html>\r\n<head><title>{status} {code}</title></head>\r\n<body>\r\n\
                 <center><h1>{status} {code}</h1></center>\r\n<p>{message}</p>\r\n\
                 <hr><center>Tengine</center>\r\n</body>\r\n</html>\r\n"
            );
            ("text/html", body)
        }
    };
    (media, body.into_bytes())
}

fn gateway_json(code: &str, message: &str, request_id: &str) -> Value {
    let recommend = format!("https://error-center.aliyun.com/status/search?Keyword={code}");
    json!({"RequestId": request_id, "HostId": HOST, "Code": code, "Message": message,
        "Recommend": recommend})
}

fn denied_json(code: &str, message: &str, request_id: &str) -> String {
    let mut body = gateway_json(code, message, request_id);
    body["AccessDeniedDetail"] = json!({"AuthAction": "cs:ScaleOutCluster",
        "AuthPrincipalType": "SubUser", "AuthPrincipalDisplayName": "224444444444444444",
        "AuthPrincipalOwnerId": "1234567890123456", "PolicyType": "AccountLevelIdentityBasedPolicy",
        "NoPermissionType": "ImplicitDeny"});
    body.to_string()
}

fn gateway_xml(code: &str, message: &str, request_id: &str) -> String {
    let members =
        [("RequestId", request_id), ("HostId", HOST), ("Code", code), ("Message", message)];
    let element = |(name, value)| format!("<{name}>{}</{name}>", xml::escape(value));
    let members: String = members.into_iter().map(element).collect();
    format!("<?xml version='1.0' encoding='UTF-8'?><Error>{members}</Error>")
}

/// The words that go with a status.
pub(crate) fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Unnamed",
    }
}
