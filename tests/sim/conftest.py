"""A world with a clock that the test turns, and short ways to ask both providers."""

import json

import pytest

from mjasync.core.wire import HttpRequest
from mjasync.sim import World
from mjasync.sim.exchange import exchange


class Clock:
    def __init__(self):
        self.time = 0.0

    def __call__(self):
        return self.time


class Asked:
    """An answer, opened."""

    def __init__(self, reply):
        self.status, self.headers, self.body = reply.status, reply.headers, reply.body

    @property
    def json(self):
        return json.loads(self.body)


class Stage:
    """Both providers, one account each, and the requests that a client would send."""

    def __init__(self, **options):
        self.clock = Clock()
        self.world = World(now=self.clock, **options)
        self.ledger = self.world.ledger
        self.keys = {name: self.world.account(name).key for name in ("ttapi", "mjproxy")}

    def ask(self, provider, method, path, data=None, *, headers=None, body=None):
        key = self.keys[provider]
        sent = {"TT-API-KEY": key} if provider == "ttapi" else {"Authorization": f"Bearer {key}"}
        if data is not None:
            sent["Content-Type"] = "application/json"
            body = json.dumps(data).encode()
        url = path if path.startswith("https:") else f"https://{provider}.sim.invalid{path}"
        request = HttpRequest(method=method, url=url, headers=sent if headers is None else headers, body=body)
        return Asked(exchange(self.world, provider, request))

    def tt(self, endpoint, **data):
        return self.ask("ttapi", "POST", f"/midjourney/v1/{endpoint}", data)

    def mj(self, endpoint, prefix="/mj-fast", **data):
        return self.ask("mjproxy", "POST", f"{prefix}/mj/submit/{endpoint}", data)

    def look(self, remote_id, prefix="/mj-fast"):
        return self.ask("mjproxy", "GET", f"{prefix}/mj/task/{remote_id}/fetch")

    def submit(self, provider, prompt="a cat", **extra):
        """Submit an imagine, and return its id as text."""
        if provider == "ttapi":
            return self.tt("imagine", prompt=prompt, **extra).json["data"]["jobId"]
        return str(self.mj("imagine", prompt=prompt, **extra).json["result"])

    def see(self, provider, remote_id):
        """Look at a job."""
        return self.tt("fetch", jobId=remote_id) if provider == "ttapi" else self.look(remote_id)

    def press(self, provider, remote_id, token):
        """Press a button, and return the new job's id as text."""
        if provider == "ttapi":
            return self.tt("action", jobId=remote_id, action=token).json["data"]["jobId"]
        return str(self.mj("action", taskId=remote_id, customId=token).json["result"])

    def wait(self):
        """Let everything finish that ever will."""
        self.clock.time += 2000


@pytest.fixture
def stage():
    return Stage(seed=7)


@pytest.fixture
def make_stage():
    return Stage


@pytest.fixture(params=["ttapi", "mjproxy"])
def provider(request):
    return request.param
