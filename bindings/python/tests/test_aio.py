"""asyncio: the loop goes on, cancellation is honest."""

from __future__ import annotations

import asyncio
import inspect
import pickle
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import cs_scale_out
import pytest
from cs_scale_out import aio


def call(ack, **client):
    return aio.scale_out("c1", count=1, key_pair="k", client={**ack.client, **client})


def test_the_signature_is_the_same():
    assert inspect.iscoroutinefunction(aio.scale_out)
    assert inspect.signature(aio.scale_out) == inspect.signature(cs_scale_out.scale_out)
    with pytest.raises(TypeError, match="cont"):
        asyncio.run(aio.scale_out("c1", cont=1))  # type: ignore[call-arg]


def test_no_loop_is_blocked_and_calls_run_side_by_side(local_ack):
    async def main():
        for _ in range(5):
            local_ack.fault("delay:ms=400")
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.01)
                ticks += 1

        ticking = asyncio.ensure_future(tick())
        begin = time.monotonic()
        results = await asyncio.gather(*(call(local_ack) for _ in range(5)))
        took = time.monotonic() - begin
        ticking.cancel()
        return results, ticks, took

    results, ticks, took = asyncio.run(main())
    assert sorted(r.task_id for r in results) == sorted(p.task_id for p in local_ack.ledger)
    assert 0.4 <= took < 1.2
    assert ticks > 15


def test_exceptions_and_mappings_are_the_same(local_ack):
    local_ack.fault("status:status=403,code=Forbidden.RAM")
    request = {"ClusterId": "c1", "count": 1, "key_pair": "k"}
    with pytest.raises(cs_scale_out.Refused) as caught:
        asyncio.run(aio.scale_out(request, client=local_ack.client))
    assert caught.value.code == "Forbidden.RAM"
    with pytest.raises(cs_scale_out.InvalidRequest):
        asyncio.run(aio.scale_out("c1", count=0, client=local_ack.client))


async def cancelled_after(seconds, coroutine):
    task = asyncio.ensure_future(coroutine)
    await asyncio.sleep(seconds)
    task.cancel()
    begin = time.monotonic()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    return caught.value, time.monotonic() - begin


def in_chain(error, kind):
    """Python before 3.11 raises a new CancelledError from a task's own."""
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error


def test_cancelled_before_sending_nothing_is_ever_sent(local_ack):
    local_ack.fault({"fault": "status", "status": 429, "headers": {"Retry-After": "1"}})
    error, took = asyncio.run(cancelled_after(0.3, call(local_ack)))
    assert in_chain(error, aio.OutcomeUnknownCancelled) is None
    assert took < 0.5
    time.sleep(1.3)
    assert len(local_ack.requests) == 1 and not local_ack.ledger


def test_cancelled_on_the_wire_it_says_so_with_candidates(local_ack):
    local_ack.fault("hang:executed=true")
    error, took = asyncio.run(cancelled_after(0.3, call(local_ack)))
    told = in_chain(error, aio.OutcomeUnknownCancelled)
    assert isinstance(told, asyncio.CancelledError) and not isinstance(told, Exception)
    assert [c.task_id for c in told.candidates] == [local_ack.ledger[0].task_id]
    assert told.document["status"] == "unknown" and told.result is None
    assert told.document["cluster_id"] == "c1"
    assert {"purchase_id", "sent_at"} <= told.document.keys()
    assert "nodes may be on their way" in str(told)
    assert took < 1
    copy = pickle.loads(pickle.dumps(told))
    assert copy.document == told.document and str(copy) == str(told)


def test_the_loop_runs_during_the_look():
    async def main(ack):
        ack.fault("hang:executed=true")
        task = asyncio.ensure_future(call(ack))
        await asyncio.sleep(0.2)
        task.cancel()
        ticks = 0
        while not task.done():
            await asyncio.sleep(0.01)
            ticks += 1
        return ticks

    with cs_scale_out.testing.LocalAck(task_delay=60) as ack:
        assert asyncio.run(main(ack)) > 50


def test_a_second_cancellation_ends_the_look():
    async def main(ack):
        ack.fault("hang:executed=true")
        task = asyncio.ensure_future(call(ack))
        await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.sleep(0.2)
        error, took = await cancelled_after(0, task)
        return in_chain(error, aio.OutcomeUnknownCancelled), took

    with cs_scale_out.testing.LocalAck(task_delay=60) as ack:
        told, took = asyncio.run(main(ack))
    assert told.candidates is None and took < 0.5


