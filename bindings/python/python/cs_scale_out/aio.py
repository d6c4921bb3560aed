"""The same call for asyncio. The work is done on a thread of the library's own; no loop is blocked."""

from __future__ import annotations

import asyncio

from . import _scale_out
from ._documents import ScaleOutResult
from ._errors import OutcomeUnknown
from ._interrupt import as_unknown
from ._native import Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from typing_extensions import Unpack

    from ._documents import Candidate
    from ._native import Answer
    from .types import Parameters, Request

__all__ = ["OutcomeUnknownCancelled", "scale_out"]

_POLL_SECONDS = 0.005
_MOST_POLLS = 100


class OutcomeUnknownCancelled(asyncio.CancelledError):
    """Cancelled while the request was on the wire: nodes may be on their way.

    A CancelledError like any other to asyncio; `outcome` says what is known.
    """

    def __init__(self, outcome: OutcomeUnknown) -> None:
        super().__init__(outcome)

    @property
    def outcome(self) -> OutcomeUnknown:
        """The exception that the call would have ended with."""
        outcome: OutcomeUnknown = self.args[0]
        return outcome

    @property
    def candidates(self) -> tuple[Candidate, ...] | None:
        """As `OutcomeUnknown.candidates`."""
        return self.outcome.candidates

    @property
    def result(self) -> ScaleOutResult | None:
        """Set where the service had accepted the request all the same."""
        return self.outcome.result

    @property
    def document(self) -> dict[str, Any]:
        """The whole document."""
        return self.outcome.document

    def __str__(self) -> str:
        return str(self.outcome)


async def scale_out(
    cluster_id: str | Request | Mapping[str, object], **parameters: Unpack[Parameters]
) -> ScaleOutResult:
    """`cs_scale_out.scale_out` for asyncio: the same arguments, result and exceptions.

    When the task is cancelled before a byte was sent, the call is stopped, nothing will be sent,
    and CancelledError goes on. When the request may be on the wire, `OutcomeUnknownCancelled` (a
    CancelledError) is raised instead, after a look at the cluster's task list of at most two
    seconds, which a second cancellation ends. The loop runs meanwhile.

    Where `asyncio.timeout` or `wait_for` makes a TimeoutError of it, it is the `__cause__` or
    `__context__` of that.
    """
    request = _scale_out.gather(cluster_id, _scale_out.known("scale_out", parameters))
    _scale_out.refuse_dry_run(request.get("client"))
    _scale_out.warn_first(request, stacklevel=2)
    call = Call(request)
    try:
        answer = await _end(call)
    except asyncio.CancelledError:
        look = None
        if call.answer() is None and not call.cancel():
            look = await _look_or_end(call)
            await _abandon(call)
        answer = call.given_up(look)
        if answer.status != OutcomeUnknown.status:
            raise
        raise OutcomeUnknownCancelled(as_unknown(call, answer, OutcomeUnknown)) from None
    except BaseException:
        call.cancel()
        raise
    outcome = _scale_out.finish(answer, ScaleOutResult, stacklevel=2)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


# For inspect.signature, help() and editors: the keywords are the other function's.
setattr(scale_out, "__wrapped__", _scale_out.scale_out)  # noqa: B010 (to type checkers it has none)


async def _end(call: Call) -> Answer:
    """The call's end, awaited."""
    descriptor = call.start()
    if descriptor is not None:
        await _readable(descriptor)
    while True:
        answer = call.answer()
        if answer is not None:
            return answer
        await asyncio.sleep(_POLL_SECONDS)


async def _readable(descriptor: int) -> None:
    """Waits until something comes; not at all on a loop that cannot watch pipes."""
    loop = asyncio.get_running_loop()
    rung: asyncio.Future[None] = loop.create_future()

    def ring() -> None:
        if not rung.done():
            rung.set_result(None)

    try:
        loop.add_reader(descriptor, ring)
    except NotImplementedError:
        return
    try:
        await rung
    finally:
        loop.remove_reader(descriptor)


async def _look_or_end(call: Call) -> Call:
    """Waits for a look at the task list or for the call's own end, whichever comes first; the look.
    Another cancellation ends it."""
    look = call.look()
    ends = [asyncio.ensure_future(_end(one)) for one in (call, look)]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        pass  # no more looking
    for end in ends:
        end.cancel()
    try:
        await asyncio.gather(*ends, return_exceptions=True)
    except asyncio.CancelledError:
        pass  # they end by themselves, and what is known must be told
    return look


async def _abandon(call: Call) -> None:
    """Has the call say what it knows, which takes a moment only; no cancellation ends that."""
    call.abandon()
    for _ in range(_MOST_POLLS):
        if call.answer() is not None:
            return
        try:
            await asyncio.sleep(_POLL_SECONDS)
        except asyncio.CancelledError:
            pass
