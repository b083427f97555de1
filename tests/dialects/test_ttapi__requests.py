"""For every verb, the one request that TTAPI gets: method, address, headers and body."""

import pytest

from mjasync.core.answers import Lack
from mjasync.core.model import Action, Extras, Mode
from mjasync.core.operations import Blend, Describe, GetSeed, Imagine, Pick, Press, Shorten, SwapFace, Upload
from mjasync.core.pictures import base64_of, data_uri
from mjasync.errors import ActionUnavailable, NeedsInput
from tests.dialects.cases import LINK, PNG, asks, body_of, imagine, loaded, parent, press
from tests.dialects.ttapi_cases import BASE, DIALECT, ID

MASK = loaded()
STEP = Extras(timeout=600, hook_url="https://h/x")
#: Every token of the contract that `/action` takes, and our name for it.
TOKENS = {
    **{f"upsample{n}": f"upscale{n}" for n in (1, 2, 3, 4)},
    **{f"variation{n}": f"vary{n}" for n in (1, 2, 3, 4)},
    "reroll": "reroll",
    "upscale_subtle": "upscale_subtle",
    "upscale_creative": "upscale_creative",
    "redo_upscale_subtle": "redo_upscale_subtle",
    "redo_upscale_creative": "redo_upscale_creative",
    "upscale2": "upscale_2x",
    "upscale4": "upscale_4x",
    "redo_upscale2": "redo_upscale2",
    "redo_upscale4": "redo_upscale4",
    "high_variation": "vary_strong",
    "low_variation": "vary_subtle",
    "zoom_out_2": "zoom_2",
    "zoom_out_1_5": "zoom_1.5",
    **{f"pan_{side}": f"pan_{side}" for side in ("left", "right", "up", "down")},
    "make_square": "square",
}
OFFERS = parent(
    ID,
    *(Action(name, token) for token, name in TOKENS.items()),
    Action("vary_region", "vary_region"),
    prompt="a black cat",
    texts=("a cat", "a dog"),
    images=("https://c/1.png",),
)
REGION = Press(action="vary_region", mask=MASK, prompt="a hat")
BLEND = Blend(images=(MASK, MASK))

ROWS = [
    ("imagine", imagine(), "imagine", {"prompt": "a cute cat", "mode": "fast"}),
    (
        "imagine: every option",
        imagine(extras=Extras(timeout=300, hook_url="https://h/x", get_u_images=True, translation=False)),
        "imagine",
        {"prompt": "a cute cat", "mode": "fast", "timeout": 300, "hookUrl": "https://h/x"}
        | {"getUImages": True, "translation": False},
    ),
    (
        "imagine: from pictures",
        asks(Imagine(prompt="a cat", images=(LINK,)), mode=Mode.TURBO),
        "imagine",
        {"prompt": f"{LINK.url} a cat", "mode": "turbo"},
    ),
    ("imagine: a picked text", asks(Pick(number=2)), "imagine", {"prompt": "a dog", "mode": "fast"}),
    (
        "action",
        press("upscale2", extras=Extras(timeout=600, hook_url="", get_u_images=True)),
        "action",
        {"jobId": ID, "action": "upsample2", "timeout": 600, "hookUrl": "", "getUImages": True},
    ),
    (
        "seed",
        asks(GetSeed(), extras=STEP),
        "seed",
        {"jobId": ID, "timeout": 600, "hookUrl": "https://h/x"},
    ),
    (
        "blend",
        asks(BLEND, mode=Mode.RELAX, extras=STEP),
        "blend",
        {"imgBase64Array": [data_uri(PNG)] * 2, "dimensions": "SQUARE", "mode": "relax"}
        | {"timeout": 600, "hookUrl": "https://h/x"},
    ),
    (
        "describe",
        asks(Describe(image=MASK), extras=STEP),
        "describe",
        {"base64": data_uri(PNG), "mode": "fast", "timeout": 600, "hookUrl": "https://h/x"},
    ),
    ("describe: by address", asks(Describe(image=LINK)), "describe", {"url": LINK.url, "mode": "fast"}),
    (
        "inpaint",
        asks(REGION, extras=STEP),
        "inpaint",
        {"jobId": ID, "mask": base64_of(PNG), "prompt": "a hat", "timeout": 600, "hookUrl": "https://h/x"},
    ),
    (
        "inpaint: the parent's prompt",
        asks(Press(action="vary_region", mask=MASK)),
        "inpaint",
        {"jobId": ID, "mask": base64_of(PNG), "prompt": "a black cat"},
    ),
]


