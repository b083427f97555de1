"""For every verb, the one request that midjourney-proxy gets: method, address, headers and body."""

import pytest

from mjasync.core.model import Action, Extras
from mjasync.core.operations import Blend, Describe, GetSeed, Imagine, Pick, Press, Shorten, SwapFace, Upload
from mjasync.core.pictures import data_uri
from mjasync.errors import ActionUnavailable, NeedsInput
from tests.dialects.cases import LINK, PNG, asks, body_of, imagine, loaded, parent, press
from tests.dialects.mjproxy_cases import BASE, DIALECT, ID, H

P = loaded()
URI = data_uri(PNG)
UPSCALE, REGION, ZOOM, REROLL = (
    f"MJ::JOB::upsample::2::{H}",
    f"MJ::Inpaint::1::{H}::SOLO",
    f"MJ::CustomZoom::{H}",
    f"MJ::JOB::reroll::0::{H}::SOLO",
)
OFFERS = parent(
    ID,
    Action("upscale2", UPSCALE, "U2"),
    Action("vary_region", REGION),
    Action("zoom_custom", ZOOM),
    Action("reroll", REROLL),
    texts=("a cat", "a dog"),
    images=("https://c/1.png",),
)
HOOKS = Extras(state="s", notify_hook="https://h/x")
NEW = Extras(state="s", notify_hook="https://h/x", bot_type="NIJI_JOURNEY", account_filter={"modes": ["RELAX"]})
SENT = {"state": "s", "notifyHook": "https://h/x"}
ALL = {**SENT, "botType": "NIJI_JOURNEY", "accountFilter": {"modes": ["RELAX"]}}

ROWS = [
    ("imagine", imagine("a cat", extras=NEW), "submit/imagine", {"base64Array": [], "prompt": "a cat", **ALL}),
    (
        "imagine, hook_url is the common name",
        imagine("a cat", extras=Extras(hook_url="https://h/x")),
        "submit/imagine",
        {"base64Array": [], "prompt": "a cat", "notifyHook": "https://h/x"},
    ),
    (
        "imagine from pictures",
        asks(Imagine(prompt="a cat", images=(P, LINK))),
        "submit/imagine",
        {"base64Array": [URI], "prompt": f"{LINK.url} a cat"},
    ),
    ("a picked text", asks(Pick(number=2)), "submit/imagine", {"base64Array": [], "prompt": "a dog"}),
    (
        "blend",
        asks(Blend(images=(P, P)), extras=NEW),
        "submit/blend",
        {"base64Array": [URI, URI], "dimensions": "SQUARE", **ALL},
    ),
    ("describe", asks(Describe(image=P), extras=NEW), "submit/describe", {"base64": URI, **ALL}),
    (
        "shorten",
        asks(Shorten(prompt="a very black cat"), extras=NEW),
        "submit/shorten",
        {"prompt": "a very black cat", **ALL},
    ),
    ("action", press("upscale2", extras=HOOKS), "submit/action", {"customId": UPSCALE, "taskId": ID, **SENT}),
    ("vary_region", asks(Press(action="vary_region", mask=P)), "submit/action", {"customId": REGION, "taskId": ID}),
    ("zoom", asks(Press(action="zoom_custom", factor=1.8)), "submit/action", {"customId": ZOOM, "taskId": ID}),
    (
        "remix",
        asks(Press(action="reroll", prompt="a dog")),
        "submit/action",
        {"customId": REROLL, "taskId": ID, "enableRemix": True},
    ),
    (
        "swap_face",
        asks(SwapFace(source=P, target=P), extras=NEW),
        "insight-face/swap",
        {"sourceBase64": URI, "targetBase64": URI, **ALL},
    ),
    ("upload", asks(Upload(images=(P,)), extras=NEW), "submit/upload-discord-images", {"base64Array": [URI], **ALL}),
]


