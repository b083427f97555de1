"""Every body of seed 001, and every curl sample: written or read as the page has it, or with the difference named."""

import json
import shlex

import pytest

from mjasync.core.answers import Taken
from mjasync.core.model import Action, Mode, Snapshot, Status
from mjasync.core.operations import Blend, Describe, Press, Shorten
from mjasync.core.pictures import data_uri
from tests.dialects.cases import (
    IMAGINE,
    JPEG,
    PNG,
    SAMPLES,
    answer,
    asks,
    body_of,
    imagine,
    loaded,
    parent,
    press,
)
from tests.dialects.mjproxy_cases import BASE, DIALECT, ID, H, sample

CUSTOM = "MJ::JOB::upsample::2::3dbbd469-36af-4a0f-8f02-df6c579e7011"
GRID = parent("14001934816969359", Action("upscale2", CUSTOM, "U2"))
UNREAL = "the sample's pictures are no pictures"


def submit(spec, before=None):
    return DIALECT.write_submit(BASE, spec, before)


def modal(**press):
    return DIALECT.write_modal(BASE, asks(Press(action="vary_region", **press)), "14001934816969359", "")


#: Sample → our request, the fields that differ, and why.
REQUESTS = {
    "imagine_curl": (submit(imagine("black cat")), {}, "the same"),
    "imagine": (submit(imagine("Cat")), {}, "the same"),
    "blend": (
        submit(asks(Blend(images=(loaded(PNG), loaded(JPEG))))),
        {"base64Array": [data_uri(PNG), data_uri(JPEG)]},
        UNREAL,
    ),
    "describe": (submit(asks(Describe(image=loaded()))), {"base64": data_uri(PNG)}, UNREAL),
    "shorten": (submit(asks(Shorten(prompt="Cat"))), {}, "the same"),
    "action": (submit(press("upscale2"), GRID), {}, "the same"),
    "action_step": (submit(press("upscale2"), GRID), {}, "the same"),
    "modal": (modal(mask=loaded()), {"maskBase64": data_uri(PNG)}, "the sample's mask is blank"),
}
#: Endpoint → the operation whose answer it is; `modal` answers for the press before it.
RESPONSES = {
    "imagine": IMAGINE,
    "blend": Blend(images=()),
    "describe": Describe(image=loaded()),
    "shorten": Shorten(prompt="Cat"),
    "action": Press(action="upscale2"),
    "modal": Press(action="vary_region"),
}
SEEDS_GRID = Snapshot(
    status=Status.DONE,
    progress=100,
    images=(sample("fetch_success")["imageUrl"],),
    preview=sample("fetch_success")["imageUrl"],
    actions=(
        *(Action(f"upscale{n}", f"MJ::JOB::upsample::{n}::{H}", f"U{n}") for n in (1, 2, 3, 4)),
        Action("reroll", f"MJ::JOB::reroll::0::{H}::SOLO", ""),
        *(Action(f"vary{n}", f"MJ::JOB::variation::{n}::{H}", f"V{n}") for n in (1, 2, 3, 4)),
    ),
    prompt="cat --v 6.1",
    mode=Mode.RELAX,
)
#: Task → what a look at it shows, and its id. In the page's empty one every value is blank.
TASKS = {
    "fetch_success": (SEEDS_GRID, ID),
    "fetch_empty": (Snapshot(status=Status.QUEUED), None),
}
IN_PATH = "https://relay.example" + DIALECT.prefix("/{mode}", "fast")
#: curl sample → our request with the samples' form of the mode, and the body's sample.
CURLS = {
    "imagine_curl": (DIALECT.write_submit(IN_PATH, imagine("black cat"), None), "imagine_curl_request"),
    "fetch_curl": (DIALECT.write_look(IN_PATH, ID, other_verb=False), None),
    "fetch_table_curl": (DIALECT.write_look(IN_PATH, ID, other_verb=False), None),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_we_write_the_seeds_request(name):
    request, changed, why = REQUESTS[name]

    assert sample(f"{name}_request") | changed == body_of(request), why


def test_a_modal_without_a_mask_leaves_the_field_out():
    assert {"prompt": "", "taskId": "14001934816969359"} == body_of(modal())


@pytest.mark.parametrize("name", RESPONSES)
def test_we_read_the_seeds_answer_with_every_digit(name):
    assert Taken(remote_id=ID) == DIALECT.read_submit(answer(200, sample(f"{name}_response")), RESPONSES[name])


@pytest.mark.parametrize("name", TASKS)
def test_we_read_the_seeds_task(name):
    expected, remote_id = TASKS[name]
    seen = DIALECT.read_look(answer(200, sample(name)), "imagine")

    assert (expected, remote_id, sample(name)) == (seen, seen.remote_id, seen.raw)


def test_the_seeds_link_says_when_it_expires():
    assert 0x67CEFB57 == DIALECT.read_look(answer(200, sample("fetch_success")), "imagine").images[0].expires_at


@pytest.mark.parametrize("name", CURLS)
def test_the_curl_sample_goes_where_our_request_goes(name):
    request, body = CURLS[name]
    words = shlex.split((SAMPLES / "mjproxy" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " "))
    options = dict(zip(words[1::2], words[2::2], strict=True))

    assert request.method == options["--request"].upper()
    assert request.url == options["--url"].replace("{{BASE_URL}}", "https://relay.example")
    assert options["--header"].startswith("Authorization: Bearer sk-"), "the key comes later"
    assert "Content-Type: application/json" == options["-H"]
    assert body is None or sample(body) == json.loads(options["--data"]) == body_of(request)
    assert body is None or {"Content-Type": "application/json"} == request.headers


def test_no_sample_is_unused_and_each_says_where_it_is_from():
    folder = SAMPLES / "mjproxy"
    files = {path.name for path in folder.iterdir()} - {"_seed_lines.json"}
    used = {
        *(f"{name}_request.json" for name in REQUESTS),
        *(f"{name}_response.json" for name in RESPONSES),
        *(f"{name}.json" for name in TASKS),
        *(f"{name}.txt" for name in CURLS),
    }
    lines = json.loads((folder / "_seed_lines.json").read_text(encoding="utf-8"))

    assert used == files == lines.keys() - {"_", "seed"}
