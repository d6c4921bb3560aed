"""What to say when a call is given up while it is on its way."""

from __future__ import annotations

from ._documents import ScaleOutResult
from ._errors import Interrupted, NotSent, OutcomeUnknown, error
from ._native import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from ._native import Answer, Call

    Told = TypeVar("Told")
    Unknown = TypeVar("Unknown", bound=OutcomeUnknown)

_MOST_SIGNALS = 100


def aftermath(call: Call, interruption: BaseException) -> BaseException:
    """The exception to raise in place of what a signal handler raised."""
    return despite_signals(lambda: _told(call, interruption))


def despite_signals(tell: Callable[[], Told]) -> Told:
    """What `tell` gives: that one more signal's handler raises changes nothing of what is to be told."""
    for _ in range(_MOST_SIGNALS):
        try:
            return tell()
        except BaseException:  # noqa: S110 (it is told below)
            pass
    return tell()


def _told(call: Call, interruption: BaseException) -> BaseException:
    answer = call.given_up()
    if answer.kind == "dry_run":
        return _harmless(interruption, "interrupted: nothing was sent")
    if answer.status == OutcomeUnknown.status:
        return _unknown(call, answer, interruption)
    outcome = error(answer)
    if isinstance(outcome, NotSent):
        return _harmless(interruption, f"interrupted: {outcome.message}")
    interruption.__context__ = outcome
    return _harmless(interruption, f"interrupted: {outcome}")


def _unknown(call: Call, answer: Answer, interruption: BaseException) -> BaseException:
    if isinstance(interruption, KeyboardInterrupt):
        interrupted = as_unknown(call, answer, Interrupted)
        interrupted.__suppress_context__ = True  # it says all that the bare one does
        return interrupted
    unknown = as_unknown(call, answer, OutcomeUnknown)
    if isinstance(interruption, Exception):
        # A program that catches its own exception must not take it for "nothing happened".
        unknown.__cause__ = interruption
        return unknown
    # Such as SystemExit: the program is to end all the same.
    interruption.__cause__ = unknown
    return interruption


def as_unknown(call: Call, answer: Answer, kind: type[Unknown]) -> Unknown:
    """The exception for a call that was given up; an answer that came after all is its `result`."""
    unknown = kind(parse(answer.document))
    own = call.answer()
    if own is not None and own.kind == "accepted":
        unknown.result = ScaleOutResult(own.document)
    return unknown


def _harmless(interruption: BaseException, note: str) -> BaseException:
    if isinstance(interruption, KeyboardInterrupt) and not interruption.args:
        interruption.args = (note,)
    elif hasattr(interruption, "add_note"):
        interruption.add_note(note)
    return interruption
