"""A folder to run in without anyone's settings, and a provider that is not the command's own simulator."""

import asyncio
import os
import threading
from pathlib import Path

import pytest

import mjasync
from mjasync.cli.main import main
from mjasync.sim import World, serve
from tests.cli.lives import Life


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """An empty current folder, and no settings from outside."""
    for name in [name for name in os.environ if name.startswith("MJASYNC_") and name != "MJASYNC_LOCKS"]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(alone, capsys):
    """Run a command in this process: its exit code, stdout and stderr."""

    def run(*words):
        code = main(list(words))
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def environ(alone):
    """The environment of a command in another process."""

    def make(**more):
        return {**os.environ, "PYTHONPATH": str(Path(mjasync.__file__).parents[1]), **more}

    return make


@pytest.fixture
def provider():
    """Serve a world from another thread, as a stranger would: `provider(speed)` gives it and its variables."""
    stops = []

    def start(speed=3000.0):
        world, ready, found = World(seed=3, speed=speed), threading.Event(), {}

        async def story():
            async with serve(world, port=0) as served:
                found.update(served=served, loop=asyncio.get_running_loop(), stop=asyncio.Event())
                ready.set()
                await found["stop"].wait()

        thread = threading.Thread(target=asyncio.run, args=(story(),))
        thread.start()
        assert ready.wait(60)
        stops.append(lambda: (found["loop"].call_soon_threadsafe(found["stop"].set), thread.join(60)))
        served = found["served"]
        return world, {
            "MJASYNC_TTAPI_KEY": served.key,
            "MJASYNC_TTAPI_URL": served.ttapi_url,
            "MJASYNC_MJPROXY_KEY": served.key,
            "MJASYNC_MJPROXY_URL": served.mjproxy_url,
        }

    yield start
    for stop in stops:
        stop()


@pytest.fixture
def life(alone):
    """A world with a journal in the empty folder."""
    return Life(alone)


@pytest.fixture
def past(life, monkeypatch):
    """A journal with a past, and the keys of its accounts in the environment."""
    for name, value in life.environ().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MJASYNC_JOURNAL", life.journal)
    return life.past()


@pytest.fixture
def keys(provider, monkeypatch):
    """A provider of a stranger, and its keys in the environment: its world."""
    world, variables = provider()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return world