@pytest.mark.parametrize(
    ("spec", "endpoint", "body"), [pytest.param(*row[1:], id=f"contracts_ttapi §3 {row[0]}") for row in ROWS]
)
def test_the_paid_request_of_every_verb(spec, endpoint, body):
    """contracts_ttapi §10 10 + contracts_ttapi §10 17."""
    request = DIALECT.write_submit(BASE, spec, OFFERS)

    assert ("POST", f"https://api.ttapi.io/midjourney/v1/{endpoint}") == (request.method, request.url)
    assert {"Content-Type": "application/json"} == request.headers
    assert body == body_of(request)
    assert (False, 100.0) == (request.repeatable, request.timeout)
    assert DIALECT.lacks(spec) is None


@pytest.mark.parametrize(
    ("token", "name"), [pytest.param(*row, id=f"contracts_ttapi §4 {row[0]}") for row in TOKENS.items()]
)
def test_every_action_goes_out_under_its_own_token(token, name):
    request = DIALECT.write_submit(BASE, press(name), OFFERS)

    assert (f"{BASE}/midjourney/v1/action", {"jobId": ID, "action": token}) == (request.url, body_of(request))


@pytest.mark.parametrize(
    ("request_", "method", "path", "body"),
    [
        pytest.param(
            DIALECT.write_look(BASE, ID, other_verb=False),
            "POST",
            "/midjourney/v1/fetch",
            {"jobId": ID},
            id="contracts_ttapi §10 7: POST + contracts_ttapi §3 fetch",
        ),
        pytest.param(
            DIALECT.write_look(BASE, "a b&c=/?", other_verb=True),
            "GET",
            "/midjourney/v1/fetch?jobId=a%20b%26c%3D%2F%3F",
            None,
            id="contracts_ttapi §10 7: GET + contracts_ttapi §2 opaque ids: escaped",
        ),
    ],
)
def test_a_look_is_free(request_, method, path, body):
    assert (method, BASE + path, body) == (request_.method, request_.url, body_of(request_))
    assert ({"Content-Type": "application/json"} if body else {}) == request_.headers
    assert (True, 30.0) == (request_.repeatable, request_.timeout)


@pytest.mark.parametrize(
    ("spec", "lack"),
    [
        (asks(Shorten(prompt="x")), Lack(why="TTAPI has no shorten", action=True)),
        (asks(SwapFace(source=LINK, target=LINK)), Lack(why="TTAPI has no swap_face", action=True)),
        (asks(Upload(images=(LINK,))), Lack(why="TTAPI has no upload", action=True)),
        pytest.param(
            asks(Press(action="zoom_custom", factor=1.8)),
            Lack(why="TTAPI zooms by 2 and 1.5, and takes no prompt for it", action=True),
            id="contracts_ttapi §4 Custom Zoom: no way to pass its prompt",
        ),
        (press("Custom Zoom"), Lack(why="TTAPI zooms by 2 and 1.5, and takes no prompt for it", action=True)),
        (asks(Press(action="vary1", prompt="p")), Lack(why="TTAPI's vary1 takes no prompt", action=True)),
        (
            asks(Imagine(prompt="x", images=(LINK, MASK))),
            Lack(why="TTAPI's imagine takes pictures by their http(s) address only"),
        ),
        (asks(BLEND, extras=Extras(get_u_images=True)), Lack(why="TTAPI's blend has no get_u_images=")),
        (asks(REGION, extras=Extras(translation=True)), Lack(why="TTAPI's inpaint has no translation=")),
        (asks(GetSeed(), extras=Extras(translation=True)), Lack(why="TTAPI's seed has no translation=")),
        (
            asks(Describe(image=LINK), extras=Extras(get_u_images=True)),
            Lack(why="TTAPI's describe has no get_u_images="),
        ),
    ],
)
def test_what_ttapi_has_not(spec, lack):
    assert lack == DIALECT.lacks(spec)


@pytest.mark.parametrize("spec", [asks(Shorten(prompt="x")), asks(Upload(images=())), press("cancel")])
def test_what_it_has_not_is_never_written(spec):
    with pytest.raises(ActionUnavailable):
        DIALECT.write_submit(BASE, spec, OFFERS)


def test_vary_region_needs_its_mask_before_anything_is_paid():
    """contracts_ttapi §4 vary_region: it is a component, and goes through /inpaint."""
    with pytest.raises(NeedsInput):
        DIALECT.write_submit(BASE, press("vary_region"), OFFERS)


def test_no_windows_and_nothing_that_a_server_may_not_have():
    with pytest.raises(ActionUnavailable, match="no windows"):
        DIALECT.write_modal(BASE, press(), ID, "x")
    for operation in (Imagine(prompt="x"), BLEND, GetSeed(), press().operation):
        assert not DIALECT.optional(operation)
    assert DIALECT.two_verbs, "contracts_ttapi §10 7"


@pytest.mark.parametrize(
    ("operation", "by_link"),
    [(Imagine(prompt="x"), True), (Describe(image=LINK), True), (BLEND, False), (REGION, False)],
)
def test_which_pictures_may_stay_addresses(operation, by_link):
    assert by_link is DIALECT.by_link(operation)
