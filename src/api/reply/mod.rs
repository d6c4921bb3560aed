//! Any shape the service, its gateway or a proxy answers in, read into one [`Reply`].
//!
//! The shape is recognised from the content, never from what was asked for or what a header claims.

mod member;
mod task;
mod tasks;
mod xml;

pub(crate) use task::read_task;
pub(crate) use tasks::{TaskItem, TaskPage};

use crate::json::{Kind, Members, Parsed, Raw};

/// What a reply says, as far as it could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    pub cluster_id: Option<String>,
    pub task_id: Option<String>,
    pub request_id: Option<String>,
    pub code: Option<String>,
    pub message: Option<String>,
    /// The code stands in an object below the root: something's own error, which decides nothing.
    pub is_code_nested: bool,
    /// The service's own object beside a 403, as JSON.
    pub access_denied_detail: Option<String>,
    /// It names two tasks, clusters or codes, or one by something that is no text.
    pub is_contradictory: bool,
    /// An object below the root names a task.
    pub has_inner_task: bool,
    /// An object below the root is an error.
    pub has_inner_error: bool,
}

impl Reply {
    /// Reads a whole body; `None` where it is no shape we know, or not whole.
    pub(crate) fn read(body: &[u8]) -> Option<Reply> {
        let text = std::str::from_utf8(body).ok()?;
        let text = text.trim_start_matches('\u{feff}').trim();
        let reply = match text.as_bytes().first()? {
            b'{' => from_json(text)?,
            b'<' => xml::read(text)?,
            _ => from_plain(text)?,
        };
        (reply != Reply::default()).then_some(reply)
    }

    /// The code that may decide whether to try again.
    pub(crate) fn decisive_code(&self) -> &str {
        self.code.as_deref().filter(|_| !self.is_code_nested).unwrap_or_default()
    }

    /// Whether the code says that the request was turned away before it was looked at.
    pub(crate) fn is_throttling(&self) -> bool {
        let code = self.decisive_code();
        code.starts_with("Throttling") || code == "Rejected.Throttling"
    }

    /// Files a member under its name in any of the spellings that were seen.
    fn take(&mut self, name: &str, value: String) {
        let slot = match name {
            "cluster_id" | "ClusterId" => &mut self.cluster_id,
            "task_id" | "TaskId" => &mut self.task_id,
            "request_id" | "requestId" | "RequestId" => &mut self.request_id,
            "code" | "Code" | "errorCode" | "ErrorCode" => &mut self.code,
            "message" | "Message" => &mut self.message,
            _ => return,
        };
        if value.is_empty() {
            return;
        }
        let differs = slot.as_ref().is_some_and(|before| *before != value);
        // Several spellings of a message or a request id are met in one document.
        self.is_contradictory |= differs && !is_message_or_request(name);
        *slot = Some(value);
    }

    /// Files the members of a JSON object; `None` where it is not to be trusted.
    fn take_members(&mut self, members: Members<'_>) -> Option<()> {
        let mut inner = Vec::new();
        for (name, raw) in members {
            match raw.kind() {
                // A document with a string that is none is not to be trusted for the others.
                Kind::Text => self.take(&name, raw.string()?.into_owned()),
                // A code may be the HTTP status again.
                Kind::Number if name.eq_ignore_ascii_case("code") => {
                    self.take(&name, raw.text().to_owned());
                }
                Kind::Object if name == "AccessDeniedDetail" => {
                    self.access_denied_detail = Some(compact(raw));
                }
                Kind::Null => {}
                Kind::Boolean | Kind::Number | Kind::Array | Kind::Object => {
                    self.is_contradictory |= is_id_name(&name);
                    inner.extend(tasks_named_in(raw.text()));
                }
            }
        }
        self.has_inner_task |= !inner.is_empty();
        let outer = self.task_id.as_deref();
        self.is_contradictory |= outer.is_some() && inner.iter().any(|id| *id != outer);
        Some(())
    }
}

