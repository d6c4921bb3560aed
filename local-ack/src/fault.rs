//! What can go wrong on request.

use crate::created::Created;
use crate::task_end::TaskEnd;
use crate::unasked::Unasked;
use std::time::Duration;

/// The shape of an error body. The service has no single one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The gateway's JSON: `RequestId`, `HostId`, `Code`, `Message`, `Recommend`.
    Gateway,
    /// The Container Service's own JSON: `code`, `message`, `requestId`.
    Cs,
    /// `<Error>` with the gateway's members.
    Xml,
    /// One line: `code=415, message=Unsupported Media Type`.
    Text,
    /// The page of a proxy that knows nothing of the API.
    Html,
    /// `{"error":{"code":…,"message":…},"request_id":…}`
    Nested,
    /// The gateway's JSON with an `AccessDeniedDetail`, as RAM has it beside a 403.
    AccessDenied,
}

/// One fault, taken by one request.
///
/// `executed` says whether the purchase is entered in the ledger, and its task created, before the
/// fault. A fault is taken only by a request that passed verification: a wrong signature always
/// gets its plain refusal. The faults that strike earlier say so.
///
/// Each has a text form (`close_after_read:executed=true`) and a JSON form
/// (`{"fault":"close_after_read","executed":true}`): see [`Fault::from_json`] and `FromStr`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the members are explained above")]
pub enum Fault {
    /// Close without reading: a fresh connection right after it was accepted, a pooled one when the
    /// next request's bytes arrive. Any connection takes it, so it belongs in the common queue.
    CloseBeforeRead,
    /// Read the whole request, then close without a byte of an answer.
    CloseAfterRead { executed: bool },
    /// Read the whole request, then reset the connection.
    Reset { executed: bool },
    /// Reset once the request line has arrived; nothing is verified or executed.
    ResetMidRequest,
    /// Never answer, until the client goes or the server stops.
    Hang { executed: bool },
    /// The first half of the reply's bytes, then close.
    HalfReply { executed: bool },
    /// The whole head and half of the body, then close.
    HalfBody { executed: bool },
    /// A complete document, but a Content-Length of 10 bytes more, then close.
    ShortBody { executed: bool },
    /// A complete document in chunks, without the last chunk, then close.
    NoLastChunk { executed: bool },
    /// A correct reply in chunks.
    Chunked { executed: bool },
    /// Bytes that are not HTTP, then close.
    Garbage { executed: bool },
    /// 200 with a body that is neither JSON nor XML.
    GarbageBody { executed: bool },
    /// A correct reply, one byte at a time.
    SlowDrip { executed: bool, gap: Duration },
    /// A correct reply whose document is over 1 MiB.
    Huge { executed: bool },
    /// Any status with an error body of any shape. `headers` replace the reply's own of the same name.
    Status {
        status: u16,
        shape: Shape,
        code: String,
        message: String,
        headers: Vec<(String, String)>,
        executed: bool,
    },
    /// 200 with a document that lacks `task_id`.
    NoTaskId { executed: bool },
    /// The correct answer, this much later. Executed.
    Delay(Duration),
    /// The correct answer with `Connection: close`, then close. Executed.
    ConnectionClose,
    /// The correct answer, a promise to keep the connection, then close. Executed.
    CloseAfterReply,
    /// The correct answer; the next request on the same connection is read whole and then dropped,
    /// with a reset if `reset`. This request is executed; `executed` speaks of the next one.
    DieOnSecond { executed: bool, reset: bool },
    /// `100 Continue` and `103 Early Hints` before the correct answer. Executed.
    Informational,
    /// A correct document as HTTP/1.0 sends it: no Content-Length, ended by the close.
    CloseDelimited { executed: bool },
    /// The same, but TLS does not say goodbye: anybody on the way can cut a connection like this.
    NoCloseNotify { executed: bool },
    /// The correct answer, and `pause` later, before anything else, a copy of it.
    AnswerTwice { executed: bool, pause: Duration },
    /// The correct answer, and `pause` later, before anything else, a 429 that nobody asked for.
    SurplusRefusal { executed: bool, pause: Duration },
    /// A whole reply on a fresh connection before a byte was read, and nothing after it; over TLS, which
    /// is then TLS 1.2, in one flight with the handshake's end. The next connection takes it, so it
    /// belongs in the common queue.
    AnswerFirst(Unasked),
    /// Something on the way delivers the request twice. The first copy's answer is lost; what comes is
    /// the second one's, `SignatureNonceUsed`.
    DeliveredTwice { executed: bool },
    /// A success for another cluster than the one asked for.
    OtherCluster { executed: bool },
    /// A success with this task id: blank, too long, or no text that an id could be.
    TaskId { value: String, executed: bool },
    /// This body, called JSON, under this status.
    Body { status: u16, value: String, executed: bool },
    /// A success with two task ids.
    TwoTaskIds { executed: bool },
    /// The success document under another status, or with an error code inside, or both. Without a
    /// `code` there is none.
    Contradiction { status: u16, code: String, executed: bool },
    /// The error page of a front end that looks at no signature, dated so many seconds ahead of the
    /// service's clock. What it passed on before is executed if its signature is good.
    FrontEnd { status: u16, date_offset: i64, executed: bool },
    /// A task, or a list of them, that writes `created` so. Of a purchase, the correct answer.
    Created(Created),
    /// The correct answer; its task ends so. Executed.
    TaskEnds(TaskEnd),
    /// A page of a task list that is full, whichever it is. Of a purchase, the correct answer.
    EndlessList,
}

impl Fault {
    /// Whether the request that takes this fault is executed.
    pub fn executed(&self) -> bool {
        match self {
            Fault::CloseBeforeRead | Fault::ResetMidRequest | Fault::AnswerFirst(_) => false,
            Fault::Delay(_)
            | Fault::ConnectionClose
            | Fault::CloseAfterReply
            | Fault::DieOnSecond { .. }
            | Fault::Informational
            | Fault::Created(_)
            | Fault::TaskEnds(_)
            | Fault::EndlessList => true,
            Fault::CloseAfterRead { executed }
            | Fault::Reset { executed }
            | Fault::Hang { executed }
            | Fault::HalfReply { executed }
            | Fault::HalfBody { executed }
            | Fault::ShortBody { executed }
            | Fault::NoLastChunk { executed }
            | Fault::Chunked { executed }
            | Fault::Garbage { executed }
            | Fault::GarbageBody { executed }
            | Fault::SlowDrip { executed, .. }
            | Fault::Huge { executed }
            | Fault::Status { executed, .. }
            | Fault::NoTaskId { executed }
            | Fault::CloseDelimited { executed }
            | Fault::NoCloseNotify { executed }
            | Fault::AnswerTwice { executed, .. }
            | Fault::SurplusRefusal { executed, .. }
            | Fault::DeliveredTwice { executed }
            | Fault::OtherCluster { executed }
            | Fault::TaskId { executed, .. }
            | Fault::Body { executed, .. }
            | Fault::TwoTaskIds { executed }
            | Fault::Contradiction { executed, .. }
            | Fault::FrontEnd { executed, .. } => *executed,
        }
    }

    /// Whether it strikes as soon as there is a connection.
    pub(crate) fn is_before_read(&self) -> bool {
        matches!(self, Fault::CloseBeforeRead | Fault::AnswerFirst(_))
    }

    /// Whether it strikes before a request is verified.
    pub(crate) fn is_early(&self) -> bool {
        matches!(self, Fault::CloseBeforeRead | Fault::ResetMidRequest)
    }
}
