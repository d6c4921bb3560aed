//! What the parameters hold that are arrays or objects.

use super::object::Object;
use super::row::{Kind, Row};

/// What is checked of a member of a tag or taint beyond its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Nothing.
    Plain,
    Key,
    Effect,
}

pub(super) static VSWITCH_ID: Row =
    Row::new("/vswitch_ids/*", Kind::String, "Id of a vswitch.", r#""vsw-2ze4jvvvade1yk899""#)
        .filled();

pub(super) static INSTANCE_TYPE: Row =
    Row::new("/worker_instance_types/*", Kind::String, "An instance type.", r#""ecs.c5.xlarge""#)
        .filled();

pub(super) static RDS_INSTANCE: Row =
    Row::new("/rds_instances/*", Kind::String, "Id of an RDS instance.", r#""rm-2zev748xi27xc""#)
        .filled();

pub(super) static DATA_DISKS_ITEM: Row = Row::new(
    "/worker_data_disks/*",
    Kind::Object,
    "One data disk of each node.",
    r#"{"category": "cloud_ssd", "size": "120"}"#,
);

pub(super) static TAGS_ITEM: Row =
    Row::new("/tags/*", Kind::Object, "One tag.", r#"{"key": "tier", "value": "frontend"}"#);

pub(super) static TAINTS_ITEM: Row = Row::new(
    "/taints/*",
    Kind::Object,
    "One taint.",
    r#"{"key": "node_type", "value": "prod", "effect": "NoSchedule"}"#,
);

pub(crate) static DATA_DISK: Object<()> = Object::new(&[
    Row::new(
        "/worker_data_disks/*/category",
        Kind::String,
        "Type of the data disk.",
        r#""cloud_ssd""#,
    )
    .rule(()),
    Row::new(
        "/worker_data_disks/*/encrypted",
        Kind::BooleanText,
        "Whether the data disk is encrypted.",
        r#""false""#,
    )
    .rule(()),
    Row::new("/worker_data_disks/*/size", Kind::IntegerText, "Size of the data disk.", r#""120""#)
        .within(1, i64::MAX)
        .advised(40, 32768)
        .unit("GiB")
        .rule(()),
    Row::new(
        "/worker_data_disks/*/auto_snapshot_policy_id",
        Kind::String,
        "Id of the policy that makes snapshots of the data disk.",
        r#""sp-2zej1nogjvovnz4z""#,
    )
    .rule(()),
]);

pub(crate) static RUNTIME: Object<()> = Object::new(&[
    Row::new("/runtime/name", Kind::String, "Name of the container runtime.", r#""docker""#)
        .rule(()),
    Row::new("/runtime/version", Kind::String, "Version of the container runtime.", r#""19.03.5""#)
        .rule(()),
]);

pub(crate) static TAG: Object<Entry> = Object::new(&[
    Row::new("/tags/*/key", Kind::String, "Key of the tag, each once.", r#""tier""#)
        .required()
        .filled()
        .rule(Entry::Key),
    Row::new("/tags/*/value", Kind::String, "Value of the tag.", r#""frontend""#)
        .rule(Entry::Plain),
]);

pub(crate) static TAINT: Object<Entry> = Object::new(&[
    Row::new("/taints/*/key", Kind::String, "Key of the taint.", r#""node_type""#)
        .required()
        .filled()
        .rule(Entry::Key),
    Row::new("/taints/*/value", Kind::String, "Value of the taint.", r#""prod""#)
        .rule(Entry::Plain),
    Row::new(
        "/taints/*/effect",
        Kind::String,
        "What becomes of pods that do not tolerate the taint.",
        r#""NoSchedule""#,
    )
    .words(&["NoSchedule", "NoExecute", "PreferNoSchedule"])
    .rule(Entry::Effect),
]);
