"""A relay of which one sees when it was asked what, and jobs that wait for their looks there: for the tests of rounds."""

import asyncio
import json
from random import Random

import mjasync as mj
from mjasync.core.looking import paced
from mjasync.core.model import Mode, Spec
from mjasync.core.operations import Imagine
from mjasync.core.wire import HttpResponse
from mjasync.flow.asks import Ask
from mjasync.flow.rounds import Round
from mjasync.flow.session import Session
from mjasync.testing import run

LATENCY = 0.1


def running(remote_id, progress="31%"):
    return {"id": remote_id, "status": "IN_PROGRESS", "progress": progress}


def ended(remote_id, **more):
    whole = {"imageUrl": "https://x.example/1.png", "buttons": [{"customId": "MJ::JOB::upsample::1::abc"}]}
    return {"id": remote_id, "status": "SUCCESS", "progress": "100%", **whole} | more


def answer(document, status=200, **headers):
    return HttpResponse(status=status, headers=headers, body=json.dumps(document).encode())


class Server:
    """A relay with a list. `rows`: what it has of each job; `listing(ids)` and `single(id)` may answer instead."""

    def __init__(self, rows=()):
        self.rows = {row["id"]: row for row in rows}
        self.asked = []
        #: Of each look at several jobs: seconds that are waited for it.
        self.timeouts = []
        self.listing = self.single = None

    async def send(self, request):
        """Half a latency there, half a latency back."""
        ids = json.loads(request.body)["ids"] if request.url.endswith("list-by-condition") else None
        remote_id = request.url.split("/task/")[-1].split("/")[0]
        self.timeouts += [request.timeout] if ids else []
        self.asked.append((asyncio.get_running_loop().time(), ids or remote_id, request.url))
        await asyncio.sleep(LATENCY)
        if ids is not None:
            made = self.listing(ids) if self.listing else None
            made = [self.rows[one] for one in ids if one in self.rows] if made is None else made
        else:
            unknown = {"code": 4, "description": "task_no_found"}
            made = self.single(remote_id) if self.single else self.rows.get(remote_id, unknown)
        if isinstance(made, Exception):
            raise made
        return made if isinstance(made, HttpResponse) else answer(made)

    async def aclose(self):
        pass

    @property
    def lists(self):
        """Ids of each look at several jobs."""
        return [asked for _, asked, _ in self.asked if isinstance(asked, list)]

    @property
    def singles(self):
        """Ids of the looks at one job."""
        return [asked for _, asked, _ in self.asked if isinstance(asked, str)]


class Looking:
    """Jobs that wait for looks at a server; `heard` is what came to each, and when."""

    def __init__(self, server, *, rate=1000.0):
        account = mj.MJProxy("key", base_url="https://relay.example", transport=server)
        self.loop = asyncio.get_running_loop()
        self.session = Session("it", account, Random(1))
        self.pace = paced(10, rate)
        self.round = Round(self.session, self.pace)
        self.heard, self.tasks = {}, {}

    def ask(
        self,
        remote_id,
        due,
        *,
        mode=Mode.FAST,
        looked=-100.0,
        slack=0.0,
        joins=True,
        odds=0.5,
        operation=None,
        late=False,
        cap=1e9,
        again=float("inf"),
    ):
        """A job that waits for its look."""
        spec = Spec(operation=operation or Imagine(prompt="a cat"), mode=mode)
        ask = Ask(
            spec=spec,
            remote_id=remote_id,
            known=(),
            due=due,
            looked=looked,
            slack=slack,
            cap=cap,
            joins=joins,
            late=late,
            again=again,
            odds=odds if callable(odds) else lambda _: odds,
        )
        self.tasks[remote_id] = self.loop.create_task(self._looked(ask))

    async def _looked(self, ask):
        heard = await self.round.turn(ask) or await self.round.look(ask)
        self.heard[ask.remote_id] = (self.loop.time(), heard)

    async def all(self):
        """Wait for all of them; those that were cancelled are left out."""
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)

    def at(self, remote_id):
        """When it heard."""
        return self.heard[remote_id][0]

    def seen(self, remote_id):
        """What it heard."""
        return self.heard[remote_id][1].seen


def looked(server, *asks, then=None, **options):
    """These asks, each a remote id, when it is due and what else; after all have heard."""

    async def story():
        looking = Looking(server, **options)
        for remote_id, due, *more in asks:
            looking.ask(remote_id, due, **(more[0] if more else {}))
        if then:
            await then(looking)
        await looking.all()
        return looking

    return run(story())