/// What the members named like a task hold at any depth of a JSON text; `None` for what is no text.
fn tasks_named_in(text: &str) -> impl Iterator<Item = Option<&str>> {
    let after = ["\"task_id\"", "\"TaskId\""].into_iter().flat_map(|name| text.split(name).skip(1));
    let values = after.filter_map(|rest| Some(rest.trim_start().strip_prefix(':')?.trim_start()));
    values
        .filter(|value| !value.starts_with("null"))
        .map(|value| value.strip_prefix('"')?.split('"').next())
}

fn is_id_name(name: &str) -> bool {
    matches!(name, "task_id" | "TaskId" | "cluster_id" | "ClusterId")
}

fn is_message_or_request(name: &str) -> bool {
    name.eq_ignore_ascii_case("message") || matches!(name, "request_id" | "requestId" | "RequestId")
}

fn compact(raw: Raw<'_>) -> String {
    let mut out = String::new();
    raw.write_compact(&mut out);
    out
}

/// The gateway's PascalCase members and the service's lower-case ones alike, and `{"error": {…}}`.
fn from_json(text: &str) -> Option<Reply> {
    // Member by member, not as a tree: whoever answers would choose how deep its reader recurses,
    // on a stack that belongs to the host.
    let members = Parsed::parse(text).ok()?.members?;
    let inner = members.iter().find(|(name, _)| name.eq_ignore_ascii_case("error"));
    let inner = inner.and_then(|(_, raw)| raw.members());
    let mut reply = Reply::default();
    reply.take_members(members)?;
    if let Some(inner) = inner {
        let outer = reply.code.take();
        reply.has_inner_error = true;
        reply.take_members(inner)?;
        match (outer, &reply.code) {
            (None, inner) => reply.is_code_nested = inner.is_some(),
            (Some(outer), inner) => {
                reply.is_contradictory |= inner.as_ref().is_some_and(|inner| *inner != outer);
                reply.code = Some(outer);
            }
        }
    }
    Some(reply)
}

