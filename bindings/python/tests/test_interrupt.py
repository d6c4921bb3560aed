"""Ctrl-C: prompt, and honest about what may have been bought."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import threading
import time

import cs_scale_out
from answers import Answer
from cs_scale_out import _interrupt, _native

PROMPTLY = 0.5  # seconds; 0.03 on a machine that has nothing else to do

PRELUDE = """
import json, os, signal, socket, sys, threading, time
import cs_scale_out
from cs_scale_out.testing import LocalAck

def interrupt(*after, how=signal.SIGINT):
    def work():
        for seconds in after:
            time.sleep(seconds)
            os.kill(os.getpid(), how)
    threading.Thread(target=work, daemon=True).start()

def call(ack, **client):
    return cs_scale_out.scale_out("c1", count=1, key_pair="k", client={**ack.client, **client})
"""


def run(code: str) -> str:
    """A process of its own, since a signal meets the whole process."""
    program = PRELUDE + textwrap.dedent(code)
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_before_anything_is_sent_it_is_a_plain_keyboard_interrupt():
    out = run(f"""
    ack = LocalAck()
    # A proxy that takes the connection and says nothing: the request cannot leave yet.
    silent = socket.create_server(("127.0.0.1", 0))
    proxy = "http://127.0.0.1:%d" % silent.getsockname()[1]
    keys = {{"access_key_id": "i", "access_key_secret": "s", "endpoint": "https://cs.invalid"}}
    interrupt(0.3)
    begin = time.monotonic()
    try:
        cs_scale_out.scale_out("c1", count=1, key_pair="k", client={{**keys, "proxy": proxy}})
    except KeyboardInterrupt as error:
        assert type(error) is KeyboardInterrupt, error
        assert "nothing was sent" in str(error)
        assert time.monotonic() - begin < 0.3 + {PROMPTLY}
        print("plain")
    """)
    assert out == "plain\n"


def test_while_waiting_to_try_again_nothing_more_is_sent():
    out = run("""
    with LocalAck() as ack:
        for _ in range(2):
            ack.fault({"fault": "status", "status": 429, "headers": {"Retry-After": "2"}})
        interrupt(0.4)
        try:
            call(ack)
        except KeyboardInterrupt as error:
            assert type(error) is KeyboardInterrupt, error
        time.sleep(2.5)
        print(len(ack.requests), len(ack.ledger))
    """)
    assert out == "1 0\n"


def test_on_the_wire_the_outcome_is_unknown_with_candidates():
    out = run(f"""
    import pickle
    with LocalAck() as ack:
        ack.fault("hang:executed=true")
        interrupt(0.3)
        begin = time.monotonic()
        try:
            call(ack)
        except cs_scale_out.Interrupted as error:
            assert time.monotonic() - begin < 0.3 + {PROMPTLY}
            assert isinstance(error, KeyboardInterrupt)
            assert isinstance(error, cs_scale_out.OutcomeUnknown)
            assert (error.status, error.result) == (-6, None)
            assert "nodes may be on their way" in str(error)
            (candidate,) = error.candidates
            assert candidate.task_id == ack.ledger[0].task_id
            assert error.document["cluster_id"] == "c1"
            assert {{"purchase_id", "sent_at"}} <= error.document.keys()
            copy = pickle.loads(pickle.dumps(error))
            assert type(copy) is type(error) and copy.document == error.document
            print("told")
        assert len([seen for seen in ack.requests if seen.method == "POST"]) == 1
    """)
    assert out == "told\n"


def test_a_second_ctrl_c_ends_the_look():
    out = run(f"""
    with LocalAck(task_delay=60) as ack:
        ack.fault("hang:executed=true")
        interrupt(0.3, 0.3)
        begin = time.monotonic()
        try:
            call(ack)
        except cs_scale_out.Interrupted as error:
            assert time.monotonic() - begin < 0.6 + {PROMPTLY}
            print(error.candidates)
    """)
    assert out == "None\n"


def test_the_look_ends_by_itself():
    out = run("""
    with LocalAck(task_delay=60) as ack:
        ack.fault("hang:executed=true")
        interrupt(0.2)
        begin = time.monotonic()
        try:
            call(ack)
        except cs_scale_out.Interrupted as error:
            assert 1 < time.monotonic() - begin < 4
            print(error.candidates)
    """)
    assert out == "()\n"


def test_an_answer_that_comes_after_all_is_not_lost():
    out = run("""
    with LocalAck(task_delay=60) as ack:
        ack.fault("delay:ms=900")
        interrupt(0.2)
        try:
            call(ack)
        except cs_scale_out.Interrupted as error:
            assert error.result.task_id == ack.ledger[0].task_id
            assert error.result.task_id in str(error)
            print("kept")
    """)
    assert out == "kept\n"


def test_the_exception_of_another_handler_does_not_hide_the_outcome():
    out = run("""
    class Late(Exception): pass
    def late(*_): raise Late
    signal.signal(signal.SIGALRM, late)
    with LocalAck() as ack:
        ack.fault("hang:executed=true")
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        try:
            call(ack)
        except cs_scale_out.OutcomeUnknown as error:
            assert type(error) is cs_scale_out.OutcomeUnknown
            assert type(error.__cause__) is Late
            print(len(error.candidates))
        ack.fault("hang:executed=true")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
        interrupt(0.2, how=signal.SIGTERM)
        try:
            call(ack)
        except SystemExit as error:
            assert type(error.__cause__) is cs_scale_out.OutcomeUnknown
            print(error.code)
    """)
    assert out == "1\n3\n"


def test_a_handler_that_raises_nothing_disturbs_nothing():
    out = run("""
    seen = []
    signal.signal(signal.SIGUSR1, lambda *_: seen.append(time.monotonic()))
    with LocalAck(latency=0.5) as ack:
        interrupt(0.1, 0.1, how=signal.SIGUSR1)
        result = call(ack)
        assert time.monotonic() - seen[0] > 0.2, "the handler ran during the call"
        print(len(seen), result.attempts, len(ack.ledger))
    """)
    assert out == "2 1 1\n"


def test_a_handler_may_make_a_call_of_its_own():
    out = run("""
    inner = []
    with LocalAck(task_delay=60) as ack:
        signal.signal(signal.SIGUSR1, lambda *_: inner.append(call(ack).task_id))
        ack.fault("hang:executed=true")
        interrupt(0.2, 0.2, how=signal.SIGUSR1)
        try:
            call(ack, timeout_ms=1000, reconcile=False)
        except cs_scale_out.OutcomeUnknown as error:
            assert error.attempts == 1
        given = [purchase.task_id for purchase in ack.ledger]
        assert inner == given[1:], (inner, given)
        print(len(inner))
    """)
    assert out == "2\n"


def test_a_connection_that_is_not_made_is_given_up():
    out = run(f"""
    # Nobody accepts and the queue is full: a further connection waits.
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    waiting = [socket.socket() for _ in range(3)]
    for one in waiting:
        one.setblocking(False)
        one.connect_ex(full.getsockname())
    keys = {{"access_key_id": "i", "access_key_secret": "s"}}
    endpoint = "http://127.0.0.1:%d" % full.getsockname()[1]
    interrupt(0.3)
    begin = time.monotonic()
    try:
        cs_scale_out.scale_out("c1", count=1, key_pair="k", client={{**keys, "endpoint": endpoint}})
    except KeyboardInterrupt as error:
        assert type(error) is KeyboardInterrupt and "nothing was sent" in str(error), error
        assert time.monotonic() - begin < 0.3 + {PROMPTLY}
        print("plain")
    """)
    assert out == "plain\n"


def test_what_was_throttled_is_not_sent_again_after_ctrl_c():
    out = run("""
    with LocalAck(latency=0.5) as ack:
        ack.fault("status:status=429")
        interrupt(0.2)
        try:
            call(ack)
        except KeyboardInterrupt as error:
            assert type(error) is KeyboardInterrupt, error
            assert type(error.__context__) is cs_scale_out.Refused
        time.sleep(1)
        print(len([seen for seen in ack.requests if seen.method == "POST"]), len(ack.ledger))
    """)
    assert out == "1 0\n"


def test_who_wants_no_look_at_the_task_list_gets_none():
    out = run("""
    with LocalAck(task_delay=60) as ack:
        for client in ({"reconcile": False}, {"reconcile_timeout_ms": 100}):
            ack.fault("hang:executed=true")
            interrupt(0.2)
            begin = time.monotonic()
            try:
                call(ack, **client)
            except cs_scale_out.Interrupted as error:
                assert time.monotonic() - begin < 1.5
                print(error.candidates)
    """)
    assert out == "None\n()\n"


def test_on_another_thread_a_call_ends_by_itself(local_ack):
    local_ack.fault("delay:ms=300")
    results = []
    thread = threading.Thread(
        target=lambda: results.append(
            cs_scale_out.scale_out("c1", count=1, key_pair="k", client=local_ack.client)
        )
    )
    thread.start()
    thread.join()
    assert results[0].task_id == local_ack.ledger[0].task_id


class Stub:
    """A call in a state of one's choice."""

    def __init__(self, known, own=None):
        self.given_up = lambda: known
        self.answer = lambda: own


