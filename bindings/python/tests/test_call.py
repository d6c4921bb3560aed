"""The call: its keywords, its mapping, its result, and what goes on the wire."""

from __future__ import annotations

import collections
import inspect
import json
import pickle
import threading
import time
import types

import cs_scale_out
import pytest
from cs_scale_out import DryRun, Problem, ScaleOutResult, dry_run, scale_out, validate

# Every parameter of the reference, with a value that the validator has nothing against.
PARAMETERS = {
    "count": 2,
    "worker_instance_charge_type": "PrePaid",
    "worker_period": 1,
    "worker_period_unit": "Month",
    "worker_auto_renew": True,
    "worker_auto_renew_period": 6,
    "worker_system_disk_category": "cloud_efficiency",
    "worker_system_disk_size": 120,
    "worker_data_disk": True,
    "worker_data_disks": [{"category": "cloud_ssd", "encrypted": False, "size": 120}],
    "key_pair": "common",
    "cpu_policy": "static",
    "cloud_monitor_flags": True,
    "disable_rollback": True,
    "image_id": "m-1",
    "user_data": "IyEvYmluL3NoCg==",
    "runtime": {"name": "docker", "version": "19.03.5"},
    "vswitch_ids": ["vsw-1"],
    "worker_instance_types": ["ecs.c5.xlarge"],
    "rds_instances": ["rm-1"],
    "tags": [{"key": "tier", "value": "前端"}],
    "taints": [{"key": "node_type", "value": "prod", "effect": "NoSchedule"}],
}
WIRE = {**PARAMETERS, "worker_data_disks": [{"category": "cloud_ssd", "encrypted": "false", "size": "120"}]}


def test_every_parameter_is_a_keyword_with_type_and_docstring():
    signature = inspect.signature(scale_out)
    names = [*PARAMETERS, "login_password", "client"]
    keywords = [p for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY]
    assert sorted(p.name for p in keywords) == sorted(names)
    for parameter in keywords:
        assert parameter.annotation is not parameter.empty
        assert f"\n    {parameter.name}: " in inspect.getdoc(scale_out), parameter.name
    assert set(cs_scale_out.Parameters.__annotations__) == set(names)


def test_keywords_go_out_as_they_are(local_ack):
    result = scale_out("c1", client=local_ack.client, **PARAMETERS)
    (purchase,) = local_ack.ledger
    assert json.loads(purchase.body) == WIRE
    assert purchase.request == WIRE
    assert purchase.cluster_id == result.cluster_id == "c1"
    assert purchase.task_id == result.task_id
    assert purchase.request_id == result.request_id


def test_a_mapping_says_the_same(local_ack):
    request = {"ClusterId": "c1", **PARAMETERS, "client": local_ack.client}
    scale_out(request)
    scale_out({"ClusterId": "c1", **PARAMETERS}, client=local_ack.client)
    assert [p.request for p in local_ack.ledger] == [WIRE, WIRE]
    assert request == {"ClusterId": "c1", **PARAMETERS, "client": local_ack.client}


def test_a_newer_parameter_goes_through_the_mapping(local_ack):
    client = {**local_ack.client, "unchecked": ["/rack"]}
    scale_out({"ClusterId": "c1", "key_pair": "k", "rack": {"row": [1, None]}, "client": client})
    assert local_ack.ledger[0].request == {"key_pair": "k", "rack": {"row": [1, None]}}


def test_wrong_arguments_are_type_errors(local_ack):
    with pytest.raises(TypeError, match="cont"):
        scale_out("c1", cont=1)  # type: ignore[call-arg]
    for function in (validate, dry_run):
        with pytest.raises(TypeError, match=rf"{function.__name__}\(\).*cont"):
            function("c1", cont=1)
    with pytest.raises(TypeError, match="put count into the mapping"):
        scale_out({"ClusterId": "c1"}, count=1)
    with pytest.raises(TypeError, match="client is given twice"):
        scale_out({"ClusterId": "c1", "client": {}}, client=local_ack.client)
    assert not local_ack.requests


def test_none_is_absent(local_ack):
    scale_out("c1", count=None, key_pair="k", client=local_ack.client)
    scale_out({"ClusterId": "c1", "count": None, "key_pair": "k", "client": local_ack.client})
    assert [p.request for p in local_ack.ledger] == [{"key_pair": "k"}, {"key_pair": "k"}]


def test_the_result_is_frozen_typed_and_a_value(local_ack):
    result = scale_out("c1", count=1, key_pair="k", client=local_ack.client)
    assert type(result) is ScaleOutResult
    assert (result.attempts, result.warnings, result.confirmed_by) == (1, (), None)
    assert result.document == json.loads(result.json)
    assert result.document is not result.document
    copy = pickle.loads(pickle.dumps(result))
    assert copy == result and hash(copy) == hash(result) and copy.task_id == result.task_id
    assert result != scale_out("c1", count=1, key_pair="k", client=local_ack.client)
    assert repr(result).startswith(f"ScaleOutResult(cluster_id='c1', task_id='{result.task_id}', ")
    for name in ("task_id", "json", "anything"):
        with pytest.raises(AttributeError):
            setattr(result, name, "x")
    with pytest.raises(AttributeError):
        del result.json  # type: ignore[misc]


