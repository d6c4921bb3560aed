"""Imports, forks, interpreters, warnings: what a process around the package sees."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import textwrap
import warnings
from pathlib import Path

import cs_scale_out
import pytest
from cs_scale_out import ScaleOutWarning, scale_out


def run(code: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "-c", textwrap.dedent(code)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


def test_import_loads_only_what_a_call_needs():
    done = run(
        """
        import sys
        before = set(sys.modules)
        import cs_scale_out
        print(*sorted(set(sys.modules) - before))
        """,
        "-I",
    )
    loaded = done.stdout.split()
    assert "cs_scale_out._native" in loaded, done.stderr
    assert {name for name in loaded if not name.startswith("cs_scale_out")} <= {"__future__"}
    assert not {"cs_scale_out.aio", "cs_scale_out.testing", "cs_scale_out.types"} & set(loaded)


def test_everything_public_is_there_by_name():
    done = run(
        """
        import cs_scale_out
        for name in cs_scale_out.__all__:
            assert getattr(cs_scale_out, name) is not None
            assert name in dir(cs_scale_out)
        try:
            cs_scale_out.nothing
        except AttributeError as error:
            print(error)
        """
    )
    assert done.stdout == "module 'cs_scale_out' has no attribute 'nothing'\n", done.stderr


def test_one_distribution_without_dependency():
    distribution = importlib.metadata.distribution("cs-scale-out")
    assert not distribution.requires
    assert distribution.version == cs_scale_out.__version__
    files = {Path(str(file)).name for file in distribution.files or ()}
    assert {"py.typed", "_native.pyi", "LICENSE-MIT", "LICENSE-APACHE"} <= files
    assert len([name for name in files if name.startswith("_native.") and ".so" in name]) == 1


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_fork_may_call(local_ack):
    scale_out("c1", count=1, key_pair="k", client=local_ack.client)  # a thread and a connection
    child = os.fork()
    if child == 0:
        try:
            scale_out("c2", count=1, key_pair="k", client=local_ack.client)
            local_ack.close()  # of the parent's threads there is nothing to stop here
            os._exit(0)
        except BaseException:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    scale_out("c3", count=1, key_pair="k", client=local_ack.client)
    assert [p.cluster_id for p in local_ack.ledger] == ["c1", "c2", "c3"]


def test_subinterpreters_are_refused():
    done = run(
        """
        try:
            import _interpreters as interpreters
        except ImportError:
            try:
                import _xxsubinterpreters as interpreters
            except ImportError:
                raise SystemExit("skip")
        import cs_scale_out
        code = "import cs_scale_out"
        try:
            failure = interpreters.run_string(interpreters.create(), code)
            print(failure)
        except interpreters.RunFailedError as error:
            print(error)
        """
    )
    if done.stderr.strip() == "skip":
        pytest.skip("no module for subinterpreters")
    assert done.returncode == 0, done.stderr
    assert "ImportError" in done.stdout and "subinterpreters" in done.stdout


def test_an_abandoned_call_does_not_hold_the_interpreter():
    done = run(
        """
        import asyncio, sys
        from cs_scale_out import aio
        from cs_scale_out.testing import LocalAck
        ack = LocalAck()
        ack.fault("hang:executed=true")
        async def main():
            asyncio.ensure_future(aio.scale_out("c1", count=1, key_pair="k", client=ack.client))
            await asyncio.sleep(0.2)
            sys.stdout.flush()
            import os
            raise SystemExit(4)
        asyncio.run(main())
        """
    )
    assert done.returncode == 4, done.stderr


def test_warnings_are_shown_where_the_call_stands(local_ack):
    with pytest.warns(ScaleOutWarning, match="/key_pair: .*no_login") as caught:
        result = scale_out("c1", count=1, client=local_ack.client)
    assert [w.code for w in result.warnings] == ["no_login"]
    assert [w.filename for w in caught] == [__file__]
    import asyncio

    async def main() -> None:
        await cs_scale_out.aio.scale_out("c1", count=1, client=local_ack.client)

    with pytest.warns(ScaleOutWarning) as caught:
        asyncio.run(main())
    assert [w.filename for w in caught] == [__file__]


def test_warnings_of_a_call_that_failed_are_shown_too(local_ack):
    local_ack.fault("status:status=403,code=Forbidden.RAM")
    with pytest.warns(ScaleOutWarning), pytest.raises(cs_scale_out.Refused) as caught:
        scale_out("c1", count=1, client=local_ack.client)
    assert [w.code for w in caught.value.warnings] == ["no_login"]


def test_as_errors_they_are_raised_before_anything_is_sent(local_ack):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ScaleOutWarning):
            scale_out("c1", count=1, client=local_ack.client)
    assert not local_ack.requests


@pytest.mark.parametrize("failure", [ScaleOutWarning("a new filter"), ValueError("a closed stderr")])
def test_a_warning_never_hides_a_purchase(local_ack, monkeypatch, failure):
    def angry(*_, **__):
        raise failure

    monkeypatch.setattr(warnings, "warn", angry)
    assert scale_out("c1", count=1, client=local_ack.client).task_id == local_ack.ledger[0].task_id


def test_neither_does_a_signal_while_it_is_shown(local_ack, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(warnings, "warn", interrupted)
    with pytest.raises(cs_scale_out.Interrupted) as caught:
        scale_out("c1", count=1, client=local_ack.client)
    assert caught.value.result.task_id == local_ack.ledger[0].task_id


def test_they_can_be_silenced(local_ack):
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("ignore", category=ScaleOutWarning)
        scale_out("c1", count=1, client=local_ack.client)
    assert not caught


def test_all_works_with_warnings_as_errors():
    done = run(
        """
        import asyncio, cs_scale_out
        with cs_scale_out.testing.LocalAck() as ack:
            cs_scale_out.scale_out("c1", count=1, key_pair="k", client=ack.client)
            asyncio.run(cs_scale_out.aio.scale_out("c1", count=1, key_pair="k", client=ack.client))
            cs_scale_out.dry_run("c1", count=1, key_pair="k", client=ack.client)
        """,
        "-W",
        "error",
        "-X",
        "dev",
    )
    assert (done.returncode, done.stderr) == (0, "")
