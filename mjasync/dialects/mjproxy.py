"""midjourney-proxy behind a relay, both ways (seed 001): codes in HTTP 200, the mode in the path, buttons with ids."""

import re

from mjasync.core.answers import Lack, Looked, Missing, Submitted, Taken
from mjasync.core.model import Action, Failure, Record, Snapshot, Spec
from mjasync.core.operations import GetSeed, Imagine, Operation, Press, Upload
from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.dialects import _mjproxy_answers as answers
from mjasync.dialects import _mjproxy_requests as requests
from mjasync.dialects import _mjproxy_tables as tables
from mjasync.dialects._endpoints import unknown_extra
from mjasync.dialects._mjproxy_answers import NAME
from mjasync.dialects._mjproxy_looks import ListByCondition
from mjasync.dialects._offer import offered, resolved
from mjasync.dialects._proof import look_trouble, proof, unreadable
from mjasync.dialects._reading import Garbled, decode, glance, identifier, start, structure
from mjasync.dialects._verdict import Said, refusal

_UNKNOWN_TASK = re.compile(tables.UNKNOWN_TASK, re.IGNORECASE)


class MJProxyDialect:
    """See `Dialect`."""

    endpoints = requests.ENDPOINTS
    two_verbs = False
    calls = None
    many = ListByCondition()

    def prefix(self, template: str, mode: str) -> str:
        """`/mj-fast` in the page's text, `/fast` in its samples (seed 001 lines 77 and 107)."""
        return template.replace("{mode}", mode)

    def lacks(self, spec: Spec) -> Lack | None:
        """The page has no `timeout`, `translation` or `getUImages`; `botType` goes with new pictures only."""
        endpoint = requests.endpoint_of(spec)
        name = unknown_extra(spec, (endpoint,))
        return Lack(why=f"midjourney-proxy's {endpoint.name} has no {name}=") if name else None

    def by_link(self, operation: Operation) -> bool:
        """Only imagine takes addresses, in front of the prompt; everything else wants the pictures themselves."""
        return isinstance(operation, Imagine)

    def offered(self, parent: Snapshot, wanted: str) -> Action:
        """From the finished task's buttons, and from nowhere else: a customId is never made up."""
        return offered(parent, wanted)

    def resolve(self, spec: Spec, parent: Record | None) -> Action | None:
        """See `Dialect`."""
        return resolved(self.offered, spec, parent)

    def write_submit(self, base: str, spec: Spec, parent: Record | None) -> HttpRequest:
        """One request, as its row of the endpoints says."""
        endpoint = requests.endpoint_of(spec)
        if isinstance(spec.operation, GetSeed):
            return endpoint.write(base, None, remote_id=parent.remote_id or "" if parent else "")
        action = self.resolve(spec, parent)
        return endpoint.write(base, requests.body_of(spec, parent, action) | endpoint.given(spec.extras))

    def write_modal(self, base: str, spec: Spec, remote_id: str, prompt: str) -> HttpRequest:
        """`POST /mj/submit/modal`: the answer to the window of the task `remote_id` (seed 001 line 398)."""
        modal = requests.ENDPOINTS["modal"]
        return modal.write(base, requests.modal_of(spec, remote_id, prompt) | modal.given(spec.extras))

    def optional(self, operation: Operation) -> bool:
        """Image-seed, face swap and upload: the seed has none of them."""
        return requests.endpoint_of(Spec(operation=operation)).optional

    def read_submit(self, response: HttpResponse, operation: Operation) -> Submitted:
        """Taken with code 1, 22 (queued) or 21 (exists, or a window waits) and an id."""
        try:
            document = decode(response)
            said = answers.said_by(response, document)
        except Garbled as exc:
            said = Said(status=response.status, words=str(exc))
            return refusal(tables.SUBMIT, said, response, NAME)
        if isinstance(operation, GetSeed):
            return answers.read_seed(response, document, said)
        if isinstance(operation, Upload):
            return answers.read_upload(response, document, said, len(operation.images))
        if said.code in tables.TAKEN and response.status < 300:
            try:
                remote_id = identifier(document.get("result"))
            except ValueError as exc:
                return answers.without_id(said, f"{exc} @ $.result", response)
            if remote_id:
                # Nothing opens a window behind an upscale; the words would have to mean something else.
                may_open = isinstance(operation, Press) and operation.kind != "upscale"
                return Taken(remote_id=remote_id, window=answers.window_of(document, said) if may_open else None)
            if said.code != "21":
                return answers.without_id(said, "", response)
        return refusal(tables.SUBMIT, said, response, NAME)

    def write_look(self, base: str, remote_id: str, *, other_verb: bool) -> HttpRequest:
        """`GET /mj/task/{id}/fetch`, under the same prefix as the submit (seed 001 line 119)."""
        return requests.ENDPOINTS["fetch"].write(base, None, remote_id=remote_id)

    def read_look(self, response: HttpResponse, kind: str) -> Looked:
        """`status` decides. Progress does not: failures stop at "", or are set to 100%."""
        going = answers.peek(glance(response, answers.GOING)) if response.status < 300 else None
        if going is not None:
            return going
        missing = answers.missing(response)
        if missing is not None:
            return missing
        try:
            document = decode(response)
            task = structure(document, answers.Task) if answers.is_task(document) else None
        except Garbled as exc:
            # The seed documents 404, and a server may say it in plain text; a page with it is about the route.
            gone = response.status == 404 and response.body.lstrip()[:1] != b"<"
            said = Said(status=404, words=start(response) if response.body.strip() else "")
            return Missing(failure=answers.lost(said)) if gone else unreadable(response, NAME, str(exc))
        if task is not None and response.status < 300:
            return answers.snapshot(task, response, document, kind)
        said = answers.said_by(response, document)
        unknown = response.status in tables.UNKNOWN_STATUS and _UNKNOWN_TASK.search(said.words)
        if response.status == 404 or unknown:
            return Missing(failure=answers.lost(said))
        return look_trouble(said, response, NAME)

    def read_proof(self, response: HttpResponse) -> Failure | None:
        """Any JSON, or the empty answer that some servers give for "unknown"; see `proof`."""
        return proof(
            response,
            NAME,
            "this looks like a wrong path or mode prefix: relays use mode_path='/mj-{mode}' (default) or '/{mode}', "
            "plain servers mode_path=''; base_url is what their page calls BASE_URL",
        )
