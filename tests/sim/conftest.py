"""A world with a clock that the test turns, and short ways to ask both providers."""

import base64
import json

import pytest

from mjasync.core.wire import HttpRequest
from mjasync.sim import World, png
from mjasync.sim.exchange import exchange
from mjasync.sim.ways import Prefixes


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


def picture(width=2, height=2, shade=0):
    """A PNG of one colour."""
    return png.encode(width, height, bytes([shade] * 3 * width * height))


def data_uri(data):
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


class Stage:
    """Both providers, one account each, and the requests that a client would send."""

    def __init__(self, **options):
        self.clock = Clock()
        self.world = World(now=self.clock, **options)
        self.ledger = self.world.ledger
        self.ways = self.world.profile.mjproxy
        self.prefix = {Prefixes.ALL: "/mj-fast", Prefixes.SLASH: "/fast", Prefixes.NONE: ""}[self.ways.prefixes]
        self.keys = {name: self.world.account(name).key for name in ("ttapi", "mjproxy")}

    def ask(self, provider, method, path, data=None, *, headers=None, body=None):
        key = self.keys[provider]
        sent = {"TT-API-KEY": key} if provider == "ttapi" else {"Authorization": f"Bearer {key}"}
        if provider == "mjproxy" and self.ways.secret_only:
            sent = {"mj-api-secret": key}
        if data is not None:
            sent["Content-Type"] = "application/json"
            body = json.dumps(data).encode()
        url = path if path.startswith("https:") else f"https://{provider}.sim.invalid{path}"
        request = HttpRequest(method=method, url=url, headers=sent if headers is None else headers, body=body)
        return Asked(exchange(self.world, provider, request))

    def tt(self, endpoint, **data):
        return self.ask("ttapi", "POST", f"/midjourney/v1/{endpoint}", data)

    def mj(self, endpoint, prefix=None, **data):
        prefix = self.prefix if prefix is None else prefix
        return self.ask("mjproxy", "POST", f"{prefix}/mj/submit/{endpoint}", data)

    def look(self, remote_id, prefix=None):
        prefix = self.prefix if prefix is None else prefix
        return self.ask("mjproxy", "GET", f"{prefix}/mj/task/{remote_id}/fetch")

    def list(self, *ids):
        """Look at many tasks of midjourney-proxy at once."""
        return self.ask("mjproxy", "POST", f"{self.prefix}/mj/task/list-by-condition", {"ids": list(ids)})

    def submit(self, provider, prompt="a cat", **extra):
        """Submit an imagine, and return its id as text."""
        if provider == "ttapi":
            [remote_id] = self.tt("imagine", prompt=prompt, **extra).json["data"].values()
            return remote_id
        return str(self.mj("imagine", prompt=prompt, **extra).json["result"])

    def see(self, provider, remote_id):
        """Look at a job."""
        if provider == "mjproxy":
            return self.look(remote_id)
        if "POST" in self.world.profile.ttapi.fetch_methods:
            return self.tt("fetch", jobId=remote_id)
        return self.ask("ttapi", "GET", f"/midjourney/v1/fetch?jobId={remote_id}")

    def press(self, provider, remote_id, token):
        """Press a button, and return the new job's id as text."""
        if provider == "ttapi":
            [remote_id] = self.tt("action", jobId=remote_id, action=token).json["data"].values()
            return remote_id
        return str(self.mj("action", taskId=remote_id, customId=token).json["result"])

    def button(self, remote_id, label):
        """The customId under a finished task of midjourney-proxy, by its label or emoji."""
        buttons = self.look(remote_id).json["buttons"]
        return next(one["customId"] for one in buttons if label in (one["label"], one["emoji"]))

    def done(self, provider, prompt="a cat"):
        """Let an imagine run to its end, and return its id."""
        remote_id = self.submit(provider, prompt)
        self.wait()
        return remote_id

    def single(self, provider, prompt="a cat"):
        """Let an imagine and an upscale of its first tile run to their ends, and return the upscale's id."""
        grid = self.done(provider, prompt)
        remote_id = self.press(provider, grid, "upsample1" if provider == "ttapi" else self.button(grid, "U1"))
        self.wait()
        return remote_id

    def window(self, label, prompt="a cat"):
        """Open a window under a finished upscale of midjourney-proxy, and return the answer."""
        single = self.single("mjproxy", prompt)
        return self.mj("action", taskId=single, customId=self.button(single, label))

    def violations(self):
        """What the ledger recorded."""
        return [violation.what for violation in self.ledger.violations]

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


@pytest.fixture
def in_profile():
    """A stage whose providers are as a profile says."""
    return lambda name, **options: Stage(seed=7, profile=name, **options)


@pytest.fixture
def draw():
    return picture


@pytest.fixture
def uri():
    return data_uri


@pytest.fixture
def opened():
    """An answer of the simulator's own functions, opened."""
    return Asked


@pytest.fixture
def image():
    """A small picture as a data URI."""
    return data_uri(picture())
