"""Every verb of both providers: the exact request that leaves, as the two documents show it, and what comes of it."""

import json

import pytest

import mjasync as mj
from mjasync.testing import Sim, run
from tests.flow.stories import listened
from tests.journeys.verbs import (
    BLUE_URI,
    COMMON,
    LINK,
    MASK_64,
    MASK_URI,
    MJPROXY_ONLY,
    OPTIONAL,
    RED_URI,
    TTAPI_ONLY,
    outcome,
    stage,
)

HOOK = "https://me.example/hook"

#: Path below https://api.ttapi.io/midjourney/v1/ and body, by seed 000; <single> is the id of that job.
TTAPI = {
    "imagine": ("imagine", {"prompt": "a dog", "mode": "turbo"}),
    "imagine link": ("imagine", {"prompt": f"{LINK} a dog", "mode": "fast"}),
    "imagine all": (
        "imagine",
        {"prompt": "a dog", "mode": "relax", "timeout": 900, "translation": False, "getUImages": True, "hookUrl": HOOK},
    ),
    "blend": ("blend", {"imgBase64Array": [RED_URI, BLUE_URI], "dimensions": "PORTRAIT", "mode": "fast"}),
    "describe": ("describe", {"base64": BLUE_URI, "mode": "relax"}),
    "describe link": ("describe", {"url": LINK, "mode": "fast"}),
    "describe.imagine": ("imagine", {"prompt": "<second text>", "mode": "fast"}),
    "upscale1": ("action", {"jobId": "<grid>", "action": "upsample1"}),
    "upscale4": ("action", {"jobId": "<grid>", "action": "upsample4"}),
    "upscale all": (
        "action",
        {"jobId": "<grid>", "action": "upsample2", "timeout": 600, "getUImages": True, "hookUrl": HOOK},
    ),
    "upscale subtle": ("action", {"jobId": "<single>", "action": "upscale_subtle"}),
    "upscale creative": ("action", {"jobId": "<single>", "action": "upscale_creative"}),
    "vary3": ("action", {"jobId": "<grid>", "action": "variation3"}),
    "vary subtle": ("action", {"jobId": "<single>", "action": "low_variation"}),
    "vary strong": ("action", {"jobId": "<single>", "action": "high_variation"}),
    "reroll": ("action", {"jobId": "<grid>", "action": "reroll"}),
    "zoom 2": ("action", {"jobId": "<single>", "action": "zoom_out_2"}),
    "zoom 1.5": ("action", {"jobId": "<single>", "action": "zoom_out_1_5"}),
    "square": ("action", {"jobId": "<single>", "action": "make_square"}),
    **{f"pan {s}": ("action", {"jobId": "<single>", "action": f"pan_{s}"}) for s in ("left", "right", "up", "down")},
    "press": ("action", {"jobId": "<grid>", "action": "upsample2"}),
    "vary region": ("inpaint", {"jobId": "<single>", "mask": MASK_64, "prompt": "a hat"}),
    "vary region plain": ("inpaint", {"jobId": "<single>", "mask": MASK_64, "prompt": "a cat --ar 1:1"}),
    "get_seed": ("seed", {"jobId": "<single>"}),
}


def pressed(token, parent="single", **more):
    return {"customId": f"MJ::{token}", "taskId": f"<{parent}>", **more}


def jobbed(token, **more):
    return pressed(f"JOB::{token}::1::<single hash>::SOLO", **more)


def modal(prompt, **more):
    return "fast", "submit/modal", {"prompt": prompt, "taskId": "<itself>", **more}


REGION = pressed("Inpaint::1::<single hash>::SOLO")
CUSTOM = pressed("CustomZoom::<single hash>")
#: Mode of the path, path below /mj/, and body, by seed 001; a list where a window takes two requests.
MJPROXY = {
    "imagine": [("turbo", "submit/imagine", {"base64Array": [], "prompt": "a dog"})],
    "imagine link": [("fast", "submit/imagine", {"base64Array": [], "prompt": f"{LINK} a dog"})],
    "imagine all": [
        (
            "relax",
            "submit/imagine",
            {
                "base64Array": [RED_URI],
                "prompt": f"{LINK} a dog",
                "botType": "NIJI_JOURNEY",
                "state": "mine",
                "notifyHook": HOOK,
                "accountFilter": {"modes": ["FAST"]},
            },
        )
    ],
    "blend": [("fast", "submit/blend", {"base64Array": [RED_URI, BLUE_URI], "dimensions": "PORTRAIT"})],
    "describe": [("relax", "submit/describe", {"base64": BLUE_URI})],
    "describe.imagine": [("fast", "submit/imagine", {"base64Array": [], "prompt": "<second text>"})],
    "shorten": [("fast", "submit/shorten", {"prompt": "a big cat"})],
    "shorten.imagine": [("fast", "submit/imagine", {"base64Array": [], "prompt": "<fifth text>"})],
    "upscale1": [("fast", "submit/action", pressed("JOB::upsample::1::<grid hash>", "grid"))],
    "upscale4": [("fast", "submit/action", pressed("JOB::upsample::4::<grid hash>", "grid"))],
    "upscale all": [
        ("fast", "submit/action", pressed("JOB::upsample::2::<grid hash>", "grid", state="mine", notifyHook=HOOK))
    ],
    "upscale subtle": [("fast", "submit/action", jobbed("upsample_v6r1_2x_subtle"))],
    "upscale creative": [("fast", "submit/action", jobbed("upsample_v6r1_2x_creative"))],
    "vary3": [("fast", "submit/action", pressed("JOB::variation::3::<grid hash>", "grid"))],
    "vary subtle": [("fast", "submit/action", jobbed("low_variation"))],
    "vary strong": [("fast", "submit/action", jobbed("high_variation"))],
    "vary prompt": [
        ("fast", "submit/action", pressed("JOB::variation::1::<grid hash>", "grid", enableRemix=True)),
    ],
    "reroll": [("fast", "submit/action", pressed("JOB::reroll::0::<grid hash>::SOLO", "grid"))],
    "zoom 2": [("fast", "submit/action", pressed("Outpaint::50::1::<single hash>::SOLO"))],
    "zoom 1.5": [("fast", "submit/action", pressed("Outpaint::75::1::<single hash>::SOLO"))],
    "zoom custom": [("fast", "submit/action", CUSTOM), modal("a cat --ar 1:1 --zoom 1.8")],
    "zoom prompt": [("fast", "submit/action", CUSTOM), modal("a hat --zoom 2")],
    "square": [("fast", "submit/action", pressed("Outpaint::100::1::<single hash>::SOLO"))],
    **{f"pan {s}": [("fast", "submit/action", jobbed(f"pan_{s}"))] for s in ("left", "right", "up", "down")},
    "press": [("fast", "submit/action", pressed("JOB::upsample::2::<grid hash>", "grid"))],
    "vary region": [("fast", "submit/action", REGION), modal("a hat", maskBase64=MASK_URI)],
    "vary region plain": [("fast", "submit/action", REGION), modal("a cat --ar 1:1", maskBase64=MASK_URI)],
    "swap_face": [("fast", "insight-face/swap", {"sourceBase64": RED_URI, "targetBase64": BLUE_URI})],
    "upload": [("fast", "submit/upload-discord-images", {"base64Array": [RED_URI, BLUE_URI]})],
}


