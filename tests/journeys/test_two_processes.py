"""Two processes with one key, over real HTTP: refused before anything is sent, or each with its share."""

import asyncio
import json
import subprocess
import sys

import pytest

import mjasync as mj
from mjasync.errors import AccountBusy
from mjasync.sim import World, serve

CHILD = """
import asyncio, json, sys
import mjasync as mj

async def main():
    told = json.loads(sys.argv[1])
    async with mj.Pool(mj.TTAPI(**told)) as pool:
        print("open", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        outcomes = await pool.batch([f"dog {n}" for n in range(8)])
        print(sum(outcome.ok for outcome in outcomes), flush=True)

asyncio.run(main())
"""


async def started(told):
    """Another process whose pool is open."""
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", CHILD, json.dumps(told), stdin=pipe, stdout=pipe)
    assert b"open\n" == await child.stdout.readline()
    return child


@pytest.mark.fault("K16")
def test_the_second_process_is_refused_with_nothing_sent_and_goes_on_when_the_first_is_gone():
    async def story():
        world = World(seed=3, speed=1000)
        async with serve(world) as served:
            told = {"key": served.key, "base_url": served.ttapi_url}
            child = await started(told)
            with pytest.raises(AccountBusy) as caught:
                async with mj.Pool(mj.TTAPI(**told)):
                    pass
            assert f"process {child.pid} on " in str(caught.value)
            assert 0 == sum(world.ledger.requests.values())
            child.kill()
            await child.wait()
            async with mj.Pool(mj.TTAPI(**told)) as pool:
                assert (await pool.imagine("a cat")).images

    asyncio.run(story())


@pytest.mark.fault("K16")
def test_two_processes_that_share_keep_to_the_cap_together():
    async def story():
        world = World(seed=3, speed=1000)
        async with serve(world) as served:
            told = {"key": served.key, "base_url": served.ttapi_url, "max_jobs": 5, "shared": True}
            child = await started(told)
            async with mj.Pool(mj.TTAPI(**told)) as pool:
                child.stdin.write(b"\n")
                outcomes = await pool.batch([f"cat {n}" for n in range(8)])
                assert all(outcome.ok for outcome in outcomes)
            assert b"8\n" == await child.stdout.readline()
            await child.wait()
        assert (16, []) == (world.ledger.charged, world.ledger.violations)
        assert 0 < world.ledger.peak_running["ttapi"] <= 10  # how far they overlap is the machine's business
        assert "queue_full" not in world.ledger.refusals

    asyncio.run(story())


@pytest.mark.fault("K16")
def test_the_command_says_it_and_sends_nothing(tmp_path, monkeypatch):
    async def story():
        world = World(seed=3, speed=1000)
        async with serve(world) as served:
            monkeypatch.setenv("MJASYNC_TTAPI_KEY", served.key)
            monkeypatch.setenv("MJASYNC_TTAPI_URL", served.ttapi_url)
            async with mj.Pool(mj.TTAPI(key=served.key, base_url=served.ttapi_url)):
                child = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "mjasync", "imagine", "a cat"), cwd=tmp_path, stderr=subprocess.PIPE
                )
                _, text = await child.communicate()
            return child.returncode, text.decode(), sum(world.ledger.requests.values())

    code, text, sent = asyncio.run(story())
    assert (3, 0) == (code, sent)
    assert "in use by another pool on this computer" in text
    assert "shared=True" in text
