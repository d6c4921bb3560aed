"""The request as TypedDicts, by the names of the API reference. For type checkers; any mapping does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

__all__ = ["ClientOptions", "DataDisk", "Parameters", "Request", "Runtime", "Tag", "Taint"]

# What follows is made from the schema table: UPDATE=1 cargo test --test guards


class DataDisk(TypedDict, total=False):
    """One data disk of each node."""

    category: str
    """Type of the data disk. For example "cloud_ssd"."""
    encrypted: str | bool
    """Whether the data disk is encrypted."""
    size: str | int
    """Size of the data disk. At least 1 GiB; 40 to 32768 advised."""
    auto_snapshot_policy_id: str
    """Id of the policy that makes snapshots of the data disk. For example "sp-2zej1nogjvovnz4z"."""


class Runtime(TypedDict, total=False):
    """Container runtime."""

    name: str
    """Name of the container runtime. For example "docker"."""
    version: str
    """Version of the container runtime. For example "19.03.5"."""


class Tag(TypedDict, total=False):
    """One tag."""

    key: str
    """Key of the tag, each once. Not empty; for example "tier"."""
    value: str
    """Value of the tag. For example "frontend"."""


class Taint(TypedDict, total=False):
    """One taint."""

    key: str
    """Key of the taint. Not empty; for example "node_type"."""
    value: str
    """Value of the taint. For example "prod"."""
    effect: Literal["NoSchedule", "NoExecute", "PreferNoSchedule"]
    """What becomes of pods that do not tolerate the taint. "NoSchedule", "NoExecute" or
    "PreferNoSchedule"."""


class ClientOptions(TypedDict, total=False):
    """How to send; never sent itself."""

    region_id: str
    """Region, which the service's host is named after; else ALIBABA_CLOUD_REGION_ID. Not empty."""
    endpoint: str
    """host[:port] or a URL, whose scheme wins; else CS_SCALE_OUT_ENDPOINT. Not empty."""
    scheme: Literal["https", "http"]
    """Scheme, where the endpoint names none. "https" or "http"; default "https"."""
    format: Literal["json", "xml"]
    """Representation to ask for; any is understood. "json" or "xml"; default "json"."""
    signature_method: Literal["HMAC-SHA1", "ACS3-HMAC-SHA256"]
    """How requests are signed. "HMAC-SHA1" or "ACS3-HMAC-SHA256"; default "HMAC-SHA1"."""
    access_key_id: str
    """Id of an explicit key pair; without a pair, the environment's. Not empty."""
    access_key_secret: str
    """Secret of an explicit key pair. Not empty."""
    security_token: str
    """Token of an explicit key pair, if it is a temporary one. Not empty."""
    profile: str
    """Taken with a warning, for this version reads no credential files. Not empty."""
    connect_timeout_ms: int
    """For name look-up, connect, tunnel and TLS together. 1 to 86400000 ms; 1000 to 86400000
    advised; default 5000."""
    timeout_ms: int
    """For the whole call with its retries. 1 to 86400000 ms; 1000 to 86400000 advised; default
    30000."""
    max_attempts: int
    """How often a request that provably was not executed is tried. 1 to 100; default 3."""
    keep_alive: bool
    """Use and keep connections for purchases, too, for many calls in a row. Default False."""
    reconcile: bool
    """Whether to look at the task list after an unknown end. Default True."""
    reconcile_timeout_ms: int
    """For that look at most. 1 to 86400000 ms; default 10000."""
    adopt_candidate: bool
    """Whether a sole candidate is taken for this call's own task. Default False."""
    proxy: str
    """URL of an http or https proxy; "" turns the environment's off."""
    ca_file: str
    """PEM file of the roots to trust; else SSL_CERT_FILE, else the system's. Not empty."""
    dry_run: bool
    """Sign, but send nothing: the answer shows the request, secrets masked. Default False.
    `cs_scale_out.dry_run` sets it, and `scale_out` refuses it."""
    unchecked: Sequence[str]
    """What the validator lets through as it is: new parameters, newer values."""


class Parameters(TypedDict, total=False):
    """The parameters of ScaleOutCluster but the cluster's id; see `cs_scale_out.scale_out`."""

    count: int | None
    """How many nodes to add. At least 1; 1 to 500 advised."""
    worker_instance_charge_type: Literal["PrePaid", "PostPaid"] | None
    """How the nodes are paid for: ahead (PrePaid) or by use (PostPaid). "PrePaid" or "PostPaid";
    default "PostPaid"."""
    worker_period: int | None
    """How long PrePaid nodes are paid for; required with PrePaid. 1, 2, 3, 6 or 12 months."""
    worker_period_unit: Literal["Month"] | None
    """Unit of worker_period; required with PrePaid. "Month"."""
    worker_auto_renew: bool | None
    """Whether PrePaid nodes renew themselves."""
    worker_auto_renew_period: int | None
    """For how long PrePaid nodes renew themselves; required if they do. 1, 2, 3, 6 or 12 months."""
    worker_system_disk_category: str | None
    """Type of the system disk. Not empty; for example "cloud_efficiency"."""
    worker_system_disk_size: int | None
    """Size of the system disk. At least 1 GB; 40 to 500 advised."""
    worker_data_disk: bool | None
    """Whether the nodes have data disks."""
    key_pair: str | None
    """Name of the key pair to log in with, or login_password. For example "secrity-key"."""
    login_password: str | None
    """SSH password, or key_pair: three of upper case, lower case, digit, special. 8 to 30
    characters."""
    cloud_monitor_flags: bool | None
    """Whether CloudMonitor is installed on the nodes."""
    cpu_policy: Literal["none", "static"] | None
    """CPU management policy, for clusters of 1.12.6 or later. "none" or "static"; default
    "none"."""
    disable_rollback: bool | None
    """Whether nodes that could not be added are kept."""
    image_id: str | None
    """Custom image of the nodes instead of the system's."""
    user_data: str | None
    """Base64 of what a node runs at its first boot; larger scripts belong into OSS. For example
    "IyEvYmluL3NoCg=="."""
    runtime: Runtime | None
    """Container runtime. See `Runtime`."""
    vswitch_ids: Sequence[str] | None
    """VSwitches the nodes are put into. At most 3 items advised; for example
    "vsw-2ze4jvvvade1yk899"."""
    worker_instance_types: Sequence[str] | None
    """Instance types of the nodes. For example "ecs.c5.xlarge"."""
    rds_instances: Sequence[str] | None
    """RDS instances whose white lists the nodes are added to. For example "rm-2zev748xi27xc"."""
    worker_data_disks: Sequence[DataDisk] | None
    """Data disks of each node. See `DataDisk`."""
    tags: Sequence[Tag] | None
    """Tags of the nodes. At most 20 items advised; see `Tag`."""
    taints: Sequence[Taint] | None
    """Taints of the nodes. See `Taint`."""
    client: ClientOptions | None
    """How to send; never sent itself. See `ClientOptions`."""


class _Required(TypedDict):
    """What every request has."""

    ClusterId: str
    """Id of the cluster. 1 to 64 characters; for example "c82e6987e2961451182edacd74faf"."""


class Request(_Required, Parameters, total=False):
    """A whole request: `ClusterId` and the parameters."""
