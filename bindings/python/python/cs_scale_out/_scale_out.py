"""The call itself. The rules, the statuses and the wire are the native module's."""

from __future__ import annotations

from sys import modules

from _collections_abc import Mapping

from . import _native
from ._documents import DryRun, ScaleOutResult, Validation, line
from ._errors import InvalidRequest, ScaleOutWarning, error
from ._interrupt import aftermath
from ._native import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Literal, TypeVar

    from typing_extensions import Unpack

    from .types import ClientOptions, DataDisk, Parameters, Request, Runtime, Tag, Taint

    Result = TypeVar("Result", ScaleOutResult, DryRun)


def scale_out(
    cluster_id: str | Request | Mapping[str, object],
    *,
    count: int | None = None,
    worker_instance_charge_type: Literal["PrePaid", "PostPaid"] | None = None,
    worker_period: int | None = None,
    worker_period_unit: Literal["Month"] | None = None,
    worker_auto_renew: bool | None = None,
    worker_auto_renew_period: int | None = None,
    worker_system_disk_category: str | None = None,
    worker_system_disk_size: int | None = None,
    worker_data_disk: bool | None = None,
    worker_data_disks: Sequence[DataDisk] | None = None,
    key_pair: str | None = None,
    login_password: str | None = None,
    cpu_policy: Literal["none", "static"] | None = None,
    cloud_monitor_flags: bool | None = None,
    disable_rollback: bool | None = None,
    image_id: str | None = None,
    user_data: str | None = None,
    runtime: Runtime | None = None,
    vswitch_ids: Sequence[str] | None = None,
    worker_instance_types: Sequence[str] | None = None,
    rds_instances: Sequence[str] | None = None,
    tags: Sequence[Tag] | None = None,
    taints: Sequence[Taint] | None = None,
    client: ClientOptions | None = None,
) -> ScaleOutResult:
    """Adds worker nodes to an ACK cluster, and waits for the service's answer.

    Each call that succeeds buys servers. The request is never on the wire twice unless the earlier
    copy provably was not executed. `None` means absent.

    Args:
        cluster_id: The cluster's id (`ClusterId` in the reference), or a mapping with the whole
            request by the reference's names; beside a mapping, only `client` may be given.
        count: How many nodes to add; an integer from 1. Over 500 is warned of.
        worker_instance_charge_type: `"PrePaid"` or `"PostPaid"`. Default: pay as you go (PostPaid).
        worker_period: Months to pay for: 1, 2, 3, 6 or 12. Required when PrePaid, else no effect.
        worker_period_unit: `"Month"`. Required when PrePaid, else no effect.
        worker_auto_renew: Whether to renew; has an effect only when PrePaid.
        worker_auto_renew_period: Months of each renewal: 1, 2, 3, 6 or 12. Required when PrePaid
            with `worker_auto_renew`, else no effect.
        worker_system_disk_category: Kind of the system disk, such as `"cloud_efficiency"`.
        worker_system_disk_size: Size of the system disk in GB, from 1; usual: 40 to 500.
        worker_data_disk: Whether the nodes have data disks; goes with `worker_data_disks`.
        worker_data_disks: The data disks of each node: `category`, `size` (GB), `encrypted`,
            `auto_snapshot_policy_id`.
        key_pair: Name of the key pair to log in with. Not together with `login_password`.
        login_password: The SSH password: 8 to 30 characters, three of upper case, lower case,
            digits and special characters. Never shown; goes over https or loopback only.
        cpu_policy: `"none"` (default) or `"static"`; from Kubernetes 1.12.6 on.
        cloud_monitor_flags: Whether to install the cloud monitor.
        disable_rollback: Passed on as it is; the reference says "whether to roll back when adding
            nodes fails".
        image_id: A custom image instead of the default system image.
        user_data: Base64 of a script or cloud-init document for the nodes; decoded at most 1 KiB
            is advised.
        runtime: The container runtime: `name`, `version`.
        vswitch_ids: The virtual switches to place the nodes in.
        worker_instance_types: The instance types to choose from, such as `"ecs.c5.xlarge"`.
        rds_instances: RDS instances that are to admit the nodes.
        tags: Tags of the nodes: `key`, `value`; at most 20, no key twice.
        taints: Taints of the nodes: `key`, `value`, `effect` (`"NoSchedule"`, `"NoExecute"`,
            `"PreferNoSchedule"`).
        client: How to send, and with which credentials; see `ClientOptions`. Times are in milliseconds.

    Returns:
        The accepted request; keep its `task_id`.

    Raises:
        InvalidRequest: The request breaks rules, all listed in `problems`; nothing was sent.
        CredentialsError: No usable credentials; nothing was sent.
        NotSent: No byte reached the service (DNS, connect, TLS, proxy). Retry freely.
        Refused: The service said no; nothing was started.
        OutcomeUnknown: It was sent and there is no trustworthy answer. Look before retrying.
        Interrupted: Ctrl-C after it was sent; both an OutcomeUnknown and a KeyboardInterrupt.
        KeyboardInterrupt: Ctrl-C before anything was sent.
        ArgumentError: The request is larger than 1 MiB.
        InternalError: A defect in this library, before anything was sent.
        ValueError: `client` has `dry_run`; call `dry_run()`. Nothing was done.
        TypeError: The arguments do not go together, or `cluster_id` is a JSON text: pass a mapping.

    Warns:
        ScaleOutWarning: For what the validator advises against. Where a filter turns warnings into
            exceptions, it is raised before anything is sent.

    Blocks for `client.timeout_ms` (30 s) and, after an unknown end, `client.reconcile_timeout_ms`
    (10 s) at most; other threads run meanwhile. Any thread may call it.
    """
    values = (
        cluster_id,
        count,
        worker_instance_charge_type,
        worker_period,
        worker_period_unit,
        worker_auto_renew,
        worker_auto_renew_period,
        worker_system_disk_category,
        worker_system_disk_size,
        worker_data_disk,
        worker_data_disks,
        key_pair,
        login_password,
        cpu_policy,
        cloud_monitor_flags,
        disable_rollback,
        image_id,
        user_data,
        runtime,
        vswitch_ids,
        worker_instance_types,
        rds_instances,
        tags,
        taints,
        client,
    )
    if isinstance(cluster_id, str) and "{" not in cluster_id and not has_strict_filters():
        # The way of most calls, in few steps.
        if client is not None:
            refuse_dry_run(client)
        call = _native.Call.of_parameters(_NAMES, values)
    else:
        named = {} if values[1:] == _NONE_GIVEN else dict(zip(_NAMES[1:], values[1:]))
        request = gather(cluster_id, named)
        refuse_dry_run(request.get("client"))
        warn_first(request, stacklevel=2)
        call = _native.Call(request)
    return run(call, ScaleOutResult, stacklevel=2)