def test_a_candidate_is_adopted_only_where_that_is_wanted(local_ack):
    local_ack.fault("close_after_read:executed=true")
    client = {**local_ack.client, "adopt_candidate": True}
    # A cluster of its own: where another call of this process is in flight, none is adopted.
    result = scale_out("adopted", count=1, key_pair="k", client=client)
    assert result.confirmed_by == "task_list"
    assert result.task_id == local_ack.ledger[0].task_id


def test_validate_returns_problems_and_warnings():
    good = validate("c1", count=1, key_pair="k")
    assert good and good.ok and good.problems == () and good.warnings == ()
    bad = validate({"ClusterId": "c1", "count": 0, "cuont": 1})
    assert not bad
    assert [(p.path, p.code) for p in bad.problems] == [
        ("/count", "out_of_range"),
        ("/cuont", "unknown_member"),
    ]
    assert 'did you mean "count"?' in bad.problems[1].message
    assert [w.code for w in bad.warnings] == ["no_login"]
    assert bad.problems[0] == Problem(*(getattr(bad.problems[0], n) for n in Problem.__slots__))
    for value in (bad, bad.problems):
        assert pickle.loads(pickle.dumps(value)) == value and hash(value)
    with pytest.raises(AttributeError):
        bad.problems[0].path = "x"  # type: ignore[misc]


def test_a_dry_run_sends_nothing_and_shows_no_secret(local_ack):
    password = "Hello@1234"
    plan = dry_run("c1", count=1, login_password=password, client=local_ack.client)
    assert type(plan) is DryRun
    assert plan.method == "POST"
    assert plan.url == f"{local_ack.url}/api/v2/clusters/c1"
    assert json.loads(plan.body) == {"count": 1, "login_password": "***"}
    assert plan.headers["authorization"] == "***"
    assert password not in repr(plan) + plan.json
    assert pickle.loads(pickle.dumps(plan)) == plan
    assert dry_run({"ClusterId": "c1", "key_pair": "k"}, client=local_ack.client).method == "POST"
    client = {**local_ack.client, "dry_run": False}
    assert type(dry_run("c1", key_pair="k", client=client)) is DryRun
    assert not local_ack.requests and not local_ack.ledger


def test_a_dry_run_needs_no_credentials():
    with pytest.warns(cs_scale_out.ScaleOutWarning, match="not_signed"):
        plan = dry_run("c1", count=1, key_pair="k", client={"endpoint": "http://127.0.0.1:1"})
    assert "authorization" not in plan.headers
    assert [warning.code for warning in plan.warnings] == ["not_signed"]


def test_what_is_bought_is_never_a_dry_run(local_ack):
    class Quiet(collections.UserDict):
        def get(self, name, default=None):
            return default

    wanted = {**local_ack.client, "dry_run": True}
    request = {"ClusterId": "c1", "count": 1, "key_pair": "k"}
    # Before anything is done: the second is not even a valid client.
    for client in (wanted, {"dry_run": True, "profile": 3}, types.MappingProxyType(wanted), Quiet(wanted)):
        with pytest.raises(ValueError, match=r"call dry_run\(\)") as caught:
            scale_out("c1", count=1, key_pair="k", client=client)
        assert type(caught.value) is ValueError
        for arguments in ({"client": client}, {}):
            whole = request if arguments else {**request, "client": client}
            with pytest.raises(ValueError, match=r"call dry_run\(\)"):
                scale_out(whole, **arguments)
    assert not local_ack.requests
    # What is no boolean is left to the validator.
    with pytest.raises(cs_scale_out.InvalidRequest):
        scale_out("c1", count=1, key_pair="k", client={**local_ack.client, "dry_run": 1})
    assert scale_out(request, client={**wanted, "dry_run": False}).attempts == 1


@pytest.mark.parametrize("text", ['{"ClusterId": "c1", "count": 1}', '\n{"ClusterId":"c1"}'])
def test_a_json_text_is_no_cluster_id(text):
    for function in (scale_out, dry_run, validate):
        with pytest.raises(TypeError, match=r"pass a mapping, such as json\.loads"):
            function(text, key_pair="k")


def test_other_threads_run_during_a_call(local_ack):
    local_ack.fault("delay:ms=400")
    ticks = []
    done = threading.Event()

    def tick() -> None:
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.005)

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.monotonic()
    scale_out("c1", count=1, key_pair="k", client=local_ack.client)
    end = time.monotonic()
    done.set()
    thread.join()
    assert end - begin > 0.35
    assert sum(begin < tick < end for tick in ticks) > 20


def test_many_threads_call_at_once(local_ack):
    tasks = []

    def work() -> None:
        for _ in range(5):
            tasks.append(scale_out("c1", count=1, key_pair="k", client=local_ack.client).task_id)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(tasks) == sorted(p.task_id for p in local_ack.ledger)
    assert len(set(tasks)) == 40
