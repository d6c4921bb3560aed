"""One exception a status. Each says what to do next, and carries the library's whole document."""

from __future__ import annotations

from ._documents import Candidate, Problem, Source, problems
from ._native import failure, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar

    from ._documents import ScaleOutResult
    from ._native import Answer


class ScaleOutWarning(UserWarning):
    """A request that was sent as it is, and is advised against or says something without effect.

    Silence them with `warnings.filterwarnings("ignore", category=ScaleOutWarning)`.
    """


class ScaleOutError(Exception):
    """Why a call did not succeed. `str()` is for a person, `document` for a program."""

    status: ClassVar[int] = 0
    """The number the C functions return: -1 to -8."""
    status_name: ClassVar[str] = "unrecognized"
    """The word under `"status"` in the document."""

    def __init__(self, document: Mapping[str, Any] | str) -> None:
        if isinstance(document, str):
            document = dict(parse(failure(self.status, document)))
        super().__init__(dict(document))

    @property
    def document(self) -> dict[str, Any]:
        """The whole document as the library gave it."""
        document: dict[str, Any] = self.args[0]
        return document

    @property
    def message(self) -> str:
        """One line: what happened."""
        return str(self.document.get("message", ""))

    @property
    def hint(self) -> str | None:
        """One line: what to do about it, where that is known."""
        return self.document.get("hint")

    @property
    def cause(self) -> str | None:
        """What lies behind it, such as the system's own words."""
        return self.document.get("cause")

    @property
    def attempts(self) -> int:
        """How often it was tried to send the request."""
        return int(self.document.get("attempts", 0))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What the validator advises against."""
        return problems(self.document, "warnings")

    def _details(self) -> tuple[object, ...]:
        """Further lines of the text."""
        return ()

    def __str__(self) -> str:
        lines = [self.message, *(f"  {detail}" for detail in self._details())]
        if self.hint:
            lines.append(f"hint: {self.hint}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.message!r})"


class ArgumentError(ScaleOutError, ValueError):
    """The request is over 1 MiB, or, where a text was given, not JSON. Fix the program."""

    status = -1
    status_name = "argument"


class InvalidRequest(ScaleOutError, ValueError):
    """The request breaks rules; every problem is listed. Nothing was sent. Fix the input."""

    status = -2
    status_name = "invalid"

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong."""
        return problems(self.document, "problems")

    def _details(self) -> tuple[object, ...]:
        # A single problem is the message.
        return self.problems if len(self.problems) > 1 else ()


class UnsupportedType(InvalidRequest, TypeError):
    """The request holds a value that has no JSON form, such as bytes. Nothing was sent."""


class CredentialsError(ScaleOutError):
    """No usable credentials. Nothing was sent. Fix the environment."""

    status = -3
    status_name = "credentials"

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every place that was looked at, and why it gave none."""
        entries = self.document.get("sources") or ()
        return tuple(Source(entry["source"], entry["reason"]) for entry in entries)


class NotSent(ScaleOutError):
    """No byte of the request reached the service. Retry freely."""

    status = -4
    status_name = "unsent"


class _Answered(ScaleOutError):
    """What the service said, where it said something."""

    @property
    def code(self) -> str | None:
        """The service's error code, such as `ErrorClusterNotFound`."""
        return self.document.get("code")

    @property
    def http_status(self) -> int | None:
        """The HTTP status."""
        return self.document.get("http_status")

    @property
    def request_id(self) -> str | None:
        """The service's name for this exchange; quote it in a support ticket."""
        return self.document.get("request_id")

    @property
    def raw(self) -> str | None:
        """The first 2 KiB of a reply that could not be read, scrubbed of secrets."""
        return self.document.get("raw")


class Refused(_Answered):
    """The service answered no; nothing was started. Read `code`."""

    status = -5
    status_name = "refused"


class OutcomeUnknown(_Answered):
    """It was sent, and there is no trustworthy answer: nodes may be on their way.

    Look at the cluster's tasks and nodes before sending it again.
    """

    status = -6
    status_name = "unknown"
    result: ScaleOutResult | None = None
    """Set where a call was interrupted and the service had accepted it all the same."""

    @property
    def candidates(self) -> tuple[Candidate, ...] | None:
        """Scale-out tasks that may be this call's. None where the list could not be read; empty
        where it shows none so far, which proves nothing."""
        entries = self.document.get("candidates")
        if entries is None:
            return None
        return tuple(Candidate(e["task_id"], e["state"], e["created"]) for e in entries)

    def _details(self) -> tuple[object, ...]:
        return tuple(f"candidate: {candidate}" for candidate in self.candidates or ())


class InternalError(ScaleOutError):
    """A defect in this library, before anything was sent. Report it."""

    status = -7
    status_name = "internal"


class TaskFailed(ScaleOutError):
    """The task of a scale-out has ended, and not with every node. What did start is in `succeeded`.

    A wait for a task raises it; this version has none yet.
    """

    status = -8
    status_name = "failed"

    @property
    def succeeded(self) -> tuple[str, ...]:
        """The ids of the instances that started."""
        return tuple(self.document.get("succeeded") or ())

    @property
    def failed(self) -> tuple[str, ...]:
        """The ids of the instances that did not."""
        return tuple(self.document.get("failed") or ())

    @property
    def error(self) -> dict[str, Any] | None:
        """Why the task failed: the service's `code` and `message`, where it said so."""
        return self.document.get("error")


class Interrupted(OutcomeUnknown, KeyboardInterrupt):
    """Ctrl-C while the request was on the wire: nodes may be on their way.

    Caught by `except KeyboardInterrupt` and by `except OutcomeUnknown`.
    """


_KINDS = {
    kind.status: kind
    for kind in (
        ArgumentError,
        InvalidRequest,
        CredentialsError,
        NotSent,
        Refused,
        OutcomeUnknown,
        InternalError,
        TaskFailed,
    )
}
"""One exception for each status of the library but `ok`."""


def error(answer: Answer) -> ScaleOutError:
    """The exception for an answer that is none of success."""
    return _KINDS[answer.status](parse(answer.document))