_NAMES = ("ClusterId", *(scale_out.__kwdefaults__ or ()))
"""What `values` above holds, in its order."""
_NONE_GIVEN = (None,) * (len(_NAMES) - 1)


def dry_run(
    cluster_id: str | Request | Mapping[str, object], **parameters: Unpack[Parameters]
) -> DryRun:
    """What `scale_out` with the same arguments would send, secrets masked. Sends nothing.

    Without any credentials it shows the request unsigned, with a warning. Raises as `scale_out` does.
    """
    request = dict(gather(cluster_id, known("dry_run", parameters)))
    client = request.get("client")
    if client is None or isinstance(client, Mapping):
        request["client"] = {**(client or {}), "dry_run": True}
    warn_first(request, stacklevel=2)
    return run(_native.Call(request), DryRun, stacklevel=2)


def validate(
    cluster_id: str | Request | Mapping[str, object], **parameters: Unpack[Parameters]
) -> Validation:
    """Checks a request, given as to `scale_out`: no network, file or credential is touched.

    Problems and warnings are returned, not raised. Raises `ArgumentError` for more than 1 MiB, and
    `InvalidRequest` for values that have no JSON form.
    """
    answer = _native.validate(gather(cluster_id, known("validate", parameters)))
    if answer.status not in (0, InvalidRequest.status):
        raise error(answer)
    return Validation(answer.document)


