"""The built-in providers over real HTTP on this machine: for `--sim`, for `demo`, and as the `sim` command."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mjasync import TTAPI, Account, MJProxy
from mjasync.cli import output
from mjasync.cli.usage import UsageError
from mjasync.sim import PROFILES, Served, World, serve

#: The seed of `--sim` and `demo`: the same run shows the same providers.
SEED = 7


@asynccontextmanager
async def simulated(speed: float) -> AsyncIterator[tuple[Account, ...]]:
    """Serve both providers, and yield an account at each."""
    async with serve(World(seed=SEED, speed=speed), port=0) as served:
        yield TTAPI(served.key, base_url=served.ttapi_url), MJProxy(served.key, base_url=served.mjproxy_url)


async def forever(*, port: int, speed: float, seed: int, as_json: bool, profile: str = "seed") -> None:
    """Serve until interrupted; the first line on stdout tells where."""
    try:
        async with serve(World(seed=seed, speed=speed, profile=profile), port=port) as served:
            if as_json:
                output.say(json.dumps({"ttapi": served.ttapi_url, "mjproxy": served.mjproxy_url, "key": served.key}))
            else:
                output.say(f"ttapi    {served.ttapi_url}")
                output.say(f"mjproxy  {served.mjproxy_url}")
                output.say(f"key      {served.key}")
                output.tell(
                    f"simulated providers ({profile}: {PROFILES[profile].about}), time ×{speed:g}, this machine only; "
                    "Ctrl-C ends them"
                )
                for line in variables(served):
                    output.tell(line)
            await asyncio.Event().wait()
    except OSError as exc:
        raise UsageError(
            f"The simulator cannot listen on port {port}.",
            why=exc.strerror or type(exc).__name__,
            hint="use another port, or --port 0 for a free one",
        ) from None


def variables(served: Served) -> list[str]:
    """Return what is to be typed in another terminal, so that commands there meet this world."""
    urls = {"TTAPI": served.ttapi_url, "MJPROXY": served.mjproxy_url}
    lines = [f"  export MJASYNC_{name}_URL={url} MJASYNC_{name}_KEY={served.key}" for name, url in urls.items()]
    return ["in another terminal, for commands that are to meet these providers:", *lines]
