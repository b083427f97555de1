"""Write `docs/providers.md` from the endpoints' rows and the simulator's profiles: `python docs/make_providers.py > docs/providers.md`."""

import json
from collections.abc import Iterable, Iterator

from attrs import frozen

from mjasync.core.model import Action, ImageURL, Phase, Record, Snapshot, Spec, Status
from mjasync.core.operations import (
    Blend,
    Describe,
    GetSeed,
    Imagine,
    Operation,
    Pick,
    Press,
    Shorten,
    SwapFace,
    Upload,
    attached,
    reattached,
)
from mjasync.core.pictures import Picture
from mjasync.dialects import DIALECTS, Dialect, Endpoint
from mjasync.sim.profiles import PROFILES, Profile

PROVIDERS = {"ttapi": "TTAPI", "mjproxy": "midjourney-proxy"}

_HEAD = """# Both providers, whole

Made from the code by `python docs/make_providers.py > docs/providers.md`; a test keeps it fresh, and another one
reaches every endpoint of this page in the simulator. The requests are made from the same rows as this page
(`mjasync/dialects/_ttapi_requests.py`, `_mjproxy_requests.py`). Seed 000 is TTAPI's own page, seed 001
midjourney-proxy's. What neither has is *optional*: nothing is sent to find out who has it. Its first use tells; where
it is missing the call says so, nothing was paid, and the account is not asked for it again.

How to use the verbs: [Verbs](verbs.md). How to give pictures: [Pictures](images.md).
"""

_LINK, _FILE = Picture(url="https://host/a.png"), Picture(data=b"\x89PNG\r\n\x1a\n")
_SEVERAL = (_FILE, _FILE)


@frozen
class Verb:
    """One way to call a verb, and the operation that it makes."""

    call: str
    operation: Operation
    #: midjourney-proxy opens a window: always, or where the server has remix on.
    window: str = ""


_ALWAYS, _REMIX = "then", "and where the server then opens a window (remix)"
VERBS = (
    Verb("pool.imagine(prompt)", Imagine(prompt="…")),
    Verb("pool.imagine(prompt, images=[links])", Imagine(prompt="…", images=(_LINK,))),
    Verb("pool.imagine(prompt, images=[files])", Imagine(prompt="…", images=(_FILE,))),
    Verb("pool.blend(files)", Blend(images=_SEVERAL)),
    Verb("pool.blend(links)", Blend(images=(_LINK, _LINK))),
    Verb("pool.describe(file)", Describe(image=_FILE)),
    Verb("pool.describe(link)", Describe(image=_LINK)),
    Verb("pool.shorten(prompt)", Shorten(prompt="…")),
    Verb("pool.swap_face(source, target)", SwapFace(source=_FILE, target=_FILE)),
    Verb("pool.upload(files)", Upload(images=_SEVERAL)),
    Verb("described.imagine(2)", Pick(number=2)),
    Verb("job.upscale(1)", Press(action="upscale1")),
    Verb('job.upscale("subtle")', Press(action="upscale_subtle")),
    Verb("job.vary(1)", Press(action="vary1")),
    Verb("job.vary(1, prompt)", Press(action="vary1", prompt="…"), _REMIX),
    Verb('job.vary("strong")', Press(action="vary_strong")),
    Verb("job.vary_region(mask, prompt)", Press(action="vary_region", mask=_FILE, prompt="…"), _ALWAYS),
    Verb("job.zoom(2)", Press(action="zoom_2")),
    Verb("job.zoom(1.8)", Press(action="zoom_custom", factor=1.8), _ALWAYS),
    Verb("job.zoom(2, prompt)", Press(action="zoom_custom", factor=2.0, prompt="…"), _ALWAYS),
    Verb('job.pan("left")', Press(action="pan_left")),
    Verb('job.pan("left", prompt)', Press(action="pan_left", prompt="…"), _REMIX),
    Verb("job.square()", Press(action="square")),
    Verb("job.reroll()", Press(action="reroll")),
    Verb("job.reroll(prompt)", Press(action="reroll", prompt="…"), _REMIX),
    Verb("job.get_seed()", GetSeed()),
    Verb('job.press("U1")', Press(action="U1")),
)
#: Verbs that ask for no job: the endpoint's row says who has them.
QUESTIONS = ("pool.check_prompt", "pool.account_info", "pool.listed", "pool.look")

