"""The call itself. The rules, the statuses and the wire are the native module's."""

from __future__ import annotations

from _collections_abc import Mapping
from sys import modules

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
    key_pair: str | None = None,
    login_password: str | None = None,
    cloud_monitor_flags: bool | None = None,
    cpu_policy: Literal["none", "static"] | None = None,
    disable_rollback: bool | None = None,
    image_id: str | None = None,
    user_data: str | None = None,
    runtime: Runtime | None = None,
    vswitch_ids: Sequence[str] | None = None,
    worker_instance_types: Sequence[str] | None = None,
    rds_instances: Sequence[str] | None = None,
    worker_data_disks: Sequence[DataDisk] | None = None,
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
        count: How many nodes to add. At least 1; 1 to 500 advised.
        worker_instance_charge_type: How the nodes are paid for: ahead (PrePaid) or by use
            (PostPaid). "PrePaid" or "PostPaid"; default "PostPaid".
        worker_period: How long PrePaid nodes are paid for; required with PrePaid. 1, 2, 3, 6 or 12
            months.
        worker_period_unit: Unit of worker_period; required with PrePaid. "Month".
        worker_auto_renew: Whether PrePaid nodes renew themselves.
        worker_auto_renew_period: For how long PrePaid nodes renew themselves; required if they do.
            1, 2, 3, 6 or 12 months.
        worker_system_disk_category: Type of the system disk. Not empty; for example
            "cloud_efficiency".
        worker_system_disk_size: Size of the system disk. At least 1 GB; 40 to 500 advised.
        worker_data_disk: Whether the nodes have data disks.
        key_pair: Name of the key pair to log in with, or login_password. For example "secrity-key".
        login_password: SSH password, or key_pair: three of upper case, lower case, digit, special.
            8 to 30 characters.
        cloud_monitor_flags: Whether CloudMonitor is installed on the nodes.
        cpu_policy: CPU management policy, for clusters of 1.12.6 or later. "none" or "static";
            default "none".
        disable_rollback: Whether nodes that could not be added are kept.
        image_id: Custom image of the nodes instead of the system's.
        user_data: Base64 of what a node runs at its first boot; larger scripts belong into OSS. For
            example "IyEvYmluL3NoCg==".
        runtime: Container runtime. See `Runtime`.
        vswitch_ids: VSwitches the nodes are put into. At most 3 items advised; for example
            "vsw-2ze4jvvvade1yk899".
        worker_instance_types: Instance types of the nodes. For example "ecs.c5.xlarge".
        rds_instances: RDS instances whose white lists the nodes are added to. For example
            "rm-2zev748xi27xc".
        worker_data_disks: Data disks of each node. See `DataDisk`.
        tags: Tags of the nodes. At most 20 items advised; see `Tag`.
        taints: Taints of the nodes. See `Taint`.
        client: How to send; never sent itself. See `ClientOptions`.

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
        key_pair,
        login_password,
        cloud_monitor_flags,
        cpu_policy,
        disable_rollback,
        image_id,
        user_data,
        runtime,
        vswitch_ids,
        worker_instance_types,
        rds_instances,
        worker_data_disks,
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
    except Exception:  # noqa: S110
        pass  # `result.warnings` has them
