"""TTAPI, both ways (seed 000): JSON in and out, every answer an envelope of `status`, `message` and `data`."""

import re
from urllib.parse import quote

from attrs import evolve

from mjasync.core.answers import Doubt, Lack, Looked, Missing, Submitted, Taken, Unclear, WrongVerb
from mjasync.core.model import Action, Failure, Record, Snapshot, Spec, Status
from mjasync.core.operations import Blend, Imagine, Operation, Press
from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.dialects import _ttapi_answers as answers
from mjasync.dialects import _ttapi_requests as requests
from mjasync.dialects import _ttapi_tables as tables
from mjasync.dialects._offer import offered, resolved
from mjasync.dialects._proof import look_trouble, proof, unreadable
from mjasync.dialects._reading import Garbled, decode, glance, structure
from mjasync.dialects._ttapi_answers import NAME
from mjasync.dialects._ttapi_calls import TTAPICalls
from mjasync.dialects._verdict import UNKNOWN, Said, failure_of, refusal
from mjasync.errors import ActionUnavailable

_EXISTS = re.compile(r"job \[([A-Za-z0-9-]{8,64})\] already exists", re.IGNORECASE)
_ENDINGS = re.compile(tables.ENDINGS, re.IGNORECASE)
_UNKNOWN_JOB = re.compile(tables.UNKNOWN_JOB, re.IGNORECASE)


#: The look by its other verb.
_FETCH_BY_GET = evolve(requests.ENDPOINTS["fetch"], method="GET")