#: Switch of the simulator → the endpoints that it changes; None for all.
_NEW = {"imagine", "blend", "describe", "shorten", "swap", "upload-discord-images"}
_SUBMITS = {*_NEW, "action", "seed", "inpaint", "modal"}
TOUCHES: dict[str, set[str] | None] = {
    "ttapi.fetch_methods": {"fetch"},
    "ttapi.account_methods": {"info", "fetch-list"},
    "ttapi.wrong_method_is_page": {"fetch"},
    "ttapi.id_key": _SUBMITS,
    "ttapi.action_key": {"fetch"},
    "ttapi.submit_message": _SUBMITS,
    "ttapi.fetch_message": {"fetch"},
    "ttapi.nulls": {"fetch"},
    "ttapi.quota_as_text": {"fetch"},
    "ttapi.images": {"fetch"},
    "ttapi.components": {"fetch"},
    "ttapi.timeouts_everywhere": _SUBMITS - {"imagine"},
    "ttapi.seed_under_parent": {"seed"},
    "ttapi.repeats_refused": {"action"},
    "ttapi.plain_texts": {"describe"},
    "ttapi.drift": None,
    "mjproxy.prefixes": None,
    "mjproxy.endpoints": set(),
    "mjproxy.secret_only": None,
    "mjproxy.spring": None,
    "mjproxy.ids_as_text": _SUBMITS,
    "mjproxy.rows": {"fetch", "list-by-condition"},
    "mjproxy.refresh": {"fetch", "list-by-condition"},
    "mjproxy.codes_rewritten": _SUBMITS,
    "mjproxy.hook_stripped": _SUBMITS,
    "mjproxy.buttons": {"action"},
    "mjproxy.windows": {"action"},
    "mjproxy.remix": {"action", "modal"},
    "mjproxy.modal_new_id": {"modal"},
    "mjproxy.modal_stays": {"modal"},
    "mjproxy.upscale_exists": {"action"},
    "mjproxy.plain_texts": {"describe", "shorten"},
    "mjproxy.downgraded": _SUBMITS,
    "mjproxy.frozen": {"fetch", "list-by-condition"},
    "mjproxy.drift": None,
}


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


# The endpoints.


def served(provider: str, endpoint: str) -> list[str]:
    """The profiles in which the simulator has an endpoint."""
    return [name for name, p in PROFILES.items() if provider == "ttapi" or endpoint in p.mjproxy.endpoints]


def changed(provider: str, endpoint: str) -> list[str]:
    """The profiles in which the simulator has an endpoint and answers otherwise than the seed shows."""
    return [name for name in served(provider, endpoint) if _changes(PROFILES[name], provider, endpoint)]


def _changes(profile: Profile, provider: str, endpoint: str) -> bool:
    touched = (TOUCHES[switch] for switch in profile.switches() if switch.startswith(f"{provider}."))
    return any(endpoints is None or endpoint in endpoints for endpoints in touched)


def _profiles(provider: str, endpoint: str) -> str:
    there = served(provider, endpoint)
    missing = [name for name in PROFILES if name not in there]
    if len(missing) > len(there):
        return _code(there)
    who = f"all but {_code(missing)}" if missing else "all"
    other = changed(provider, endpoint)
    return f"{who}; another way in {_code(other)}" if other else who


def _endpoint(provider: str, endpoint: Endpoint) -> str:
    options = ", ".join(f"`{ours}` → `{theirs}`" for ours, theirs in endpoint.extras.items())
    cells = (
        f"`{endpoint.name}`<br>{endpoint.method} `{endpoint.path}`",
        ", ".join(verb if " " in verb else f"`{verb}`" for verb in endpoint.verbs),
        _code(endpoint.fields),
        options,
        "paid" if endpoint.paid else "free",
        "optional" if endpoint.optional else "",
        endpoint.source,
        _profiles(provider, endpoint.name),
    )
    return f"| {' | '.join(cells)} |"


