"""A job of TTAPI as a snapshot, field by field, and the envelope around it, against seed 000 and its contract."""

import pytest

from mjasync.core.model import Action, Mode, Snapshot, Status
from mjasync.dialects._reading import MOST_ACTIONS, structure
from mjasync.dialects._ttapi_answers import Job, id_of, lost, names_a_failed_job, said_by, snapshot, state_of
from mjasync.dialects._verdict import Said
from tests.dialects.cases import answer
from tests.dialects.ttapi_cases import ID


def looked(document, kind="imagine"):
    """What the dialect makes of an answer that is about a job."""
    response, data = answer(200), document.get("data")
    job = structure(data if isinstance(data, dict) else {}, Job)
    return snapshot(job, state_of(response, document, data), response, document, kind)


def row(ident, field, data, expected, **envelope):
    return pytest.param(field, {"status": "SUCCESS", "data": data, **envelope}, expected, id=ident)


FIELDS = [
    row("contracts_ttapi §6.1 status", "status", {}, Status.DONE),
    row("contracts_ttapi §6.1 jobId: above data", "remote_id", {}, ID, jobId=ID),
    row("contracts_ttapi §6.1 jobId: absent", "remote_id", {}, None),
    row("contracts_ttapi §6.1 data.jobId", "remote_id", {"jobId": ID}, ID),
    row("contracts_ttapi §6.1 message: says nothing on success", "failure", {}, None, message="success"),
    row("contracts_ttapi §6.1 data.progress: 100", "progress", {"progress": "7"}, 100),
    row("contracts_ttapi §6.1 data.prompt", "prompt", {"prompt": "a cat"}, "a cat"),
    row("contracts_ttapi §6.1 data.prompt: null", "prompt", {"prompt": None}, None),
    row("contracts_ttapi §6.1 data.discordImage: null", "images", {"discordImage": None, "cdnImage": "c"}, ("c",)),
    row("contracts_ttapi §6.1 data.discordImage: alone", "images", {"discordImage": "d"}, ("d",)),
    row("contracts_ttapi §6.1 data.cdnImage: first", "images", {"cdnImage": "c", "discordImage": "d"}, ("c", "d")),
    row("contracts_ttapi §6.1 data.cdnImage: null", "images", {"cdnImage": None, "images": None}, ()),
    row("contracts_ttapi §10 14: the same twice", "images", {"cdnImage": "c", "discordImage": "c"}, ("c",)),
    row("contracts_ttapi §6.1 data.width/height", "size", {"width": 1632, "height": "2912"}, (1632, 2912)),
    row("contracts_ttapi §6.1 data.width/height: absent", "size", {"width": 1632}, None),
    row("contracts_ttapi §6.1 data.width/height: impossible", "size", {"width": 0.5, "height": -1}, None),
    row("contracts_ttapi §6.1 data.components: null", "actions", {"components": None}, ()),
    row(
        "contracts_ttapi §6.1 data.components: with reroll",
        "actions",
        {"components": ["upsample1", "reroll"]},
        (Action("upscale1", "upsample1", "U1"), Action("reroll", "reroll")),
    ),
    row(
        "contracts_ttapi §4 rule 3",
        "actions",
        {"components": [{"customId": "upsample1"}, {"x": 1}, "Custom Zoom", {"name": "new"}, None]},
        (Action("upscale1", "upsample1", "U1"), Action("zoom_custom", "Custom Zoom"), Action("new", "new")),
    ),
    row(
        "contracts_ttapi §4 Custom Zoom",
        "actions",
        {"components": ["Custom Zoom"]},
        (Action("zoom_custom", "Custom Zoom"),),
    ),
    row("contracts_ttapi §6.1 data.seed: a number", "seed", {"seed": 4294967295}, "4294967295"),
    row("contracts_ttapi §10 6: seed ''", "seed", {"seed": ""}, None),
    row("contracts_ttapi §10 6: seed null", "seed", {"seed": None}, None),
    row("contracts_ttapi §6.1 data.images", "tiles", {"images": ["1", None, "2", "", "3", "4", "5"]}, tuple("1234")),
    row("contracts_ttapi §6.1 data.images: null", "tiles", {"images": None}, ()),
    row("contracts_ttapi §6.1 four-up order", "tiles", {"images": ["tl", "tr", "bl", "br"]}, ("tl", "tr", "bl", "br")),
    row("contracts_ttapi §6.1 getUImages: none without the flag", "tiles", {"cdnImage": "c"}, ()),
    row("contracts_ttapi §6.1 data.quota: a number", "quota", {"quota": 3}, 3.0),
    row("contracts_ttapi §10 5: text", "quota", {"quota": "2"}, 2.0),
    row("contracts_ttapi §6.1 data.quota: absent", "quota", {}, None),
    row("contracts_ttapi §6.1 edit API extras: mode", "mode", {"mode": "relax"}, Mode.RELAX),
    row("contracts_ttapi §6.1 edit API extras: an unknown mode", "mode", {"mode": "warp"}, None),
    row(
        "contracts_ttapi §6.1 edit API extras: cdnImages",
        "images",
        {"cdnImages": ["c1"], "discordImage": "d"},
        ("c1", "d"),
    ),
    row("contracts_ttapi §6.1 best picture: images[0] last", "images", {"images": ["1", "2"]}, ("1",)),
    row("contracts_ttapi §6.1 data.hookUrl", "raw", {"hookUrl": "h"}, {"status": "SUCCESS", "data": {"hookUrl": "h"}}),
    row("contracts_ttapi §6.1 raw", "raw", {"new": [1]}, {"status": "SUCCESS", "data": {"new": [1]}}),
    row(
        "a bound on what is kept",
        "actions",
        {"components": ["reroll"] * 500},
        (Action("reroll", "reroll"),) * MOST_ACTIONS,
    ),
]


