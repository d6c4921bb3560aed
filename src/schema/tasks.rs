//! The documents of the functions that read tasks.

use super::client::LONGEST_MS;
use super::object::Object;
use super::row::{Kind, Row};

/// Where a member's value goes, and what is checked of it beyond its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskMember {
    TaskId,
    PollInterval,
    Wait,
    ClusterId,
    Since,
    Unknown,
    /// Checked before the others.
    Client,
    /// Whatever it is.
    Ignored,
}

/// What is checked of a member of the failure document that is looked after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnknownMember {
    Status,
    ClusterId,
    PurchaseId,
    SentAt,
    ClockOffset,
}

const TASK_ID: Row =
    Row::new("/task_id", Kind::String, "Id of the task.", r#""T-5a54309c80282e39ea00002f""#)
        .required()
        .characters(1, 128)
        .aside()
        .since("0.2");

const CLIENT_MEMBER: Row = Row::new(
    "/client",
    Kind::Object,
    "How to send; as in a request.",
    r#"{"region_id": "cn-hangzhou"}"#,
)
.aside();

const IGNORED: Row =
    Row::new("/$schema", Kind::Any, "Ignored.", r#""task.schema.json""#).aside().since("0.2");

pub(crate) static DESCRIBE_TASK: Object<TaskMember> = Object::new(&[
    TASK_ID.rule(TaskMember::TaskId),
    CLIENT_MEMBER.rule(TaskMember::Client),
    IGNORED.rule(TaskMember::Ignored),
]);

pub(crate) static WAIT_TASK: Object<TaskMember> = Object::new(&[
    TASK_ID.rule(TaskMember::TaskId),
    Row::new(
        "/poll_interval_ms",
        Kind::Integer,
        "How long to wait between two looks at least.",
        "5000",
    )
    .within(1, LONGEST_MS)
    .unit("ms")
    .default("5000")
    .aside()
    .since("0.2")
    .rule(TaskMember::PollInterval),
    Row::new("/wait_ms", Kind::Integer, "For the whole wait.", "3600000")
        .within(0, LONGEST_MS)
        .unit("ms")
        .default("3600000")
        .aside()
        .since("0.2")
        .rule(TaskMember::Wait),
    CLIENT_MEMBER.rule(TaskMember::Client),
    IGNORED.rule(TaskMember::Ignored),
]);

pub(crate) static LIST_TASKS: Object<TaskMember> = Object::new(&[
    Row::new(
        "/ClusterId",
        Kind::String,
        "Id of the cluster.",
        r#""c82e6987e2961451182edacd74faf""#,
    )
    .required()
    .characters(1, 64)
    .synonyms(&["cluster_id"])
    .aside()
    .since("0.2")
    .rule(TaskMember::ClusterId),
    Row::new(
        "/since",
        Kind::String,
        "Only tasks created from then on (RFC 3339), and those that nothing dates.",
        r#""2026-01-02T03:04:05Z""#,
    )
    .filled()
    .aside()
    .since("0.2")
    .rule(TaskMember::Since),
    CLIENT_MEMBER.rule(TaskMember::Client),
    IGNORED.rule(TaskMember::Ignored),
]);

pub(crate) static LOOK: Object<TaskMember> = Object::new(&[
    Row::new(
        "/unknown",
        Kind::Object,
        "The document of a call that ended unknown, as it was printed.",
        r#"{"status": "unknown", "cluster_id": "c1", "purchase_id": "f1", "sent_at": "2026-01-02T03:04:05.678Z"}"#,
    )
    .required()
    .aside()
    .since("0.2")
    .rule(TaskMember::Unknown),
    CLIENT_MEMBER.rule(TaskMember::Client),
    IGNORED.rule(TaskMember::Ignored),
]);

/// Its other members are ignored.
pub(crate) static UNKNOWN: Object<UnknownMember> = Object::new(&[
    Row::new("/unknown/status", Kind::String, "How the call ended.", r#""unknown""#)
        .required()
        .words(&["unknown"])
        .aside()
        .since("0.2")
        .rule(UnknownMember::Status),
    Row::new("/unknown/cluster_id", Kind::String, "The cluster it was for.", r#""c1""#)
        .required()
        .characters(1, 64)
        .aside()
        .since("0.2")
        .rule(UnknownMember::ClusterId),
    Row::new(
        "/unknown/purchase_id",
        Kind::String,
        "The name of the purchase.",
        r#""0123456789abcdef0123456789abcdef""#,
    )
    .required()
    .characters(1, 128)
    .aside()
    .since("0.2")
    .rule(UnknownMember::PurchaseId),
    Row::new(
        "/unknown/sent_at",
        Kind::String,
        "When its first byte left (RFC 3339).",
        r#""2026-01-02T03:04:05.678Z""#,
    )
    .required()
    .filled()
    .aside()
    .since("0.2")
    .rule(UnknownMember::SentAt),
    Row::new(
        "/unknown/clock_offset",
        Kind::Integer,
        "By how much the server's clock was ahead.",
        "0",
    )
    .within(-MOST_OFFSET, MOST_OFFSET)
    .unit("s")
    .aside()
    .since("0.2")
    .rule(UnknownMember::ClockOffset),
]);

/// More than there are seconds between any two dates of four digits.
const MOST_OFFSET: i64 = 400_000_000_000;
