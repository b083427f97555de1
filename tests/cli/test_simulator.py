"""`mjasync sim`."""

import asyncio
import json
import signal
import subprocess
import sys

import pytest

from mjasync.cli import simulator
from mjasync.sim import World, serve
from mjasync.testing import run


def test_sim_prints_one_json_line_and_serves(call, alone, environ, monkeypatch):
    words = [sys.executable, "-m", "mjasync", "sim", "--port", "0", "--speed", "3000", "--json"]
    with subprocess.Popen(words, env=environ(), cwd=alone, stdout=subprocess.PIPE, text=True) as process:
        served = json.loads(process.stdout.readline())
        assert sorted(served) == ["key", "mjproxy", "ttapi"]
        monkeypatch.setenv("MJASYNC_MJPROXY_URL", served["mjproxy"])
        monkeypatch.setenv("MJASYNC_MJPROXY_KEY", served["key"])
        assert call("imagine", "a cat")[0] == 0
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert process.stdout.read() == ""


def test_sim_on_a_taken_port(call, provider):
    _, variables = provider()
    port = variables["MJASYNC_TTAPI_URL"].rpartition(":")[2].partition("/")[0]
    code, out, err = call("sim", "--port", port, "--json")
    assert code == 2
    assert f"cannot listen on port {port}" in err
    assert json.loads(out)["kind"] == "UsageError"


@pytest.mark.parametrize("as_json", [True, False])
def test_where_it_listens(as_json, capsys):
    async def story():
        async with asyncio.timeout(1):
            await simulator.forever(port=0, speed=60, seed=7, as_json=as_json)

    with pytest.raises(TimeoutError):
        run(story())
    out, err = capsys.readouterr()
    if as_json:
        assert json.loads(out)["ttapi"].startswith("http://127.0.0.1:")
    else:
        assert [line.split()[0] for line in out.splitlines()] == ["ttapi", "mjproxy", "key"]
        assert "Ctrl-C" in err


def test_sim_in_a_profile(call, capsys):
    async def story():
        async with asyncio.timeout(1):
            await simulator.forever(port=0, speed=60, seed=7, as_json=False, profile="slash-mode")

    with pytest.raises(TimeoutError):
        run(story())
    assert "slash-mode: only /{mode}/mj/... is routed" in capsys.readouterr().err


def test_sim_in_a_profile_that_nobody_knows(call):
    code, _, err = call("sim", "--profile", "nobody")
    assert code == 2
    assert "'nobody'" in err
    assert "relay-15s" in err


def test_what_another_terminal_needs():
    async def story():
        async with serve(World(seed=7), port=0) as served:
            return served.ttapi_url, simulator.variables(served)

    url, lines = asyncio.run(story())
    assert f"  export MJASYNC_TTAPI_URL={url} MJASYNC_TTAPI_KEY=sim-key" == lines[1]
    assert lines[2].startswith("  export MJASYNC_MJPROXY_URL=http://127.0.0.1:")