def endpoints() -> Iterator[str]:
    """The coverage matrix."""
    for provider, title in PROVIDERS.items():
        yield f"## Endpoints of {title}\n"
        if provider == "ttapi":
            yield "`fetch` goes by POST first, `info` and `fetch-list` by GET; where a server knows only the other, by that.\n"
        yield "| endpoint | our verbs | fields | options → fields | cost | | source | in the simulator's profiles |"
        yield "|---|---|---|---|---|---|---|---|"
        yield from (_endpoint(provider, row) for row in DIALECTS[provider].endpoints.values())
        yield ""


# The verbs.


def parent() -> Record:
    """A finished job that offers everything."""
    names = ("upscale_subtle", "vary1", "vary_strong", "vary_region", "zoom_2", "zoom_custom", "pan_left", "square")
    actions = (Action("upscale1", "…", "U1"), *(Action(name, "…") for name in (*names, "reroll")))
    seen = Snapshot(status=Status.DONE, images=(ImageURL("…"),), actions=actions, texts=("…", "…"), prompt="…")
    spec = Spec(operation=Imagine(prompt="…"))
    return Record(id="parent", spec=spec, phase=Phase.DONE, account="account", remote_id="ID", snapshot=seen)


def _sent(dialect: Dialect, verb: Verb) -> str:
    """What the verb becomes, or why it cannot."""
    operation, notes = verb.operation, []
    chained = isinstance(operation, Press | Pick | GetSeed)
    spec = Spec(operation=operation, parent="parent" if chained else None)
    lack = dialect.lacks(spec)
    if lack is not None:
        return f"not there: {lack.why}"
    if any(picture.url for picture in attached(operation)) and not dialect.by_link(operation):
        operation = reattached(operation, tuple(_FILE for _ in attached(operation)))
        spec, notes = Spec(operation=operation), ["links are downloaded first"]
    request = dialect.write_submit("", spec, parent() if chained else None)
    row = next(row for row in dialect.endpoints.values() if request.url == row.path.replace("{id}", "ID"))
    notes += ["free"] if not row.paid else []
    notes += ["where the server has it"] if row.optional else []
    text = f"`{row.name}`{_fields(request.body)}"
    if verb.window and dialect is DIALECTS["mjproxy"]:
        text += f", {verb.window} `modal`{_fields(dialect.write_modal('', spec, 'ID', '…').body)}"
    return f"{text}; {', '.join(notes)}" if notes else text


def _fields(body: bytes | None) -> str:
    names = list(json.loads(body)) if body else []
    return f" ({_code(names)})" if names else ""


def _asked(dialect: Dialect, question: str) -> str:
    row = next((row for row in dialect.endpoints.values() if question in row.verbs), None)
    if row is None:
        return "not there: the provider has no such call"
    return f"`{row.name}` ({_code(row.fields)}); free" if row.fields else f"`{row.name}`; free"


def _look(dialect: Dialect) -> str:
    return "`fetch`, one for each; free" + (
        "; several in one `list-by-condition` where the server has it" if dialect.many else ""
    )


def verbs() -> Iterator[str]:
    """What each verb becomes."""
    yield "## Verb by verb\n"
    yield "What a call becomes: the endpoint, and the fields that go there. `job` may be its result just as well, and"
    yield "`described` is a job of `describe` or `shorten`.\n"
    yield f"| call | {' | '.join(PROVIDERS.values())} |"
    yield "|---|---|---|"
    for verb in VERBS:
        yield f"| `{verb.call}` | {' | '.join(_sent(DIALECTS[provider], verb) for provider in PROVIDERS)} |"
    for question in QUESTIONS[:-1]:
        yield f"| `{question}()` | {' | '.join(_asked(DIALECTS[provider], question) for provider in PROVIDERS)} |"
    yield f"| `pool.look(tickets)` | {' | '.join(_look(DIALECTS[provider]) for provider in PROVIDERS)} |"
    yield ""


# The simulator.


def profiles() -> Iterator[str]:
    """The simulator's profiles."""
    yield "## Profiles of the simulator\n"
    yield 'Ways that providers are in life: `Sim(profile="relay-15s")` in tests, `mjasync sim --profile relay-15s` over HTTP.\n'
    yield "| profile | what it does | switches |"
    yield "|---|---|---|"
    for profile in PROFILES.values():
        yield f"| `{profile.name}` | {profile.about} | {_code(profile.switches())} |"


def render() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *verbs(), *endpoints(), *profiles()]).rstrip() + "\n"


if __name__ == "__main__":
    print(render(), end="")
