"""midjourney-proxy's endpoints: every row of seed 001, the optional ones, and what goes into each."""

import pytest

from mjasync.core.model import Action
from mjasync.core.operations import Blend, Describe, GetSeed, Imagine, Pick, Press, Shorten, SwapFace, Upload
from mjasync.core.pictures import data_uri
from mjasync.dialects._mjproxy_requests import ENDPOINTS, body_of, endpoint_of, modal_of
from tests.dialects.cases import JPEG, LINK, PNG, asks, loaded, parent

PICTURE, OTHER = loaded(), loaded(JPEG)
PARENT = parent("14001934816969359", texts=("a cat", "a dog"))
PRESSED = {"customId": "T", "taskId": "14001934816969359"}


def test_the_seeds_seven_endpoints_and_four_more():
    seeds = {"imagine", "blend", "describe", "shorten", "action", "modal", "fetch"}
    more = {"list-by-condition", "image-seed", "swap", "upload-discord-images"}

    assert seeds | more == ENDPOINTS.keys()
    assert more == {row.name for row in ENDPOINTS.values() if row.optional}
    assert {"fetch", "list-by-condition", "image-seed"} == {row.name for row in ENDPOINTS.values() if not row.paid}
    assert all(row.path.startswith("/mj/") and row.verbs and row.source for row in ENDPOINTS.values())


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        (Imagine(prompt="x"), "imagine"),
        (Pick(number=1), "imagine"),
        (Blend(images=()), "blend"),
        (Describe(image=LINK), "describe"),
        (Shorten(prompt="x"), "shorten"),
        (GetSeed(), "image-seed"),
        (SwapFace(source=LINK, target=LINK), "swap"),
        (Upload(images=()), "upload-discord-images"),
        (Press(action="upscale1"), "action"),
    ],
)
def test_where_a_request_goes(operation, name):
    assert ENDPOINTS[name] is endpoint_of(asks(operation))


@pytest.mark.parametrize(
    ("operation", "action", "body"),
    [
        pytest.param(
            Imagine(prompt="x", images=(LINK, PICTURE, OTHER)),
            None,
            {"base64Array": [data_uri(PNG), data_uri(JPEG)], "prompt": f"{LINK.url} x"},
            id="imagine: addresses in front, the rest inline",
        ),
        pytest.param(Pick(number=2), None, {"base64Array": [], "prompt": "a dog"}, id="a picked text"),
        pytest.param(
            Blend(images=(PICTURE, OTHER)),
            None,
            {"base64Array": [data_uri(PNG), data_uri(JPEG)], "dimensions": "SQUARE"},
            id="blend",
        ),
        pytest.param(Describe(image=PICTURE), None, {"base64": data_uri(PNG)}, id="describe"),
        pytest.param(Shorten(prompt="x"), None, {"prompt": "x"}, id="shorten"),
        pytest.param(
            SwapFace(source=PICTURE, target=OTHER),
            None,
            {"sourceBase64": data_uri(PNG), "targetBase64": data_uri(JPEG)},
            id="swap",
        ),
        pytest.param(Upload(images=(PICTURE,)), None, {"base64Array": [data_uri(PNG)]}, id="upload"),
        pytest.param(Press(action="upscale1"), Action("upscale1", "T"), PRESSED, id="action"),
        pytest.param(
            Press(action="vary1", prompt="a dog"),
            Action("vary1", "T"),
            {**PRESSED, "enableRemix": True},
            id="contracts_mjproxy §8 reroll, variation, pan: remix",
        ),
        *[
            pytest.param(
                Press(action=name, prompt="p"),
                Action(name, "T"),
                PRESSED,
                id=f"contracts_mjproxy §8 CustomZoom, Inpaint: {name} opens its own window",
            )
            for name in ("vary_region", "zoom_custom")
        ],
    ],
)
def test_what_goes_in(operation, action, body):
    assert body == body_of(asks(operation), PARENT, action)


@pytest.mark.parametrize("operation", [Press(action="upscale1"), Pick(number=1), GetSeed()])
def test_what_is_not_known_stays_out_and_nothing_raises(operation):
    assert {} == body_of(asks(operation), None, None)


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        (Press(action="vary_region", mask=PICTURE), {"maskBase64": data_uri(PNG), "prompt": "p", "taskId": "B"}),
        (Press(action="zoom_custom", factor=1.8), {"prompt": "p", "taskId": "B"}),
        (Pick(number=1), {"prompt": "p", "taskId": "B"}),
    ],
)
def test_the_answer_to_a_window_is_for_the_task_that_the_press_made(operation, body):
    assert body == modal_of(asks(operation), "B", "p")
