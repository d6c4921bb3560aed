"""`python -m cs_scale_out`: documents and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import cs_scale_out
import pytest


def run(*arguments, stdin="", **more):
    command = [sys.executable, "-m", "cs_scale_out", *arguments]
    return subprocess.run(command, check=False, input=stdin.encode(), capture_output=True, timeout=60, **more)


@pytest.fixture
def request_text(local_ack):
    request = {"ClusterId": "c1", "count": 1, "key_pair": "密钥", "client": local_ack.client}
    return json.dumps(request, ensure_ascii=False)


def test_a_file_and_stdin(local_ack, request_text, tmp_path):
    path = tmp_path / "request.json"
    path.write_bytes(request_text.encode())
    for arguments, stdin in (([str(path)], ""), ([], request_text), (["-"], request_text)):
        done = run(*arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["task_id"] == local_ack.ledger[-1].task_id
        assert done.stdout.count(b"\n") == 1 and done.stderr == b""
    assert [p.request["key_pair"] for p in local_ack.ledger] == ["密钥"] * 3


@pytest.mark.parametrize(
    "fault, code", [("status:status=403,code=No", 5), ("close_after_read", 6)]
)
def test_the_exit_code_is_the_status(local_ack, request_text, fault, code):
    local_ack.fault(fault)
    client = {**local_ack.client, "reconcile": False}
    done = run(stdin=json.dumps({**json.loads(request_text), "client": client}))
    assert done.returncode == code
    assert json.loads(done.stdout)["attempts"] == 1


def test_statuses_before_sending(closed_port):
    keys = {"access_key_id": "i", "access_key_secret": "s", "max_attempts": 1}
    there = {**keys, "endpoint": f"http://127.0.0.1:{closed_port}"}
    for text, code in (
        ("not json", 1),
        ('{"ClusterId": "c1", "count": 0}', 2),
        ('{"ClusterId": "c1", "count": 1, "count": 2}', 2),
        ('{"ClusterId": "c1", "client": {"endpoint": "http://127.0.0.1:1"}}', 3),
        (json.dumps({"ClusterId": "c1", "client": there}), 4),
    ):
        done = run(stdin=text)
        assert (done.returncode, json.loads(done.stdout)["status"] == "ok") == (code, False), text


def test_text_that_is_not_utf_8():
    command = [sys.executable, "-m", "cs_scale_out"]
    done = subprocess.run(command, check=False, input=b'{"ClusterId": "\xff"}', capture_output=True)
    assert done.returncode == 1
    assert "not UTF-8" in json.loads(done.stdout)["message"]


def test_validate_and_dry_run_send_nothing(local_ack, request_text):
    assert json.loads(run("--validate", stdin=request_text).stdout)["status"] == "ok"
    assert run("--validate", stdin='{"ClusterId": ""}').returncode == 2
    plan = json.loads(run("--dry-run", stdin=request_text).stdout)
    assert plan["dry_run"] is True and json.loads(plan["request"]["body"])["key_pair"] == "密钥"
    assert run("--dry-run", stdin='{"ClusterId": "c1", "ClusterId": "c2"}').returncode == 2
    assert not local_ack.requests


def test_help_and_version():
    assert run("--version").stdout.decode() == f"cs-scale-out {cs_scale_out.__version__}\n"
    done = run("--help")
    assert done.returncode == 0 and b"7 internal" in done.stdout


@pytest.mark.parametrize(
    "arguments", [["no-such-file.json"], ["."], ["--nothing"], ["a", "b"], ["--validate", "--dry-run"]]
)
def test_what_cannot_be_read_is_told_in_one_line(arguments):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"cs_scale_out: ") and done.stderr.count(b"\n") == 1


def test_a_closed_pipe_loses_no_purchase(local_ack, request_text):
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "cs_scale_out"]
    done = subprocess.run(
        command, check=False, input=request_text.encode(), stdout=writer, stderr=subprocess.PIPE, timeout=60
    )
    os.close(writer)
    assert done.returncode == 0
    (line,) = done.stderr.decode().splitlines()
    assert "stdout" in line and local_ack.ledger[0].task_id in line
