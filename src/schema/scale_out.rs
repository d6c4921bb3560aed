//! The document of ScaleOutCluster: the API reference's parameters in its order, and what this
//! library takes beside them.

use super::nested::{
    DATA_DISKS_ITEM, INSTANCE_TYPE, RDS_INSTANCE, TAGS_ITEM, TAINTS_ITEM, VSWITCH_ID,
};
use super::object::Object;
use super::row::{Kind, Row};

/// What is checked of a parameter beyond its row, or noted for the rules about several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// Nothing.
    Plain,
    ClusterId,
    Count,
    ChargeType,
    Period,
    PeriodUnit,
    AutoRenew,
    AutoRenewPeriod,
    DataDisk,
    DataDisks,
    KeyPair,
    LoginPassword,
    UserData,
    Runtime,
    Ids,
    Tags,
    Taints,
    /// Checked before the others, since it says what is let through.
    Client,
    /// Whatever it is.
    Ignored,
}

pub(crate) static SCALE_OUT: Object<Parameter> = Object::new(&[
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
    .rule(Parameter::ClusterId),
    Row::new("/count", Kind::Integer, "How many nodes to add.", "3")
        .within(1, i64::MAX)
        .advised(1, 500)
        .synonyms(&["num_of_nodes", "worker_number"])
        .rule(Parameter::Count),
    Row::new(
        "/worker_instance_charge_type",
        Kind::String,
        "How the nodes are paid for: ahead (PrePaid) or by use (PostPaid).",
        r#""PrePaid""#,
    )
    .words(&["PrePaid", "PostPaid"])
    .default(r#""PostPaid""#)
    .rule(Parameter::ChargeType),
    Row::new(
        "/worker_period",
        Kind::Integer,
        "How long PrePaid nodes are paid for; required with PrePaid.",
        "1",
    )
    .integers(&MONTHS)
    .unit("months")
    .rule(Parameter::Period),
    Row::new(
        "/worker_period_unit",
        Kind::String,
        "Unit of worker_period; required with PrePaid.",
        r#""Month""#,
    )
    .words(&["Month"])
    .rule(Parameter::PeriodUnit),
    Row::new(
        "/worker_auto_renew",
        Kind::Boolean,
        "Whether PrePaid nodes renew themselves.",
        "true",
    )
    .rule(Parameter::AutoRenew),
    Row::new(
        "/worker_auto_renew_period",
        Kind::Integer,
        "For how long PrePaid nodes renew themselves; required if they do.",
        "6",
    )
    .integers(&MONTHS)
    .unit("months")
    .rule(Parameter::AutoRenewPeriod),
    Row::new(
        "/worker_system_disk_category",
        Kind::String,
        "Type of the system disk.",
        r#""cloud_efficiency""#,
    )
    .filled()
    .synonyms(&["worker_disk_category", "system_disk_category"])
    .rule(Parameter::Plain),
    Row::new("/worker_system_disk_size", Kind::Integer, "Size of the system disk.", "120")
        .within(1, i64::MAX)
        .advised(40, 500)
        .unit("GB")
        .synonyms(&["worker_disk_size", "system_disk_size"])
        .rule(Parameter::Plain),
    Row::new("/worker_data_disk", Kind::Boolean, "Whether the nodes have data disks.", "true")
        .rule(Parameter::DataDisk),
    Row::new(
        "/key_pair",
        Kind::String,
        "Name of the key pair to log in with, or login_password.",
        r#""secrity-key""#,
    )
    .synonyms(&["key_name"])
    .rule(Parameter::KeyPair),
    Row::new(
        "/login_password",
        Kind::String,
        "SSH password, or key_pair: three of upper case, lower case, digit, special.",
        r#""Hello@1234""#,
    )
    .characters(8, 30)
    .synonyms(&["password"])
    .rule(Parameter::LoginPassword),
    Row::new(
        "/cloud_monitor_flags",
        Kind::Boolean,
        "Whether CloudMonitor is installed on the nodes.",
        "true",
    )
    .rule(Parameter::Plain),
    Row::new(
        "/cpu_policy",
        Kind::String,
        "CPU management policy, for clusters of 1.12.6 or later.",
        r#""none""#,
    )
    .words(&["none", "static"])
    .default(r#""none""#)
    .rule(Parameter::Plain),
    Row::new(
        "/disable_rollback",
        Kind::Boolean,
        "Whether nodes that could not be added are kept.",
        "true",
    )
    .rule(Parameter::Plain),
    Row::new(
        "/image_id",
        Kind::String,
        "Custom image of the nodes instead of the system's.",
        r#""""#,
    )
    .rule(Parameter::Plain),
    Row::new(
        "/user_data",
        Kind::String,
        "Base64 of what a node runs at its first boot; larger scripts belong into OSS.",
        r#""IyEvYmluL3NoCg==""#,
    )
    .rule(Parameter::UserData),
    Row::new(
        "/runtime",
        Kind::Object,
        "Container runtime.",
        r#"{"name": "docker", "version": "19.03.5"}"#,
    )
    .rule(Parameter::Runtime),
    Row::new(
        "/vswitch_ids",
        Kind::Array(&VSWITCH_ID),
        "VSwitches the nodes are put into.",
        r#"["vsw-2ze4jvvvade1yk899"]"#,
    )
    // The SDKs' comments allow one to three; the other lists have no known limit.
    .advised(0, 3)
    .synonyms(&["vswitch_id", "worker_vswitch_ids"])
    .rule(Parameter::Ids),
    Row::new(
        "/worker_instance_types",
        Kind::Array(&INSTANCE_TYPE),
        "Instance types of the nodes.",
        r#"["ecs.c5.xlarge"]"#,
    )
    .synonyms(&["instance_types", "worker_instance_type"])
    .rule(Parameter::Ids),
    Row::new(
        "/rds_instances",
        Kind::Array(&RDS_INSTANCE),
        "RDS instances whose white lists the nodes are added to.",
        r#"["rm-2zev748xi27xc"]"#,
    )
    .rule(Parameter::Ids),
    Row::new(
        "/worker_data_disks",
        Kind::Array(&DATA_DISKS_ITEM),
        "Data disks of each node.",
        r#"[{"category": "cloud_ssd", "encrypted": "false", "size": "120"}]"#,
    )
    .rule(Parameter::DataDisks),
    Row::new(
        "/tags",
        Kind::Array(&TAGS_ITEM),
        "Tags of the nodes.",
        r#"[{"key": "tier", "value": "frontend"}]"#,
    )
    .advised(0, 20)
    .synonyms(&["labels"])
    .rule(Parameter::Tags),
    Row::new(
        "/taints",
        Kind::Array(&TAINTS_ITEM),
        "Taints of the nodes.",
        r#"[{"key": "node_type", "value": "prod", "effect": "NoSchedule"}]"#,
    )
    .rule(Parameter::Taints),
    Row::new(
        "/client",
        Kind::Object,
        "How to send; never sent itself.",
        r#"{"region_id": "cn-hangzhou"}"#,
    )
    .aside()
    .rule(Parameter::Client),
    Row::new(
        "/$schema",
        Kind::Any,
        "Where an editor finds the JSON Schema of this document; ignored.",
        r#""https://example.com/request.schema.json""#,
    )
    .aside()
    .since("0.2")
    .rule(Parameter::Ignored),
]);

const MONTHS: [i64; 5] = [1, 2, 3, 6, 12];