@pytest.mark.parametrize(("spec", "path", "body"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_the_paid_request_of_every_verb(spec, path, body):
    """contracts_mjproxy C15."""
    request = DIALECT.write_submit(BASE, spec, OFFERS)

    assert ("POST", f"https://relay.example/mj-fast/mj/{path}") == (request.method, request.url)
    assert {"Content-Type": "application/json"} == request.headers
    assert body == body_of(request)
    assert (False, 100.0) == (request.repeatable, request.timeout), "contracts_mjproxy §14: a relay may take 60 s"
    assert DIALECT.lacks(spec) is None


@pytest.mark.parametrize(
    ("press_", "body"),
    [
        (Press(action="vary_region", mask=P), {"maskBase64": URI, "prompt": "a hat", "taskId": "B", **SENT}),
        (Press(action="zoom_custom", factor=1.8), {"prompt": "a hat", "taskId": "B", **SENT}),
    ],
)
def test_the_answer_to_a_window(press_, body):
    """contracts_mjproxy §8 step 2 + contracts_mjproxy C9: the task is the one that the action made; the hook goes on both (§13)."""
    request = DIALECT.write_modal(BASE, asks(press_, extras=HOOKS), "B", "a hat")

    assert ("POST", f"{BASE}/mj/submit/modal", body) == (request.method, request.url, body_of(request))
    assert ({"Content-Type": "application/json"}, False) == (request.headers, request.repeatable), "never sent twice"


@pytest.mark.parametrize(
    ("request_", "method", "path", "body", "timeout"),
    [
        pytest.param(DIALECT.write_look(BASE, ID, other_verb=False), "GET", f"task/{ID}/fetch", None, 30.0, id="look"),
        pytest.param(
            DIALECT.write_look(BASE, ID, other_verb=True), "GET", f"task/{ID}/fetch", None, 30.0, id="no other verb"
        ),
        pytest.param(
            DIALECT.write_look(BASE, "../../admin?", other_verb=False),
            "GET",
            "task/..%2F..%2Fadmin%3F/fetch",
            None,
            30.0,
            id="an id cannot leave its place",
        ),
        pytest.param(
            DIALECT.many.write(BASE, (ID, "0320098173412546")),
            "POST",
            "task/list-by-condition",
            {"ids": [ID, "0320098173412546"]},
            60.0,
            id="contracts_mjproxy §11 body: ids as text",
        ),
        pytest.param(
            DIALECT.write_submit(BASE, asks(GetSeed()), OFFERS), "GET", f"task/{ID}/image-seed", None, 60.0, id="seed"
        ),
        pytest.param(
            DIALECT.write_submit(BASE, asks(GetSeed()), None), "GET", "task//image-seed", None, 60.0, id="nobody's seed"
        ),
    ],
)
def test_what_is_free(request_, method, path, body, timeout):
    assert (method, f"{BASE}/mj/{path}", body) == (request_.method, request_.url, body_of(request_))
    assert ({} if body is None else {"Content-Type": "application/json"}) == request_.headers
    assert (True, timeout) == (request_.repeatable, request_.timeout)


@pytest.mark.parametrize("operation", [GetSeed(), SwapFace(source=P, target=P), Upload(images=())])
def test_what_a_server_may_not_have(operation):
    assert DIALECT.optional(operation)


@pytest.mark.parametrize("operation", [Imagine(prompt="x"), Press(action="reroll"), Blend(images=()), Pick(number=1)])
def test_what_the_seed_has(operation):
    assert not DIALECT.optional(operation)
    assert not DIALECT.two_verbs


@pytest.mark.parametrize(
    ("operation", "by_link"),
    [(Imagine(prompt="x"), True), (Describe(image=P), False), (Blend(images=()), False), (Upload(images=()), False)],
)
def test_which_pictures_may_stay_addresses(operation, by_link):
    assert by_link is DIALECT.by_link(operation)


@pytest.mark.parametrize(
    ("spec", "error"),
    [
        (press("zoom_2"), ActionUnavailable),
        (press("vary_region"), NeedsInput),
        (press("zoom_custom"), NeedsInput),
        (asks(Pick(number=3)), ActionUnavailable),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_paid(spec, error):
    with pytest.raises(error):
        DIALECT.write_submit(BASE, spec, OFFERS)
    with pytest.raises(error):
        DIALECT.resolve(spec, OFFERS)
