"""The stand-in, as users' own tests see it; and the README and the example, run."""

from __future__ import annotations

import pickle
import re
import runpy
import subprocess
import sys
from pathlib import Path

import cs_scale_out
import pytest
from cs_scale_out import scale_out
from cs_scale_out.testing import LocalAck, Purchase

HERE = Path(__file__).resolve().parents[1]
pytest_plugins = ["pytester"]
SECRETS = ("Hello@1234", "very-secret", "sts-token")


def call(ack, cluster_id="c1", **client):
    return scale_out(cluster_id, count=2, key_pair="k", client={**ack.client, **client})


def test_it_runs_inside_the_process_for_the_length_of_the_block():
    with LocalAck() as ack:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", ack.url)
        call(ack)
        assert ack.connections >= 1
        client = ack.client
    with pytest.raises(cs_scale_out.NotSent):
        scale_out("c1", count=1, key_pair="k", client={**client, "max_attempts": 1})
    with pytest.raises(RuntimeError, match="has stopped"):
        _ = ack.ledger
    ack.close()


def test_the_ledger_tells_what_was_bought(local_ack):
    result = call(local_ack)
    (purchase,) = local_ack.ledger
    assert type(purchase) is Purchase
    assert (purchase.task_id, purchase.count) == (result.task_id, 2)
    assert purchase.request == {"count": 2, "key_pair": "k"}
    assert pickle.loads(pickle.dumps(purchase)) == purchase and hash(purchase)
    with pytest.raises(AttributeError, match="frozen"):
        purchase.count = 3  # type: ignore[misc]
    (seen,) = local_ack.requests
    assert (seen.method, seen.target, seen.status) == ("POST", "/api/v2/clusters/c1", 200)
    assert seen.body == purchase.body.encode() and seen.executed and seen.body_complete
    assert "authorization" in {name.lower() for name, _ in seen.headers}


def test_frozen_values_are_made_like_dataclasses():
    problem = cs_scale_out.Problem("/count", code="missing", message="is missing")
    assert repr(problem) == "Problem(path='/count', code='missing', message='is missing')"
    assert problem.__match_args__ == ("path", "code", "message")
    for wrong in ((), ("a", "b"), ("a", "b", "c", "d")):
        with pytest.raises(TypeError, match="path, code, message"):
            cs_scale_out.Problem(*wrong)
    assert problem != ("/count", "missing", "is missing")


def test_faults_by_text_and_by_mapping(local_ack):
    local_ack.fault("status:status=404,code=ErrorClusterNotFound")
    local_ack.fault({"fault": "status", "status": 403, "code": "Forbidden.RAM"})
    for code in ("ErrorClusterNotFound", "Forbidden.RAM"):
        with pytest.raises(cs_scale_out.Refused) as caught:
            call(local_ack)
        assert caught.value.code == code
    for wrong in ("no_such_fault", {"fault": "hang", "executed": "perhaps"}, {}):
        with pytest.raises(ValueError):
            local_ack.fault(wrong)


def test_faults_for_one_cluster_and_for_looks(local_ack):
    local_ack.fault_for("c2", "close_after_read:executed=true")
    call(local_ack)
    local_ack.fault_for_reads("status:status=403,code=Forbidden.RAM")
    with pytest.raises(cs_scale_out.OutcomeUnknown) as caught:
        call(local_ack, "c2", reconcile_timeout_ms=100)
    assert caught.value.candidates is None
    local_ack.fault("hang")
    local_ack.clear_faults()
    call(local_ack)
    assert [p.cluster_id for p in local_ack.ledger] == ["c1", "c2", "c1"]


def test_options():
    keys = {"access_key_id": "me", "access_key_secret": "s", "security_token": "t"}
    with LocalAck(**keys, latency=0.1, clock_offset=3600) as ack:
        assert {**ack.client, "endpoint": None} == {**keys, "endpoint": None, "proxy": ""}
        skewed = pytest.warns(cs_scale_out.ScaleOutWarning, match="clock_skew")
        with skewed:
            assert call(ack).attempts == 2, "the clock is corrected once"
        with skewed, pytest.raises(cs_scale_out.Refused):
            call(ack, access_key_secret="wrong")
        with pytest.raises(OSError):
            LocalAck(port=int(ack.url.rsplit(":", 1)[1]))
    with pytest.raises(ValueError, match="latency"):
        LocalAck(latency=-1)
    with LocalAck(task_delay=60) as ack:
        other = ack.add_task("c1")
        ack.fault("close_after_read:executed=true")
        with pytest.raises(cs_scale_out.OutcomeUnknown) as caught:
            call(ack, reconcile_timeout_ms=300)
        assert other not in {c.task_id for c in caught.value.candidates}


def test_the_fixture_needs_no_import(pytester):
    pytester.makepyfile(
        """
        def test_it(local_ack):
            import cs_scale_out
            cs_scale_out.scale_out("c1", count=1, key_pair="k", client=local_ack.client)
            assert len(local_ack.ledger) == 1
        """
    )
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=1)


def test_no_secret_is_shown(local_ack):
    shown = []
    keys = {"access_key_id": "i", "access_key_secret": SECRETS[1], "security_token": SECRETS[2]}
    with LocalAck(**keys) as ack:
        request = {"ClusterId": "c1", "login_password": SECRETS[0], "client": ack.client}
        shown += [repr(ack), repr(scale_out(request)), repr(ack.ledger), repr(ack.requests)]
        faults = ["close_after_read", "garbage_body", "status:status=403,code=Forbidden.RAM"]
        for fault in faults:
            ack.fault(fault)
            with pytest.raises(cs_scale_out.ScaleOutError) as caught:
                scale_out({**request, "client": {**ack.client, "reconcile_timeout_ms": 100}})
            shown += [str(caught.value), repr(caught.value), str(caught.value.document)]
        for bad in ({**request, "count": b""}, {**request, "count": 0}):
            with pytest.raises(cs_scale_out.InvalidRequest) as caught:
                scale_out(bad)
            shown += [str(caught.value), repr(caught.value), str(caught.value.document)]
    for secret in SECRETS:
        assert not [text for text in shown if secret in text]


def test_the_readme_runs():
    (block,) = re.findall(r"```python\n(.*?)```", (HERE / "README.md").read_text(), re.DOTALL)
    assert block.count("\n") <= 8 + 1
    done = subprocess.run([sys.executable, "-c", block], check=False, capture_output=True, text=True)
    assert re.fullmatch(r"T-[0-9a-f]+\n", done.stdout), done.stderr


def test_the_example_runs(local_ack, capsys):
    example = runpy.run_path(str(HERE / "examples" / "scale_out.py"))
    assert example["main"]("c1", local_ack.client) == 0
    assert local_ack.ledger[0].task_id in capsys.readouterr().out
    for fault, code in (("close_after_read:executed=true", 6), ("status:status=403,code=No", 5)):
        local_ack.fault(fault)
        assert example["main"]("c1", local_ack.client) == code
    assert local_ack.ledger[1].task_id in capsys.readouterr().out


def test_a_candidate_without_a_date_says_so():
    undated = cs_scale_out.Candidate("T-1", "running", "")
    assert str(undated) == "T-1 (running, created at an unknown time)"
