"""TTAPI's endpoints: every row of seed 000, and what goes into each."""

import pytest
from attrs import evolve

from mjasync.core.model import Action, Extras, Mode
from mjasync.core.operations import (
    Blend,
    Describe,
    Dimensions,
    GetSeed,
    Imagine,
    Pick,
    Press,
    Shorten,
    SwapFace,
    Upload,
)
from mjasync.core.pictures import base64_of, data_uri
from mjasync.dialects._ttapi_requests import ENDPOINTS, body_of, endpoint_of, option_lack
from tests.dialects.cases import JPEG, LINK, PNG, asks, imagine, loaded, parent
from tests.dialects.ttapi_cases import ID

PICTURE = loaded()
PARENT = parent(ID, prompt="a black cat", texts=("a cat", "a dog"))


def test_the_seeds_eight_endpoints_and_two_more():
    free = {"fetch", "promptCheck", "info", "fetch-list"}

    assert {"imagine", "action", "seed", "blend", "describe", "inpaint"} == ENDPOINTS.keys() - free
    assert free == {row.name for row in ENDPOINTS.values() if not row.paid}
    assert {"info", "fetch-list"} == {row.name for row in ENDPOINTS.values() if row.optional}
    assert {("POST", f"/midjourney/v1/{name}") for name in ENDPOINTS} == {
        (row.method, row.path) for row in ENDPOINTS.values()
    }
    assert all(row.verbs and row.source for row in ENDPOINTS.values())


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        (Imagine(prompt="x"), "imagine"),
        (Pick(number=1), "imagine"),
        (Blend(images=()), "blend"),
        (Describe(image=LINK), "describe"),
        (GetSeed(), "seed"),
        (Press(action="upscale1"), "action"),
        (Press(action="vary_region", mask=PICTURE), "inpaint"),
        (Shorten(prompt="x"), None),
        (SwapFace(source=LINK, target=LINK), None),
        (Upload(images=()), None),
    ],
)
def test_where_a_request_goes(operation, name):
    endpoint = endpoint_of(asks(operation))

    assert name == (endpoint and endpoint.name)


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        pytest.param(Imagine(prompt="x"), {"prompt": "x", "mode": "relax"}, id="imagine"),
        pytest.param(
            Imagine(prompt="x", images=(LINK, LINK)),
            {"prompt": f"{LINK.url} {LINK.url} x", "mode": "relax"},
            id="contracts_ttapi §3 imagine: pictures by their addresses in front",
        ),
        pytest.param(Pick(number=2), {"prompt": "a dog", "mode": "relax"}, id="imagine, a picked text"),
        pytest.param(
            Blend(images=(PICTURE, loaded(JPEG)), dimensions=Dimensions.PORTRAIT),
            {"imgBase64Array": [data_uri(PNG), data_uri(JPEG)], "dimensions": "PORTRAIT", "mode": "relax"},
            id="contracts_ttapi §10 13: blend with prefix",
        ),
        pytest.param(
            Describe(image=PICTURE),
            {"base64": data_uri(PNG), "mode": "relax"},
            id="contracts_ttapi §10 13: describe with prefix",
        ),
        pytest.param(Describe(image=LINK), {"url": LINK.url, "mode": "relax"}, id="contracts_ttapi §3 describe: url"),
        pytest.param(
            Press(action="vary_region", mask=PICTURE, prompt="a hat"),
            {"jobId": ID, "mask": base64_of(PNG), "prompt": "a hat"},
            id="contracts_ttapi §10 13: mask without prefix",
        ),
        pytest.param(
            Press(action="vary_region", mask=PICTURE),
            {"jobId": ID, "mask": base64_of(PNG), "prompt": "a black cat"},
            id="contracts_ttapi §3 inpaint: without a prompt the parent's",
        ),
        pytest.param(Press(action="upscale1"), {"jobId": ID, "action": "upsample1"}, id="action"),
        pytest.param(GetSeed(), {"jobId": ID}, id="seed"),
    ],
)
def test_what_goes_in(operation, body):
    assert body == body_of(asks(operation, mode=Mode.RELAX), PARENT, Action("upscale1", "upsample1"))


@pytest.mark.parametrize(
    ("operation", "before", "body"),
    [
        (Press(action="upscale1"), None, {"jobId": "", "action": ""}),
        (Press(action="vary_region", mask=PICTURE), None, {"jobId": "", "mask": base64_of(PNG), "prompt": ""}),
        (
            Press(action="vary_region", mask=PICTURE),
            evolve(PARENT, snapshot=None),
            {"jobId": ID, "mask": base64_of(PNG), "prompt": ""},
        ),
        (Pick(number=1), None, {"jobId": ""}),
        (Shorten(prompt="x"), None, {"jobId": ""}),
    ],
)
def test_what_is_not_known_stays_blank_and_nothing_raises(operation, before, body):
    assert body == body_of(asks(operation), before, None)


@pytest.mark.fault("U04")
@pytest.mark.parametrize(
    ("mode", "timeout", "why"),
    [
        *[(mode, timeout, None) for mode in (Mode.FAST, Mode.TURBO) for timeout in (None, 300, 1200)],
        *[(Mode.RELAX, timeout, None) for timeout in (None, 600, 1200)],
        (Mode.FAST, 299, "TTAPI takes timeout= from 300 to 1200 seconds in fast mode, not 299"),
        (Mode.FAST, 1201, "TTAPI takes timeout= from 300 to 1200 seconds in fast mode, not 1201"),
        (Mode.RELAX, 599, "TTAPI takes timeout= from 600 to 1200 seconds in relax mode, not 599"),
        (Mode.TURBO, 0, "TTAPI takes timeout= from 300 to 1200 seconds in turbo mode, not 0"),
    ],
)
def test_the_range_of_timeout(mode, timeout, why):
    """contracts_ttapi §10 9."""
    spec = imagine(mode=mode, extras=Extras(timeout=timeout))

    assert why == option_lack(spec, ENDPOINTS["imagine"])


@pytest.mark.parametrize("name", ENDPOINTS)
def test_an_option_without_a_field_is_named(name):
    assert f"TTAPI's {name} has no state=" == option_lack(imagine(extras=Extras(state="s")), ENDPOINTS[name])
