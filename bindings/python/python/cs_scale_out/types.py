"""The request as TypedDicts, by the names of the API reference. For type checkers; any mapping does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

__all__ = ["ClientOptions", "DataDisk", "Parameters", "Request", "Runtime", "Tag", "Taint"]


class Tag(TypedDict, total=False):
    """A tag of the new nodes."""

    key: str
    """Not empty, not twice; not beginning with `aliyun`, `acs:`, `http://`, `https://`."""
    value: str


class Taint(TypedDict, total=False):
    """A Kubernetes taint of the new nodes."""

    key: str
    """Not empty."""
    value: str
    effect: Literal["NoSchedule", "NoExecute", "PreferNoSchedule"]


class DataDisk(TypedDict, total=False):
    """A data disk of each new node."""

    category: str
    """Such as `cloud_ssd`, `cloud_efficiency`, `cloud_essd`."""
    encrypted: str | bool
    """`"true"`, `"false"` or a bool; goes out as a string."""
    size: str | int
    """GB, a positive whole number as string or int; goes out as a string. Usual: 40 to 32768."""
    auto_snapshot_policy_id: str


class Runtime(TypedDict, total=False):
    """The container runtime of the new nodes."""

    name: str
    """Such as `docker`."""
    version: str
    """Such as `19.03.5`."""


class ClientOptions(TypedDict, total=False):
    """How to send; never sent itself. Where it is silent, the environment speaks."""

    region_id: str
    """Such as `cn-hangzhou`; else `ALIBABA_CLOUD_REGION_ID`."""
    endpoint: str
    """Host, host:port or URL; else `CS_SCALE_OUT_ENDPOINT`, else the region's."""
    scheme: Literal["https", "http"]
    """Default `https`. An endpoint URL's own scheme wins."""
    format: Literal["json", "xml"]
    """What to ask the service for; default `json`. Results are the same."""
    signature_method: Literal["HMAC-SHA1", "ACS3-HMAC-SHA256"]
    """Default `HMAC-SHA1`."""
    access_key_id: str
    """With `access_key_secret`; else the environment and the machine's credential sources."""
    access_key_secret: str
    security_token: str
    """Beside a temporary key pair."""
    profile: str
    """A profile of the credentials file."""
    connect_timeout_ms: int
    """Milliseconds; default 5000."""
    timeout_ms: int
    """Milliseconds for the whole call with its retries; default 30000."""
    max_attempts: int
    """Default 3. Tried again only where the earlier copy was provably not executed."""
    reconcile: bool
    """After an unknown end, look on the task list for candidates; default True."""
    reconcile_timeout_ms: int
    """Milliseconds for that, after `timeout_ms`; default 10000."""
    adopt_candidate: bool
    """Take a sole candidate for this call's own; default False."""
    proxy: str
    """URL of an HTTP proxy; `""` turns the environment's off."""
    ca_file: str
    """PEM file of certificate authorities to trust."""
    dry_run: bool
    """Send nothing; `scale_out` then returns what `dry_run` does. Default False."""
    unchecked: Sequence[str]
    """JSON Pointers the validator lets through: parameters newer than the reference."""


class Parameters(TypedDict, total=False):
    """The parameters of ScaleOutCluster but the cluster's id; see `cs_scale_out.scale_out`."""

    count: int | None
    worker_instance_charge_type: Literal["PrePaid", "PostPaid"] | None
    worker_period: int | None
    worker_period_unit: Literal["Month"] | None
    worker_auto_renew: bool | None
    worker_auto_renew_period: int | None
    worker_system_disk_category: str | None
    worker_system_disk_size: int | None
    worker_data_disk: bool | None
    worker_data_disks: Sequence[DataDisk] | None
    key_pair: str | None
    login_password: str | None
    cpu_policy: Literal["none", "static"] | None
    cloud_monitor_flags: bool | None
    disable_rollback: bool | None
    image_id: str | None
    user_data: str | None
    runtime: Runtime | None
    vswitch_ids: Sequence[str] | None
    worker_instance_types: Sequence[str] | None
    rds_instances: Sequence[str] | None
    tags: Sequence[Tag] | None
    taints: Sequence[Taint] | None
    client: ClientOptions | None


class _Named(TypedDict):
    ClusterId: str


class Request(_Named, Parameters, total=False):
    """A whole request: `ClusterId` and the parameters."""