def known(function: str, parameters: Parameters) -> dict[str, Any]:
    """The keywords, if `scale_out` has them all."""
    for name in parameters:
        if name not in _NAMES[1:]:
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}")
    return {**parameters}


def gather(target: object, named: dict[str, Any]) -> Mapping[str, object]:
    """The one mapping that the library takes."""
    named = {name: value for name, value in named.items() if value is not None}
    if isinstance(target, str) and target.lstrip().startswith("{"):
        raise TypeError("cluster_id is a JSON text: pass a mapping, such as json.loads gives")
    if isinstance(target, str) or not isinstance(target, Mapping):
        return {"ClusterId": target, **named}
    client = named.pop("client", None)
    if named:
        names = ", ".join(named)
        raise TypeError(f"beside a mapping only client may be given: put {names} into the mapping")
    if client is None:
        return target
    if target.get("client") is not None:
        raise TypeError("client is given twice: in the mapping and as a keyword")
    return {**target, "client": client}


def refuse_dry_run(client: object) -> None:
    """What `scale_out` gives back was bought, always."""
    # Most are; asking for a mapping costs more.
    if (type(client) is dict or isinstance(client, Mapping)) and client.get("dry_run") is True:
        raise ValueError(_IS_DRY_RUN)


_IS_DRY_RUN = "client.dry_run: scale_out() is for buying; call dry_run() with the same arguments"


def run(call: _native.Call, kind: type[Result], *, stacklevel: int) -> Result:
    """Does the call on the calling thread."""
    try:
        outcome = finish(call.wait(), kind, stacklevel=stacklevel + 1)
        if not isinstance(outcome, Exception):
            return outcome
    except BaseException as interruption:  # raised by a signal's handler, at any of these steps
        raise aftermath(call, interruption)
    raise outcome


def finish(answer: _native.Answer, kind: type[Result], *, stacklevel: int) -> Result | Exception:
    """The result of a call, or its exception, not raised; shows its warnings."""
    if answer.has_warnings and answer.status != InvalidRequest.status:
        show(parse(answer.document)["warnings"], stacklevel=stacklevel + 1)
    if answer.status != 0:
        return error(answer)
    if answer.kind == "dry_run" and kind is ScaleOutResult:
        return ValueError(_IS_DRY_RUN)  # a mapping's get() did not tell
    return kind(answer.document)


def has_strict_filters() -> bool:
    """Whether a filter makes exceptions of warnings, of some at least."""
    if "warnings" not in modules:
        return False
    for entry in modules["warnings"].filters:
        if entry[0] == "error":
            return True
    return False


def warn_first(request: Mapping[str, object], *, stacklevel: int) -> None:
    """Warns before anything is sent, where a filter makes exceptions of warnings: raised after a
    purchase, such an exception would hide its task."""
    if not has_strict_filters():
        return
    import warnings

    answer = _native.validate(request)
    for entry in parse(answer.document)["warnings"] if answer.status == 0 else ():
        warnings.warn(ScaleOutWarning(line(**entry)), stacklevel=stacklevel + 1)


def show(found: list[dict[str, str]], *, stacklevel: int) -> None:
    """Shows warnings through the `warnings` module. The call is over, and nothing that goes wrong
    with showing them, such as a closed stderr, may hide its result."""
    try:
        import warnings

        for entry in found:
            warnings.warn(ScaleOutWarning(line(**entry)), stacklevel=stacklevel + 1)
    except Exception:
        pass  # `result.warnings` has them