@pytest.mark.parametrize(("field", "document", "expected"), FIELDS)
def test_a_field(field, document, expected):
    assert expected == getattr(looked(document), field)


@pytest.mark.parametrize(
    ("data", "progress"),
    [
        pytest.param({"progress": "31"}, 31, id="contracts_ttapi §6.1 data.progress: text"),
        pytest.param({"progress": "31%"}, 31, id="contracts_ttapi §6.1 data.progress: with a percent sign"),
        pytest.param({"progress": 31}, 31, id="contracts_ttapi §6.1 data.progress: a number"),
        pytest.param({"progress": None, "progess": "7"}, 7, id="contracts_ttapi §6.1 data.progress: misspelt"),
        pytest.param({"progress": 0, "progess": "7"}, 0, id="contracts_ttapi §6.1 data.progress: zero is news"),
        pytest.param({}, None, id="contracts_ttapi §6.3 a subset + contracts_ttapi §2 data object"),
        pytest.param([], None, id="contracts_ttapi §6.3 data []"),
        pytest.param("text", None, id="contracts_ttapi §2 data text: in a look"),
        pytest.param(None, None, id="contracts_ttapi §2 data null: in a look"),
    ],
)
def test_progress_while_it_runs(data, progress):
    seen = looked({"status": "ON_QUEUE", "message": "", "data": data})

    assert Snapshot(status=Status.RUNNING, progress=progress) == seen


def test_pictures_before_the_end_are_a_preview():
    seen = looked({"status": "ON_QUEUE", "data": {"cdnImage": "https://c/p.webp", "images": ["x"], "seed": "1"}})

    assert ((), (), "https://c/p.webp") == (seen.images, seen.tiles, seen.preview)


DESCRIBED = "1️⃣ a cat\n\n2️⃣ a dog"


@pytest.mark.parametrize(
    ("kind", "data", "texts"),
    [
        pytest.param("describe", {"prompt": DESCRIBED}, ("a cat", "a dog"), id="contracts_ttapi U4 the prompt, split"),
        pytest.param("describe", {"prompts": ["a", "b"], "prompt": "x"}, ("a", "b"), id="contracts_ttapi U4 prompts"),
        pytest.param("describe", {"descriptions": ["a"], "prompts": []}, ("a",), id="contracts_ttapi U4 descriptions"),
        pytest.param("describe", {"prompt": ["a", "b"]}, ("a", "b"), id="prompt is a list"),
        pytest.param("describe", {"prompts": "1. a\n2. b"}, ("a", "b"), id="prompts is a block"),
        pytest.param("describe", [], (), id="data is a list"),
        pytest.param("describe", {"prompts": ["a"] * 99}, ("a",) * 8, id="a bound on what is kept"),
        pytest.param("", {"action": "describe", "prompt": "x"}, ("x",), id="contracts_ttapi §10 4: action"),
        pytest.param("", {"actions": "describe", "prompt": "x"}, ("x",), id="contracts_ttapi §6.1 data.actions"),
        pytest.param(
            "", {"action": ["describe"], "prompt": "x"}, ("x",), id="contracts_ttapi §6.1 data.actions: a list"
        ),
        pytest.param("imagine", {"action": "imagine", "prompt": DESCRIBED}, (), id="not for a picture"),
    ],
)
def test_the_texts_of_a_describe(kind, data, texts):
    assert texts == looked({"status": "SUCCESS", "data": data}, kind).texts
    assert () == looked({"status": "ON_QUEUE", "data": data}, kind).texts, "not before the end"


