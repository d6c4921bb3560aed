"""A loopback stand-in for the service, so that scripts can be tested without an account."""

from __future__ import annotations

from ._frozen import Frozen
from ._native import Server, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Any

    from .types import ClientOptions

__all__ = ["LocalAck", "Purchase", "Seen"]


class Purchase(Frozen):
    """One scale-out that was executed."""

    __slots__ = (
        "cluster_id",
        "task_id",
        "request_id",
        "count",
        "body",
        "nonce",
        "connection",
        "created_unix_ms",
    )
    _hidden = ("body",)  # it may hold a password

    cluster_id: str
    task_id: str
    request_id: str
    """The id the answer carried, or would have carried."""
    count: int | None
    """The body's `count`, where it is an integer."""
    body: str
    """The body as it came."""
    nonce: str
    connection: int
    """Which connection it came on; the first is 1."""
    created_unix_ms: int
    """By the stand-in's clock, its offset included."""

    @property
    def request(self) -> dict[str, Any]:
        """The body as a dict; a new copy each time."""
        request: dict[str, Any] = parse(self.body)
        return request


class Seen(Frozen):
    """One request that arrived, accepted or not."""

    __slots__ = (
        "method",
        "target",
        "headers",
        "body",
        "connection",
        "status",
        "executed",
        "body_complete",
    )
    _hidden = ("headers", "body")  # they hold signatures, and may hold a password

    method: str
    target: str
    """Path and query as on the wire."""
    headers: tuple[tuple[str, str], ...]
    """In the order and case of the wire."""
    body: bytes
    connection: int
    status: int
    """The HTTP status answered; 0 where none was."""
    executed: bool
    body_complete: bool


class LocalAck:
    """A stand-in for the service on 127.0.0.1, inside this process. Start to end is the `with` block.

    It verifies signatures, keeps a ledger of what was executed, and fails on request the way
    networks and gateways fail::

        with LocalAck() as ack:
            ack.fault("close_after_read:executed=true")
            scale_out("c1", count=1, key_pair="k", client=ack.client)  # OutcomeUnknown
            ack.ledger[0].task_id
    """

    def __init__(
        self,
        *,
        access_key_id: str = "testid",
        access_key_secret: str = "testsecret",
        security_token: str | None = None,
        clock_offset: int = 0,
        port: int = 0,
        latency: float = 0.0,
        task_delay: float = 0.0,
        task_length: float = 0.0,
        verbose: bool = False,
    ) -> None:
        """Starts the stand-in.

        Args:
            access_key_id: The only one it knows.
            access_key_secret: The secret that goes with it.
            security_token: The STS token each request must carry; None: none may.
            clock_offset: Seconds its clock is ahead of this machine's.
            port: 0 lets the system choose.
            latency: Seconds before each answer, after the purchase is entered.
            task_delay: Seconds until a task shows in the task list.
            task_length: Seconds a task says `running` before it says `success`.
            verbose: Describe each request on stderr, secrets masked.

        Raises:
            OSError: The port is taken.
            ValueError: A time is negative or too long.
        """
        self._server = Server(
            access_key_id=access_key_id,
            access_key_secret=access_key_secret,
            security_token=security_token,
            clock_offset=clock_offset,
            port=port,
            latency=latency,
            task_delay=task_delay,
            task_length=task_length,
            verbose=verbose,
        )
        self._url = self._server.url()
        self._client: ClientOptions = {
            "endpoint": self._url,
            "access_key_id": access_key_id,
            "access_key_secret": access_key_secret,
            # Not through a proxy that the environment may name.
            "proxy": "",
        }
        if security_token is not None:
            self._client["security_token"] = security_token

    def __enter__(self) -> LocalAck:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"LocalAck({self._url!r})"

    def close(self) -> None:
        """Stops it and closes its connections; harmless when it has stopped."""
        self._server.stop()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return self._url

    @property
    def client(self) -> ClientOptions:
        """What to pass as `client=`; a new copy each time, to be extended at will."""
        return self._client.copy()

    def fault(self, fault: str | Mapping[str, object]) -> None:
        """Makes the next scale-out fail; faults queue up.

        Args:
            fault: `"close_after_read:executed=true"`, or `{"fault": "status", "status": 429,
                "code": "Throttling.User", "headers": {"Retry-After": "1"}}`. `executed` says whether
                the purchase is entered before the fault strikes. The README lists the faults.

        Raises:
            ValueError: There is no such fault.
        """
        self._server.fault(fault)

    def fault_for(self, cluster_id: str, fault: str | Mapping[str, object]) -> None:
        """The same for one cluster. While there are such, the common queue is left alone."""
        self._server.fault_for(cluster_id, fault)

    def fault_for_reads(self, fault: str | Mapping[str, object]) -> None:
        """The same for the next request that looks at tasks."""
        self._server.fault_for_reads(fault)

    def clear_faults(self) -> None:
        """Forgets every queued fault."""
        self._server.clear_faults()

    def add_task(self, cluster_id: str) -> str:
        """Starts a task, as when somebody else scales the same cluster; its id."""
        return self._server.add_task(cluster_id)

    @property
    def ledger(self) -> list[Purchase]:
        """What was executed, in order."""
        return [Purchase(*fields) for fields in self._server.ledger()]

    @property
    def requests(self) -> list[Seen]:
        """The requests that arrived, in order; those that look at tasks are among them."""
        rows = self._server.requests()
        return [Seen(row[0], row[1], tuple(row[2]), *row[3:]) for row in rows]

    @property
    def connections(self) -> int:
        """How many connections were accepted."""
        return self._server.connections()