def names_of(on, job):
    """What the tables above leave open: ids, the hashes in the buttons, and the texts."""
    names = {"<grid>": on.grid.ticket.remote_id, "<single>": on.single.ticket.remote_id}
    for name, result in (("grid", on.grid), ("single", on.single)):
        token = next((a.token for a in result.actions if a.name in ("upscale1", "zoom_custom")), "")
        names[f"<{name} hash>"] = token.rpartition("::")[2]
    names["<second text>"] = on.described.texts[1]
    names["<fifth text>"] = on.shortened.texts[4] if on.shortened else ""
    return names | {"<itself>": job.ticket.remote_id}


def filled(value, names):
    text = json.dumps(value)
    for name, real in names.items():
        text = text.replace(json.dumps(name)[1:-1], json.dumps(real)[1:-1])
    return json.loads(text)


async def performed(account, ear, verbs, *, shorten):
    """Call each verb on its own; pairs of what left for it (without looks and pictures) and what it left open."""
    said = {}
    async with mj.Pool(account) as pool:
        on = await stage(pool, shorten=shorten)
        for name, verb in verbs.items():
            ear.sent.clear()
            job = verb(on)
            assert await outcome(job) == "ok", (name, job.exception())
            paid = [request for request in ear.sent if not request.repeatable]
            said[name] = paid, names_of(on, job)
    return said


@pytest.fixture(scope="module")
def ttapi():
    async def story():
        sim = Sim(seed=6, speed=20)
        account, ear = listened(sim.ttapi())
        said = await performed(account, ear, COMMON | TTAPI_ONLY, shorten=False)
        return said, sim.ledger, account.key.reveal()

    return run(story())


@pytest.fixture(scope="module")
def mjproxy():
    async def story():
        sim = Sim(seed=6, speed=20, profile="plus")
        account, ear = listened(sim.mjproxy())
        verbs = COMMON | MJPROXY_ONLY | {name: OPTIONAL[name] for name in ("swap_face", "upload")}
        said = await performed(account, ear, verbs, shorten=True)
        return said, sim.ledger, account.key.reveal()

    return run(story())


@pytest.mark.parametrize("verb", COMMON | TTAPI_ONLY)
def test_what_leaves_for_ttapi_is_what_its_page_shows(ttapi, verb):
    said, _, key = ttapi
    (request,), names = said[verb]
    path, body = TTAPI[verb]

    assert request.method == "POST"
    assert request.url == f"https://ttapi.sim.invalid/midjourney/v1/{path}"
    assert request.headers == {"Content-Type": "application/json", "TT-API-KEY": key}
    assert json.loads(request.body) == filled(body, names)


@pytest.mark.parametrize("verb", MJPROXY)
def test_what_leaves_for_midjourney_proxy_is_what_its_page_shows(mjproxy, verb):
    said, _, key = mjproxy
    requests, names = said[verb]

    assert len(requests) == len(MJPROXY[verb])
    for request, (mode, path, body) in zip(requests, MJPROXY[verb], strict=True):
        assert request.method == "POST"
        assert request.url == f"https://mjproxy.sim.invalid/mj-{mode}/mj/{path}"
        assert request.headers == {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        assert json.loads(request.body) == filled(body, names)


def test_no_table_leaves_a_verb_out(ttapi, mjproxy):
    assert set(TTAPI) == set(COMMON) | set(TTAPI_ONLY) == set(ttapi[0])
    assert set(MJPROXY) == set(mjproxy[0])


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_a_strict_provider_finds_nothing_to_complain_about(provider, request):
    said, ledger, _ = request.getfixturevalue(provider)

    assert ledger.violations == []
    assert set(ledger.refusals) <= {"unknown_job"}  # the free looks that prove a route
    assert ledger.charged == ledger.accepted >= len(said)
    assert set(ledger.windows.values()) <= {1}
