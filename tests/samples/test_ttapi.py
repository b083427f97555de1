"""Every body of seed 000, and every python sample: written or read as the page has it, or with the difference named."""

import ast
import base64
import json
import re

import pytest

from mjasync.core.answers import Taken
from mjasync.core.model import Action, Extras, Snapshot, Status
from mjasync.core.operations import Blend, Describe, GetSeed, Press
from mjasync.core.pictures import data_uri
from mjasync.core.reports import PromptCheck
from tests.dialects.cases import IMAGINE, PNG, SAMPLES, answer, asks, body_of, imagine, loaded, parent, press
from tests.dialects.ttapi_cases import BASE, DIALECT, ID, sample

HOOK = Extras(hook_url="")
URI = data_uri(PNG)
GRID = parent(ID, Action("upscale1", "upsample1", "U1"), images=("https://c/1.png",))
SINGLE = parent(ID, Action("vary_region", "vary_region"))
MASK = loaded(base64.b64decode("UklGRrw0AABXRUJQVlA4WAoAAAAgAAAA"))
REGION = Press(action="vary_region", prompt="white background", mask=MASK)
MODE = "the page's table and D26 say mode, its sample model"
BLANK = "the sample's pictures are blank"


def submit(spec, before=None):
    return DIALECT.write_submit(BASE, spec, before)


#: Endpoint → our request, fields of the sample that we do not send, fields that differ, and why.
REQUESTS = {
    "imagine": (submit(imagine(extras=Extras(hook_url="", timeout=300))), {"model"}, {"mode": "fast"}, MODE),
    "action": (submit(press(extras=HOOK), GRID), (), {}, "the same"),
    "seed": (submit(asks(GetSeed(), extras=HOOK), GRID), (), {}, "the same"),
    "blend": (
        submit(asks(Blend(images=(loaded(), loaded())), extras=HOOK)),
        {"model"},
        {"mode": "fast", "imgBase64Array": [URI, URI]},
        f"{MODE}; {BLANK}",
    ),
    "describe": (
        submit(asks(Describe(image=loaded()), extras=HOOK)),
        {"model"},
        {"mode": "fast", "base64": URI},
        f"{MODE}; {BLANK}",
    ),
    "inpaint": (
        submit(asks(REGION, extras=HOOK), SINGLE),
        (),
        {"mask": "UklGRrw0AABXRUJQVlA4WAoAAAAgAAAA"},
        "the sample's mask is cut with an ellipsis",
    ),
    "fetch": (DIALECT.write_look(BASE, ID, other_verb=False), (), {}, "the same"),
    "promptCheck": (DIALECT.calls.write_check(BASE, "a sexy girl")[0], (), {}, "the same"),
}
TAKEN = Taken(remote_id=ID)
#: Endpoint → what reads its answer, and what comes out.
RESPONSES = {
    "imagine": (lambda said: DIALECT.read_submit(said, IMAGINE), TAKEN),
    "action": (lambda said: DIALECT.read_submit(said, press().operation), TAKEN),
    "seed": (lambda said: DIALECT.read_submit(said, GetSeed()), TAKEN),
    "blend": (lambda said: DIALECT.read_submit(said, Blend(images=())), TAKEN),
    "describe": (lambda said: DIALECT.read_submit(said, Describe(image=MASK)), TAKEN),
    "inpaint": (lambda said: DIALECT.read_submit(said, REGION), TAKEN),
    "promptCheck": (DIALECT.calls.read_check, PromptCheck(ok=True)),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_we_write_the_seeds_request(name):
    request, unsent, changed, why = REQUESTS[name]
    body = sample(f"{name}_request")

    assert {field: body[field] for field in body if field not in unsent} | changed == body_of(request), why


@pytest.mark.parametrize("name", RESPONSES)
def test_we_read_the_seeds_answer(name):
    read, expected = RESPONSES[name]

    assert expected == read(answer(200, sample(f"{name}_response")))


@pytest.mark.parametrize("name", REQUESTS)
def test_the_python_sample_goes_where_our_request_goes(name):
    script = (SAMPLES / "ttapi" / f"{name}_sample.txt").read_text(encoding="utf-8")
    data = re.search(r"^data = (\{.*?^\})", script, re.MULTILINE | re.DOTALL)[1]
    request = REQUESTS[name][0]

    assert [request.url] == re.findall(r'^endpoint = "(.*)"$', script, re.MULTILINE)
    assert f"requests.{request.method.lower()}(endpoint, headers=headers, json=data)" in script
    assert {"Content-Type": "application/json"} == request.headers, "what requests' json= sends; the key comes later"
    assert ["TT-API-KEY"] == re.findall(r'^ *"(.*)": your_key$', script, re.MULTILINE)
    if name == "inpaint":
        with pytest.raises(SyntaxError):
            ast.literal_eval(data)
        data = data.replace('AAA..."', 'AAA...",')
    assert sample(f"{name}_request") == ast.literal_eval(data), "the sample's missing comma is put in"


def test_we_read_the_seeds_callback():
    body = sample("callback")
    data = body["data"]
    seen = DIALECT.read_look(answer(200, body), "imagine")

    assert (
        Snapshot(
            status=Status.DONE,
            progress=100,
            images=(data["cdnImage"], data["discordImage"]),
            tiles=tuple(data["images"]),
            preview=data["cdnImage"],
            actions=tuple(
                Action(f"{ours}{n}", f"{theirs}{n}", f"{label}{n}")
                for ours, theirs, label in (("upscale", "upsample", "U"), ("vary", "variation", "V"))
                for n in (1, 2, 3, 4)
            ),
            prompt=data["prompt"],
            quota=3.0,
            size=(1632, 2912),
        )
        == seen
    )
    assert (body, body["jobId"]) == (seen.raw, seen.remote_id)


def test_no_sample_is_unused_and_each_says_where_it_is_from():
    folder = SAMPLES / "ttapi"
    files = {path.name for path in folder.iterdir()} - {"_seed_lines.json"}
    used = {
        "callback.json",
        *(f"{name}_request.json" for name in REQUESTS),
        *(f"{name}_sample.txt" for name in REQUESTS),
        *(f"{name}_response.json" for name in RESPONSES),
    }
    lines = json.loads((folder / "_seed_lines.json").read_text(encoding="utf-8"))

    assert used == files == lines.keys() - {"_", "seed", "repaired"}
