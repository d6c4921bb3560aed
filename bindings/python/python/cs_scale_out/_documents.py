"""What calls give back: frozen values, made from the library's documents."""

from __future__ import annotations

from ._frozen import Frozen, Locked, set_field
from ._native import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Problem(Frozen):
    """One thing wrong with a request, or worth knowing about it."""

    __slots__ = ("path", "code", "message")

    path: str
    """JSON Pointer (RFC 6901) of the member, such as `/worker_data_disks/0/size`."""
    code: str
    """A stable lower_snake word, such as `out_of_range`."""
    message: str
    """One line. Never holds a secret."""

    def __str__(self) -> str:
        return line(self.path, self.code, self.message)


class Candidate(Frozen):
    """A task seen on the cluster's list after an unknown end: evidence, not proof."""

    __slots__ = ("task_id", "state", "created")

    task_id: str
    state: str
    """The service's word for how it stood when it was seen, such as `running`."""
    created: str
    """When it was created, as the service wrote it; empty where it did not."""

    def __str__(self) -> str:
        return f"{self.task_id} ({self.state}, created {self.created or 'at an unknown time'})"


class Source(Frozen):
    """One place where credentials were looked for."""

    __slots__ = ("source", "reason")

    source: str
    reason: str
    """Why it gave none."""

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


class Document(Locked):
    """What a call gave back: a value made from the library's document, and equal by it."""

    __slots__ = ("_read", "json")

    json: str
    """The whole document, as JSON text."""

    if TYPE_CHECKING:
        _read: dict[str, Any]

    def __init__(self, json: str) -> None:
        set_field(self, "json", json)

    @property
    def _seen(self) -> dict[str, Any]:
        """The document, read when it is first asked for."""
        if not hasattr(self, "_read"):
            set_field(self, "_read", parse(self.json))
        return self._read

    @property
    def document(self) -> dict[str, Any]:
        """The whole document; a new copy each time."""
        document: dict[str, Any] = parse(self.json)
        return document

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is advised against or has no effect."""
        return problems(self._seen, "warnings")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self) or not isinstance(other, Document):
            return NotImplemented
        return self.json == other.json

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.json))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({fields})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.json,)

    __match_args__: tuple[str, ...] = ()


class ScaleOutResult(Document):
    """The service accepted the request: nodes are on their way. Keep `task_id`."""

    __slots__ = ()
    __match_args__ = (
        "cluster_id",
        "task_id",
        "request_id",
        "attempts",
        "warnings",
        "confirmed_by",
    )

    @property
    def cluster_id(self) -> str:
        """The cluster that grows."""
        return str(self._seen["cluster_id"])

    @property
    def task_id(self) -> str:
        """Names the scale-out in the service's task list."""
        return str(self._seen["task_id"])

    @property
    def request_id(self) -> str | None:
        """The service's name for this exchange; quote it in a support ticket."""
        return self._seen.get("request_id")

    @property
    def attempts(self) -> int:
        """How often it was tried; no earlier copy was executed."""
        return int(self._seen["attempts"])

    @property
    def confirmed_by(self) -> str | None:
        """`"task_list"` where `client.adopt_candidate` took the task from the list, else None."""
        return self._seen.get("confirmed_by")


class DryRun(Document):
    """What would go on the wire; secrets are masked. Nothing was sent."""

    __slots__ = ()
    __match_args__ = ("method", "url", "headers", "body", "warnings")

    @property
    def method(self) -> str:
        """`POST`."""
        return str(self._seen["request"]["method"])

    @property
    def url(self) -> str:
        """The whole URL."""
        return str(self._seen["request"]["url"])

    @property
    def headers(self) -> dict[str, str]:
        """The request's headers; a new copy each time."""
        return dict(self._seen["request"]["headers"])

    @property
    def body(self) -> str:
        """JSON text; a password in it is masked."""
        return str(self._seen["request"]["body"])


class Validation(Document):
    """What the validator found. True in a condition if there is no problem."""

    __slots__ = ()
    __match_args__ = ("ok", "problems", "warnings")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the service would refuse or misread; empty for a good request."""
        return problems(self._seen, "problems")

    @property
    def ok(self) -> bool:
        """Whether there is no problem."""
        return not self._seen.get("problems")

    def __bool__(self) -> bool:
        return self.ok


def line(path: str, code: str, message: str) -> str:
    """A problem or a warning, for a person."""
    return f"{path or 'the request'}: {message} ({code})"


def problems(document: dict[str, Any], member: str) -> tuple[Problem, ...]:
    """The list `member` of a document."""
    entries = document.get(member) or ()
    return tuple(Problem(entry["path"], entry["code"], entry["message"]) for entry in entries)
