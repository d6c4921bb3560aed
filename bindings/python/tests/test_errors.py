"""Each exception is raised for its reason, carries the document, pickles, and tells what to do."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import cs_scale_out
import pytest
from answers import Answer
from cs_scale_out import _native, scale_out
from cs_scale_out.__main__ import USAGE
from cs_scale_out._errors import error

README = Path(__file__).resolve().parents[1] / "README.md"


def call(ack, **client):
    return scale_out("c1", count=1, key_pair="k", client={**ack.client, **client})


def check(caught, status, name):
    """What holds for every exception."""
    error = caught.value
    assert isinstance(error, cs_scale_out.ScaleOutError)
    assert (error.status, error.status_name) == (status, name)
    assert error.document["status"] == name
    assert error.document["message"] == error.message
    assert error.message in str(error)
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error) and copy.document == error.document and str(copy) == str(error)
    assert repr(error) == f"{type(error).__name__}({error.message!r})"
    return error


def test_argument(local_ack):
    with pytest.raises(cs_scale_out.ArgumentError) as caught:
        scale_out("c1", user_data="A" * 2_000_000, client=local_ack.client)
    check(caught, -1, "argument")
    with pytest.raises(cs_scale_out.ArgumentError):
        cs_scale_out.validate("c1", user_data="A" * 2_000_000)


def test_invalid(local_ack):
    with pytest.raises(cs_scale_out.InvalidRequest) as caught:
        scale_out("c1", count=0, worker_period=5, client=local_ack.client)
    error = check(caught, -2, "invalid")
    assert isinstance(error, ValueError)
    assert {p.path for p in error.problems} >= {"/count", "/worker_period"}
    for problem in error.problems:
        assert f"{problem.path}: {problem.message}" in str(error)
    assert error.attempts == 0
    assert not local_ack.requests


def test_credentials(local_ack):
    with pytest.raises(cs_scale_out.CredentialsError) as caught:
        scale_out("c1", count=1, key_pair="k", client={"endpoint": local_ack.url})
    error = check(caught, -3, "credentials")
    assert error.sources and all(source.source and source.reason for source in error.sources)
    assert error.sources[0].reason in str(error)
    assert not local_ack.requests


def test_unsent(closed_port, local_ack):
    with pytest.raises(cs_scale_out.NotSent) as caught:
        call(local_ack, endpoint=f"http://127.0.0.1:{closed_port}", max_attempts=2)
    error = check(caught, -4, "unsent")
    assert error.attempts == 2
    assert "refused" in error.cause.lower()


def test_refused(local_ack):
    local_ack.fault(
        {"fault": "status", "status": 404, "code": "ErrorClusterNotFound", "message": "no c1"}
    )
    with pytest.raises(cs_scale_out.Refused) as caught:
        call(local_ack)
    error = check(caught, -5, "refused")
    assert (error.code, error.http_status) == ("ErrorClusterNotFound", 404)
    assert error.request_id == error.document["request_id"]
    assert "ErrorClusterNotFound" in str(error) and "no c1" in str(error)
    assert not local_ack.ledger


def test_unknown(local_ack):
    local_ack.fault("close_after_read:executed=true")
    with pytest.raises(cs_scale_out.OutcomeUnknown) as caught:
        call(local_ack)
    error = check(caught, -6, "unknown")
    (candidate,) = error.candidates
    assert candidate.task_id == local_ack.ledger[0].task_id
    assert candidate.task_id in str(error) and f"hint: {error.hint}" in str(error)
    assert error.result is None


def test_unknown_without_a_look_has_no_candidates(local_ack):
    local_ack.fault("status:status=503,code=Busy,executed=false")
    with pytest.raises(cs_scale_out.OutcomeUnknown) as caught:
        call(local_ack, reconcile=False)
    assert caught.value.candidates is None
    assert (caught.value.code, caught.value.http_status) == ("Busy", 503)


def test_internal(monkeypatch):
    class Broken:
        @staticmethod
        def of_parameters(names: object, values: object) -> Broken:
            return Broken()

        def wait(self) -> Answer:
            return Answer("failed", -7, "internal", "a defect")

    monkeypatch.setattr(_native, "Call", Broken)
    with pytest.raises(cs_scale_out.InternalError) as caught:
        scale_out("c1")
    check(caught, -7, "internal")


def test_a_task_that_failed(monkeypatch):
    more = {"succeeded": ["i-1", "i-2"], "failed": ["i-3"], "error": {"code": "NoStock"}}
    with pytest.raises(cs_scale_out.TaskFailed) as caught:
        raise error(Answer("failed", -8, "failed", "one node did not start", **more))
    failed = check(caught, -8, "failed")
    assert (failed.succeeded, failed.failed) == (("i-1", "i-2"), ("i-3",))
    assert failed.error == {"code": "NoStock"}
    bare = cs_scale_out.TaskFailed("the task was canceled")
    assert (bare.succeeded, bare.failed, bare.error) == ((), (), None)


def test_a_throttled_request_is_tried_again(local_ack):
    fault = {"fault": "status", "status": 429, "code": "Throttling.User"}
    local_ack.fault({**fault, "headers": {"Retry-After": "0"}})
    assert call(local_ack).attempts == 2
    assert len(local_ack.ledger) == 1


def kinds():
    """The exceptions that stand for a status of their own."""
    public = (getattr(cs_scale_out, name) for name in cs_scale_out.__all__)
    found = [kind for kind in public if isinstance(kind, type) and "status" in vars(kind)]
    found.remove(cs_scale_out.ScaleOutError)
    return found


def test_every_status_has_its_exception_and_every_exception_its_status():
    found = [(kind.status, kind.status_name) for kind in kinds()]
    assert sorted([(0, "ok"), *found]) == sorted(_native.STATUSES)
    for status, name in found:
        assert error(Answer("failed", status, name, "no")).status == status


def test_the_readme_and_the_command_line_tell_of_every_status():
    rows = re.findall(r"^\| `(\w+)`.* \| (-\d) \|", README.read_text(), re.MULTILINE)
    assert sorted(rows) == sorted((kind.__name__, str(kind.status)) for kind in kinds())
    sentence = USAGE.split("exit: ")[1].split("\n")[0]
    told = [(-int(number), name) for number, name in re.findall(r"(\d) (\w+)", sentence)]
    # A wait's alone, and nothing waits here.
    assert sorted([*told, (-8, "failed")]) == sorted(_native.STATUSES)


def test_exceptions_can_be_made_for_the_tests_of_users():
    unknown = cs_scale_out.OutcomeUnknown("no reply")
    assert (unknown.message, unknown.candidates, unknown.attempts) == ("no reply", None, 0)
    refused = cs_scale_out.Refused({"message": "no", "code": "Forbidden.RAM"})
    assert refused.code == "Forbidden.RAM" and str(refused) == "no"
    with pytest.raises(ValueError, match="no failure has this status"):
        cs_scale_out.ScaleOutError("which one?")


def test_a_document_made_of_a_message_is_the_librarys():
    for kind in kinds():
        expected = {"status": kind.status_name, "message": 'a "line"', "attempts": 0}
        assert kind('a "line"').document == expected