class TTAPIDialect:
    """See `Dialect`."""

    endpoints = requests.ENDPOINTS
    two_verbs = True
    calls = TTAPICalls()
    many = None

    def prefix(self, template: str, mode: str) -> str:
        """TTAPI takes the mode in the body."""
        return ""

    def lacks(self, spec: Spec) -> Lack | None:
        """No shorten, no custom zoom, no picture field for imagine, and only the options of its tables."""
        endpoint = requests.endpoint_of(spec)
        if endpoint is None:
            return Lack(why=f"TTAPI has no {spec.operation.kind}", action=True)
        match spec.operation:
            case Imagine(images=images) if not all(image.url for image in images):
                return Lack(why="TTAPI's imagine takes pictures by their http(s) address only")
            case Press(factor=float()) | Press(action="zoom_custom" | "Custom Zoom"):
                return Lack(why="TTAPI zooms by 2 and 1.5, and takes no prompt for it", action=True)
            case Press(prompt=str(), mask=None, action=action):
                return Lack(why=f"TTAPI's {action} takes no prompt", action=True)
        option = requests.option_lack(spec, endpoint)
        return Lack(why=option) if option else None

    def by_link(self, operation: Operation) -> bool:
        """Imagine and describe take addresses; blend wants the pictures themselves (seed 000 line 306)."""
        return not isinstance(operation, Blend | Press)

    def offered(self, parent: Snapshot, wanted: str) -> Action:
        """From `components`; where a job names none, or a grid leaves out `reroll`, the documented names hold."""
        try:
            return offered(parent, wanted, by_name=wanted in tables.ACTIONS)
        except ActionUnavailable:
            # The seed's sample of a grid lists no reroll, later pages do; hosted accounts may list nothing at all.
            # Vary region has an endpoint of its own, which asks for no component.
            grid = any(action.name == "upscale1" for action in parent.actions)
            name = wanted if wanted in tables.ACTIONS else tables.OURS.get(wanted, wanted)
            missing = "reroll" if grid else "vary_region"
            silent = not parent.actions and (parent.images or parent.tiles)
            if name in tables.ACTIONS and (silent or (parent.actions and name == missing)):
                return Action(name, tables.ACTIONS[name])
            raise

    def resolve(self, spec: Spec, parent: Record | None) -> Action | None:
        """See `Dialect`."""
        return resolved(self.offered, spec, parent)

    def write_submit(self, base: str, spec: Spec, parent: Record | None) -> HttpRequest:
        """One POST, as its row of the endpoints says."""
        action = self.resolve(spec, parent)
        endpoint = requests.endpoint_of(spec)
        if endpoint is None:
            raise ActionUnavailable(f"TTAPI has no {spec.operation.kind}.")
        body = requests.body_of(spec, parent, action)
        return endpoint.write(base, body | endpoint.given(spec.extras))

    def write_modal(self, base: str, spec: Spec, remote_id: str, prompt: str) -> HttpRequest:
        """TTAPI opens no windows."""
        raise ActionUnavailable("TTAPI opens no windows.")

    def optional(self, operation: Operation) -> bool:
        """The seed has them all."""
        return False

    def read_submit(self, response: HttpResponse, operation: Operation) -> Submitted:
        """Accepted if the envelope says SUCCESS and has an id, under any of its spellings."""
        try:
            document = decode(response)
            said = answers.said_by(response, document)
        except Garbled as exc:
            said = Said(status=response.status, words=str(exc))
            return refusal(tables.SUBMIT, said, response, NAME)
        exists = _EXISTS.search(said.words)
        remote_id = exists[1] if exists else answers.id_of(document)
        # With an id and without a "no" it was taken, whatever else it calls it: looking will tell.
        good = response.status < 300 and said.code.upper() not in tables.NO
        if remote_id and (good or exists):
            return Taken(remote_id=remote_id)
        if response.status < 300 and said.code.upper() not in tables.NO:
            return Unclear(failure=failure_of(UNKNOWN, said, response, NAME, charged="unknown"))
        return refusal(tables.SUBMIT, said, response, NAME)

    def write_look(self, base: str, remote_id: str, *, other_verb: bool) -> HttpRequest:
        """`POST /fetch` (seed 000); `GET /fetch?jobId=` where a server knows only that. Free (line 559)."""
        fetch = requests.ENDPOINTS["fetch"]
        if not other_verb:
            return fetch.write(base, {"jobId": remote_id})
        return _FETCH_BY_GET.write(base, None, query=f"?jobId={quote(remote_id, safe='')}")

    def read_look(self, response: HttpResponse, kind: str) -> Looked:
        """`status` decides; progress and pictures are decoration until it says SUCCESS."""
        if response.status == 405:
            return WrongVerb()
        going = answers.peek(glance(response, answers.GOING)) if response.status < 300 else None
        if going is not None:
            return going
        try:
            document = decode(response)
            data = document.get("data") if isinstance(document, dict) else None
            job = structure(data if isinstance(data, dict) else {}, answers.Job)
            said = answers.state_of(response, document, data)
        except Garbled as exc:
            return WrongVerb() if response.status == 404 else unreadable(response, NAME, str(exc))
        seen = answers.snapshot(job, said, response, document, kind)
        speaks = response.status < 300 or response.status in tables.UNKNOWN_STATUS
        unknown = speaks and said.code.upper() in tables.NO and _UNKNOWN_JOB.search(said.words)
        if not (isinstance(data, dict) and data) and (response.status == 404 or unknown):
            return Missing(failure=answers.lost(said))
        if response.status >= 500 and answers.names_a_failed_job(seen, data):
            # With which status a failed job is told, no page says; a gateway's error would not know its prompt.
            return Doubt(snapshot=seen, telling=_ENDINGS.search(said.words) is not None)
        if not speaks or not said.code:
            return look_trouble(said, response, NAME)
        # A failed job is named; "FAILED" alone may be about the look (busy, too fast, a key that is checked again).
        if seen.remote_id or seen.status is not Status.FAILED:
            return seen
        return Doubt(snapshot=seen, telling=_ENDINGS.search(said.words) is not None)

    def read_proof(self, response: HttpResponse) -> Failure | None:
        """Any JSON envelope will do; see `proof`."""
        return proof(response, NAME, "TTAPI: https://api.ttapi.io; hosted accounts have a host of their own")
