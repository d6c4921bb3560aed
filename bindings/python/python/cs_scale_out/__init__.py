"""Add worker nodes to an Alibaba Cloud Kubernetes (ACK) cluster.

One call, `scale_out`; the rest says what became of it::

    result = cs_scale_out.scale_out("c82e6987e2961451182edacd74faf", count=1, key_pair="common")
    print(result.task_id)

`cs_scale_out.aio` is the same for asyncio, `cs_scale_out.testing` a stand-in for the service.
"""

from __future__ import annotations

from sys import modules as _modules

from ._documents import Candidate, DryRun, Problem, ScaleOutResult, Source, Validation
from ._errors import (
    ArgumentError,
    CredentialsError,
    InternalError,
    Interrupted,
    InvalidRequest,
    NotSent,
    OutcomeUnknown,
    Refused,
    ScaleOutError,
    ScaleOutWarning,
    TaskFailed,
    UnsupportedType,
)
from ._native import __version__
from ._scale_out import dry_run, scale_out, validate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import aio, testing, types
    from .types import ClientOptions, DataDisk, Parameters, Request, Runtime, Tag, Taint

__all__ = [
    "ArgumentError",
    "Candidate",
    "ClientOptions",
    "CredentialsError",
    "DataDisk",
    "DryRun",
    "InternalError",
    "Interrupted",
    "InvalidRequest",
    "NotSent",
    "OutcomeUnknown",
    "Parameters",
    "Problem",
    "Refused",
    "Request",
    "Runtime",
    "ScaleOutError",
    "ScaleOutResult",
    "ScaleOutWarning",
    "Source",
    "Tag",
    "Taint",
    "TaskFailed",
    "UnsupportedType",
    "Validation",
    "__version__",
    "aio",
    "dry_run",
    "scale_out",
    "testing",
    "types",
    "validate",
]

_LATER = ("aio", "testing", "types")
_TYPES = ("ClientOptions", "DataDisk", "Parameters", "Request", "Runtime", "Tag", "Taint")


def __getattr__(name: str) -> object:
    """Imports what costs more than a call only when it is asked for."""
    module = name if name in _LATER else "types" if name in _TYPES else None
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    __import__(f"{__name__}.{module}")
    found = _modules[f"{__name__}.{module}"]
    return found if name in _LATER else getattr(found, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