UNKNOWN = Answer("failed", -6, "unknown", candidates=[])


def test_what_is_said_of_each_state():
    unsent = Answer("failed", -4, "unsent", "nothing was sent")
    for known in (unsent, Answer("failed", -5, "refused", "no"), Answer("dry_run", 0, "ok")):
        given = KeyboardInterrupt()
        assert _interrupt.aftermath(Stub(known, known), given) is given
    told = _interrupt.aftermath(Stub(UNKNOWN), KeyboardInterrupt())
    assert isinstance(told, cs_scale_out.Interrupted) and told.candidates == ()
    accepted = Answer("accepted", 0, "ok", task_id="T-1")
    told = _interrupt.aftermath(Stub(UNKNOWN, accepted), KeyboardInterrupt())
    assert told.result.task_id == "T-1"


def test_a_call_that_is_given_up_before_it_begins_is_never_sent(local_ack):
    request = {"ClusterId": "c1", "count": 1, "key_pair": "k", "client": local_ack.client}
    call = _native.Call(request)
    assert (call.given_up().status, call.wait().status) == (-4, -4)
    assert not local_ack.requests


def test_what_is_known_of_an_accepted_call_names_its_task(local_ack):
    request = {"ClusterId": "c1", "count": 1, "key_pair": "k", "client": local_ack.client}
    call = _native.Call(request)
    assert call.wait().kind == "accepted"
    known = json.loads(call.given_up().document)
    task_id = local_ack.ledger[0].task_id
    assert (known["status"], known["cluster_id"], known["task_id"]) == ("unknown", "c1", task_id)
    assert task_id in known["message"] and known["purchase_id"]