def test_an_answer_that_comes_after_all_is_not_lost():
    async def main(ack):
        ack.fault("delay:ms=900")
        error, _ = await cancelled_after(0.2, call(ack))
        return in_chain(error, aio.OutcomeUnknownCancelled)

    with cs_scale_out.testing.LocalAck(task_delay=60) as ack:
        told = asyncio.run(main(ack))
        assert told.result.task_id == ack.ledger[0].task_id


def test_what_was_throttled_is_not_sent_again_after_a_cancellation():
    with cs_scale_out.testing.LocalAck(latency=0.5) as ack:
        ack.fault("status:status=429")

        async def main():
            error, _ = await cancelled_after(0.2, call(ack))
            await asyncio.sleep(1)
            return error

        error = asyncio.run(main())
        assert type(error) is asyncio.CancelledError, error
        assert [seen.status for seen in ack.requests if seen.method == "POST"] == [429]
        assert not ack.ledger


@pytest.mark.parametrize("is_there", [True, False], ids=["there", "coming"])
def test_an_answer_ends_the_look(is_there):
    with cs_scale_out.testing.LocalAck(task_delay=60, latency=0.3) as ack:

        async def main():
            task = asyncio.ensure_future(call(ack))
            await asyncio.sleep(0.1)
            if is_there:
                time.sleep(0.6)  # noqa: ASYNC251 (the answer comes while the loop cannot see it)
            return await cancelled_after(0, task)

        error, took = asyncio.run(main())
        told = in_chain(error, aio.OutcomeUnknownCancelled)
        assert told.result.task_id == ack.ledger[0].task_id
        assert took < 1, "the look alone takes two seconds"


def test_no_thread_to_be_had_is_not_sent(local_ack):
    program = """
        import asyncio, resource, sys
        from cs_scale_out import NotSent, aio

        async def main():
            # The loop has its descriptors; the next one would be one too many.
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
            await aio.scale_out("c1", count=1, key_pair="k", client={"endpoint": sys.argv[1]})

        try:
            asyncio.run(main())
        except NotSent as error:
            assert error.message == f"nothing was sent: {error.cause}"
            print(error.attempts, error.cause)
        """
    command = [sys.executable, "-c", textwrap.dedent(program), local_ack.url]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("0 no thread could be started: "), done
    assert not local_ack.requests


def test_a_dry_run_is_refused_before_anything_is_done(local_ack):
    for client in ({**local_ack.client, "dry_run": True}, {"dry_run": True, "profile": 3}):
        with pytest.raises(ValueError, match=r"call dry_run\(\)"):
            asyncio.run(aio.scale_out("c1", count=1, key_pair="k", client=client))


def test_wait_for_ends_in_time_and_tells(local_ack):
    local_ack.fault("hang:executed=true")

    async def main():
        await asyncio.wait_for(call(local_ack), 0.2)

    with pytest.raises((asyncio.TimeoutError, asyncio.CancelledError)) as caught:
        asyncio.run(main())
    assert in_chain(caught.value, aio.OutcomeUnknownCancelled).candidates


# asyncio.timeout came with Python 3.11; before it there is nothing to test.
if sys.version_info >= (3, 11):

    def test_timeout_tells(local_ack):
        local_ack.fault("hang:executed=true")

        async def main():
            async with asyncio.timeout(0.2):
                await call(local_ack)

        with pytest.raises((TimeoutError, asyncio.CancelledError)) as caught:
            asyncio.run(main())
        assert in_chain(caught.value, aio.OutcomeUnknownCancelled).candidates


def test_a_loop_that_cannot_watch_pipes(local_ack):
    class Loop(asyncio.SelectorEventLoop):
        def add_reader(self, fd, callback, *args):
            raise NotImplementedError

    loop = Loop()
    try:
        result = loop.run_until_complete(call(local_ack))
    finally:
        loop.close()
    assert result.task_id == local_ack.ledger[0].task_id


def test_threads_are_reused(local_ack):
    async def main():
        for _ in range(20):
            await call(local_ack)

    def threads():
        """The library's own: the stand-in has one for each connection, until that is closed."""
        names = []
        for name in Path("/proc/self/task").glob("*/comm"):
            with suppress(OSError):  # it ended meanwhile
                names.append(name.read_text().strip())
        return names.count("cs-scale-out")

    asyncio.run(main())
    before = threads()
    asyncio.run(main())
    assert 1 <= threads() <= before
