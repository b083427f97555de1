"""`mjasync doctor --hook`: do callbacks arrive? Our own, by the public address; with --sim the simulator's."""

import asyncio
import socket
from collections.abc import Sequence
from random import SystemRandom

from mjasync import Account, ConfigError, MJError, Pool
from mjasync.cli import report
from mjasync.cli.findings import Finding, Level, of_error
from mjasync.flow.selfcall import Called, call_ourselves

_NAME = "hook"


async def called(public_url: str, port: int) -> Finding:
    """Whether the address leads to a receiver on this machine."""
    try:
        seen = await call_ourselves(public_url, port, SystemRandom())
    except ConfigError as exc:
        return of_error(_NAME, exc)
    facts = {"public_url": public_url, "status": seen.status, "seconds": round(seen.seconds, 3), "at": seen.at}
    if seen.heard and seen.status == 200:
        what = f"{public_url} leads to the receiver at {seen.at}, in {seen.seconds:.2f} s"
        return Finding(name=_NAME, what=what, facts=facts)
    why, do = _reason(seen)
    return Finding(
        level=Level.BAD,
        name=_NAME,
        what=f"A callback to {public_url} does not arrive.",
        why=why,
        do=do,
        code=report.CONFIG,
        facts=facts,
    )


def _reason(seen: Called) -> tuple[str, str]:
    if seen.status is None:
        return (
            f"no answer: {seen.fault}",
            "look at the name, the certificate and the firewall; jobs go on without callbacks",
        )
    if seen.heard:
        return (
            f"the receiver heard it, and the answer that came back was HTTP {seen.status}",
            "let the proxy hand on the receiver's answer: TTAPI calls again until it hears 200",
        )
    return (
        f"something else answered: HTTP {seen.status}",
        f"let the proxy hand on everything below that path to http://{seen.at}, by any method, with its body",
    )


async def simulated_call(accounts: Sequence[Account]) -> list[Finding]:
    """A job at each simulated provider, whose callbacks have to arrive; nothing is paid."""
    return [await _one(account) for account in accounts]


async def _one(account: Account) -> Finding:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/mj"
    try:
        async with Pool(account, public_url=url) as pool:
            await pool.hooks.serve(port=port)
            await pool.imagine("a doorbell", mode="turbo")
            heard = await _heard(pool)
    except MJError as exc:
        return of_error(_NAME, exc)
    facts = {"public_url": url, "heard": heard}
    if heard:
        return Finding(name=_NAME, what=f"{account.provider}: the simulator called {url}, {heard}×", facts=facts)
    why, do = "the job ended, and nobody rang", "look at what else listens or filters on this machine"
    return Finding(level=Level.BAD, name=_NAME, what=f"No callback came to {url}.", why=why, do=do, facts=facts)


async def _heard(pool: Pool) -> int:
    """Callbacks that came; the last one may come after the result."""
    for _ in range(20):
        if pool.hooks.counts.heard:
            break
        await asyncio.sleep(0.1)
    return pool.hooks.counts.heard