def test_a_further_signal_changes_nothing_of_what_is_told():
    further = [KeyboardInterrupt(), SystemExit()]

    def given_up():
        if further:
            raise further.pop()
        return UNKNOWN

    call = Stub(UNKNOWN)
    call.given_up = given_up
    told = _interrupt.aftermath(call, KeyboardInterrupt())
    assert isinstance(told, cs_scale_out.Interrupted) and not further


def test_the_command_line_tells_of_a_refusal_too(tmp_path):
    with cs_scale_out.testing.LocalAck(latency=0.5) as ack:
        ack.fault("status:status=429")
        path = tmp_path / "request.json"
        request = {"ClusterId": "c1", "count": 1, "key_pair": "k", "client": ack.client}
        path.write_text(json.dumps(request))
        command = [sys.executable, "-m", "cs_scale_out", str(path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        while not ack.connections:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert (process.returncode, json.loads(out)["status"]) == (5, "refused")


def test_the_command_line_prints_what_is_known(local_ack, tmp_path):
    local_ack.fault("hang:executed=true")
    request = {"ClusterId": "c1", "count": 1, "key_pair": "k", "client": local_ack.client}
    path = tmp_path / "request.json"
    path.write_text(json.dumps(request))
    command = [sys.executable, "-m", "cs_scale_out", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    while not local_ack.ledger:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 6
    assert json.loads(out)["candidates"][0]["task_id"] == local_ack.ledger[0].task_id