def test_a_failed_job_as_the_faq_has_it():
    """contracts_ttapi §6.2 FAILED: no quota, no size, everything that a picture has is null."""
    null = dict.fromkeys(("progress", "discordImage", "cdnImage", "components", "seed", "images"))
    data = {"action": "imagine", "jobId": ID, "prompt": "a cat", "hookUrl": "h", **null}
    seen = looked({"status": "FAILED", "jobId": ID, "message": "[Banned prompt detected] x", "data": data})

    assert ("PromptRejected", "unknown", "[Banned prompt detected] x") == (
        seen.failure.kind,
        seen.failure.charged,
        seen.failure.reason,
    )
    assert Snapshot(status=Status.FAILED, prompt="a cat", failure=seen.failure) == seen


@pytest.mark.parametrize(("quota", "charged"), [(None, "unknown"), (0, "no"), ("0", "no"), (-1, "no"), (3, "yes")])
def test_where_a_failed_job_says_what_it_took_that_is_believed(quota, charged):
    assert charged == looked({"status": "FAILED", "message": "x", "data": {"quota": quota}}).failure.charged


@pytest.mark.parametrize(
    ("document", "code", "words", "shaped"),
    [
        pytest.param({"status": " FAILED ", "message": "no"}, "FAILED", "no", True, id="contracts_ttapi §2 status"),
        pytest.param({"message": "no"}, "", "no", True, id="contracts_ttapi §2 message"),
        pytest.param({"status": 2}, "2", "", True, id="a number"),
        pytest.param({"error": {"message": "no"}}, "", "no", True, id="contracts_ttapi §8.1 error: an object"),
        pytest.param({"error": "no"}, "", "no", True, id="contracts_ttapi §8.1 error: text"),
        pytest.param({"detail": "no"}, "", "no", True, id="FastAPI"),
        pytest.param([], "", "", False, id="a list"),
    ],
)
def test_what_an_envelope_says(document, code, words, shaped):
    said = said_by(answer(400, b"", **{"x-request-id": "req-1"}), document)

    assert (400, code, words, shaped, "req-1") == (said.status, said.code, said.words, said.shaped, said.request_id)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"status": "A", "data": {"status": "B"}}, "A"),
        ({"data": {"status": " B "}}, "B"),
        ({"data": {"status": 255}}, ""),
        ({"status": None, "data": {"status": "B"}}, "B"),
        ({"status": "", "data": {"status": "B"}}, ""),
        ({"data": "text"}, ""),
    ],
)
def test_the_state_inside_data_counts_where_there_is_no_other(document, code):
    assert code == state_of(answer(200), document, document["data"]).code


@pytest.mark.parametrize(
    ("status", "data", "named"),
    [
        ("FAILED", {"jobId": "a1", "prompt": "a cat"}, True),
        ("FAILED", {"job_id": "a1", "action": "upsample1"}, True),
        ("SUCCESS", {"jobId": "a1", "prompt": "a cat"}, False),
        ("FAILED", {"jobId": "a1"}, False),
        ("FAILED", {"prompt": "a cat"}, False),
        ("FAILED", [], False),
    ],
)
def test_a_failed_job_is_told_with_its_id_and_its_prompt_or_action(status, data, named):
    document = {"status": status, "data": data}
    seen = snapshot(Job(), said_by(answer(500), document), answer(500), document, "imagine")

    assert named is names_a_failed_job(seen, data)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"data": {"jobId": "a1", "job_id": "b2"}, "jobId": "c3", "job_id": "d4"}, "a1"),
        ({"data": {"job_id": "b2"}, "jobId": "c3"}, "b2"),
        ({"data": {}, "jobId": "c3", "job_id": "d4"}, "c3"),
        ({"data": [], "job_id": "d4"}, "d4"),
        ({"data": "afa774a3-1aee"}, "afa774a3-1aee"),
        ({"data": "successful"}, ""),
        ({"data": "try-again-later"}, ""),
        ({"data": "e5"}, ""),
        ({"data": 1234567890}, ""),
        ({"data": {"jobId": 1.5}, "jobId": "c3"}, "c3"),
        ({"data": "Prompt verification successful."}, ""),
        ([], ""),
    ],
)
def test_the_first_id_that_can_be_one(document, expected):
    assert expected == id_of(document)


@pytest.mark.parametrize(
    ("words", "why", "reason"),
    [
        ("no such job", "it said: no such job", "no such job"),
        ("no\x1b[31m such\njob", "it said: no [31m such job", "no [31m such job"),
        ("", "it answered HTTP 404", ""),
    ],
)
def test_a_job_that_it_does_not_know(words, why, reason):
    failure = lost(Said(status=404, words=words))

    assert ("JobLost", "unknown", why, reason) == (failure.kind, failure.charged, failure.why, failure.reason)
