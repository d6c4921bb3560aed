"""What to say when a call is given up while it is on its way."""

from __future__ import annotations

from ._documents import ScaleOutResult, result
from ._errors import Interrupted, NotSent, OutcomeUnknown, ScaleOutError, error
from ._native import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Union

    from ._native import Call

    Outcome = Union[ScaleOutResult, ScaleOutError]

_GIVEN_UP = """{"status": "unknown", "attempts": 1,
"message": "given up while the request was on the wire: nodes may be on their way",
"hint": "look at the cluster's tasks and nodes before sending this again"}"""


_MOST_SIGNALS = 100


def aftermath(call: Call, interruption: BaseException) -> BaseException:
    """The exception to raise in place of what a signal handler raised."""
    last = interruption
    for _ in range(_MOST_SIGNALS):
        try:
            return _told(call, interruption)
        except BaseException as further:  # of one more signal: it changes nothing of what is to be told
            last = further
    return last


def _told(call: Call, interruption: BaseException) -> BaseException:
    if call.answer() is None and call.cancel():
        return _harmless(interruption, "interrupted: nothing was sent")
    outcome = what_came(call, call.looked())
    if isinstance(outcome, NotSent):
        return _harmless(interruption, f"interrupted: {outcome.message}")
    if not may_have_bought(outcome):
        interruption.__context__ = outcome if isinstance(outcome, ScaleOutError) else None
        return _harmless(interruption, f"interrupted: {outcome}")
    if isinstance(interruption, KeyboardInterrupt):
        interrupted = as_unknown(outcome, Interrupted)
        interrupted.__suppress_context__ = True  # it says all that the bare one does
        return interrupted
    unknown = as_unknown(outcome, OutcomeUnknown)
    if isinstance(interruption, Exception):
        # A program that catches its own exception must not take it for "nothing happened".
        unknown.__cause__ = interruption
        return unknown
    # Such as SystemExit: the program is to end all the same.
    interruption.__cause__ = unknown
    return interruption


def what_came(call: Call, looked: tuple[int, str] | None) -> Outcome:
    """The call's own answer, if it came by now; with what a look showed where that is unknown."""
    status, text = call.answer() or (OutcomeUnknown.status, _GIVEN_UP)
    document = parse(text)
    if status == 0:
        value = result(text)
        return value if isinstance(value, ScaleOutResult) else NotSent("it was a dry run")
    if status == OutcomeUnknown.status and looked is not None and "candidates" not in document:
        seen = parse(looked[1])
        document.update((name, seen[name]) for name in ("hint", "candidates") if name in seen)
    return error(status, document)


def may_have_bought(outcome: Outcome) -> bool:
    """Whether nodes may be on their way."""
    return isinstance(outcome, (ScaleOutResult, OutcomeUnknown))


def as_unknown(outcome: Outcome, kind: type[OutcomeUnknown]) -> OutcomeUnknown:
    """The exception for an outcome that nobody waited for. An answer that came is not lost."""
    if isinstance(outcome, ScaleOutError):
        return kind(outcome.document)
    message = f"given up, but the service had accepted the request: task {outcome.task_id} runs"
    unknown = kind(
        {**outcome.document, "status": "unknown", "message": message, "hint": "do not send it again"}
    )
    unknown.result = outcome
    return unknown


def _harmless(interruption: BaseException, note: str) -> BaseException:
    if isinstance(interruption, KeyboardInterrupt) and not interruption.args:
        interruption.args = (note,)
    elif hasattr(interruption, "add_note"):
        interruption.add_note(note)
    return interruption