/// `code=415, message=Unsupported Media Type`, as some gateways write it.
fn from_plain(text: &str) -> Option<Reply> {
    let rest = text.strip_prefix("code=")?;
    let (code, message) = rest.split_once(", message=").or(rest.split_once(",message="))?;
    let mut reply = Reply::default();
    reply.take("code", code.trim().to_owned());
    reply.take("message", message.trim().to_owned());
    Some(reply)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TASK: &str = "T-5a54309c80282e39ea00002f";
    const REQUEST: &str = "687C5BAA-D103-4993-884B-C35E4314A1E1";

    fn read(text: &str) -> Reply {
        Reply::read(text.as_bytes()).expect(text)
    }

    #[test]
    fn success_reads_the_same_from_every_representation() {
        let json = format!(
            r#"{{"cluster_id": "c82e****", "task_id": "{TASK}", "request_id": "{REQUEST}"}}"#
        );
        let bare = format!(
            "<cluster_id>c82e****</cluster_id>\n<task_id>{TASK}</task_id>\n\
             <request_id>{REQUEST}</request_id>"
        );
        let rooted = format!(
            "<?xml version=\"1.0\"?>\n<ScaleOutClusterResponse>{bare}</ScaleOutClusterResponse>"
        );
        let expected = Reply {
            cluster_id: Some("c82e****".into()),
            task_id: Some(TASK.into()),
            request_id: Some(REQUEST.into()),
            ..Reply::default()
        };
        for text in [json.clone(), format!("\u{feff} {json}\n"), bare, rooted] {
            assert_eq!(read(&text), expected, "{text}");
        }
    }

    #[test]
    fn errors_read_from_every_shape_that_carries_them() {
        let shapes = [
            r#"{"RequestId":"R","HostId":"h","Code":"Throttling.User","Message":"slow <down> & \"wait\"","Recommend":"https://…"}"#,
            r#"{"code":"Throttling.User","message":"slow <down> & \"wait\"","requestId":"R"}"#,
            r#"<Error><RequestId>R</RequestId><HostId>h</HostId><Code>Throttling.User</Code><Message>slow &lt;down&gt; &amp; &#34;wait&#x22;</Message></Error>"#,
        ];
        for text in shapes {
            let reply = read(text);
            assert_eq!(reply.code.as_deref(), Some("Throttling.User"), "{text}");
            assert_eq!(reply.message.as_deref(), Some("slow <down> & \"wait\""), "{text}");
            assert_eq!(reply.request_id.as_deref(), Some("R"), "{text}");
        }
        let plain = read("code=415, message=Unsupported Media Type");
        assert_eq!(plain.code.as_deref(), Some("415"));
        assert_eq!(plain.message.as_deref(), Some("Unsupported Media Type"));
    }

    #[test]
    fn an_error_inside_an_object_is_read_and_decides_nothing() {
        let reply = read(r#"{"error":{"code":"Throttling","message":"m"},"request_id":"R"}"#);
        let said = (reply.code.as_deref(), reply.message.as_deref(), reply.request_id.as_deref());
        assert_eq!(said, (Some("Throttling"), Some("m"), Some("R")));
        assert_eq!(reply.decisive_code(), "");
        let denied =
            read(r#"{"Code":"Forbidden.RAM","AccessDeniedDetail":{"AuthAction": "cs:X"}}"#);
        assert_eq!(denied.access_denied_detail.as_deref(), Some(r#"{"AuthAction":"cs:X"}"#));
        assert_eq!(denied.decisive_code(), "Forbidden.RAM");
    }

    #[test]
    fn two_tasks_or_none_that_is_a_text_contradict() {
        for text in [
            r#"{"task_id":"T-1","task_id":"T-2"}"#,
            r#"{"cluster_id":"a","task_id":"T","cluster_id":"b"}"#,
            r#"{"task_id":"T","data":{"a":[{"TaskId" : "U"}]}}"#,
            r#"{"data":{"task_id":7},"task_id":"T"}"#,
            r#"{"task_id":7}"#,
            r#"{"task_id":{}}"#,
            "<task_id>T-1</task_id><task_id>T-2</task_id>",
        ] {
            assert!(read(text).is_contradictory, "{text}");
        }
        for text in [
            r#"{"task_id":"T-1","task_id":"T-1"}"#,
            r#"{"task_id":"T-1","data":{"task_id": "T-1","TaskId":null,"about":"task_id"}}"#,
        ] {
            assert!(!read(text).is_contradictory, "{text}");
        }
    }

    #[test]
    fn what_is_cut_off_or_foreign_reads_as_nothing() {
        let whole = format!(r#"{{"task_id":"{TASK}"}}"#);
        for length in 0..whole.len() {
            assert_eq!(Reply::read(&whole.as_bytes()[..length]), None, "{}", &whole[..length]);
        }
        let rooted = format!("<R><task_id>{TASK}</task_id></R>");
        for length in 0..rooted.len() {
            assert_eq!(Reply::read(&rooted.as_bytes()[..length]), None, "{}", &rooted[..length]);
        }
        for text in [
            "",
            "[]",
            "{}",
            "null",
            "\"task_id\"",
            "<html><body><h1>502 Bad Gateway</h1><hr></body></html>",
            "<!DOCTYPE html><p>no",
            "<html><task_id>T</task_id></html>",
            "<!DOCTYPE x><task_id>T</task_id>",
            "Bad Gateway",
            r#"{"task_id": ""}"#,
            r#"{"task_id": null}"#,
            r#"{"task_id": "T", "message": "\ud800"}"#,
            "<task_id>T</task_id><request_id>",
            "<a><b></a></b>",
            "<R><task_id>T</task_id></R>more",
        ] {
            assert_eq!(Reply::read(text.as_bytes()), None, "{text}");
        }
        assert_eq!(Reply::read(b"{\"task_id\":\"\xff\"}"), None);
    }

    #[test]
    fn hostile_nesting_does_not_overflow() {
        let deep = "[".repeat(100_000);
        assert_eq!(Reply::read(format!("{{\"a\":{deep}").as_bytes()), None);
        assert_eq!(Reply::read("<a>".repeat(100_000).as_bytes()), None);
        let closed = format!("{deep}{}", "]".repeat(100_000));
        let reply = read(&format!(r#"{{"a":{closed},"task_id":"T","b":{closed}}}"#));
        assert_eq!(reply.task_id.as_deref(), Some("T"));
    }
}
