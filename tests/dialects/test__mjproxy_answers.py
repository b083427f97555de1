"""A task of midjourney-proxy as a snapshot, field by field, and the shapes of its "no", against seed 001 and contract."""

import pytest

from mjasync.core.answers import Missing
from mjasync.core.model import Mode, Snapshot, Status
from mjasync.dialects import _mjproxy_answers as answers
from mjasync.dialects._reading import MOST_ACTIONS
from mjasync.dialects._verdict import Said
from tests.dialects.cases import answer
from tests.dialects.mjproxy_cases import DIALECT, ID, coded, relayed


def looked(task, kind="imagine"):
    return DIALECT.read_look(answer(200, {"status": "SUCCESS", **task}), kind)


def row(ident, field, task, expected):
    return pytest.param(field, task, expected, id=ident)


def content(words):
    return {"properties": {"messageContent": words}}


FIELDS = [
    row("contracts_mjproxy §10.1 id", "remote_id", {"id": ID}, ID),
    row("contracts_mjproxy §10.1 id: absent", "remote_id", {}, None),
    row("contracts_mjproxy §10.1 imageUrl", "images", {"imageUrl": "u"}, ("u",)),
    row("contracts_mjproxy §10.1 imageUrl: null", "images", {"imageUrl": None}, ()),
    row(
        "contracts_mjproxy §10.1 imageUrls",
        "tiles",
        {"imageUrls": [{"url": f"u{n}"} for n in range(4)]},
        ("u0", "u1", "u2", "u3"),
    ),
    row("contracts_mjproxy §10.1 imageUrls: not four", "tiles", {"imageUrls": [{"url": "u0"}]}, ()),
    row("contracts_mjproxy §10.1 imageUrls: other shapes", "tiles", {"imageUrls": ["x", {"url": None}]}, ()),
    row(
        "contracts_mjproxy §10.1 imageUrls: alone", "images", {"imageUrls": [{"url": "u0", "thumbnail": "t"}]}, ("u0",)
    ),
    row("contracts_mjproxy §10.1 imageUrls: the four are tiles", "images", {"imageUrls": ["a", "b", "c", "d"]}, ()),
    row("contracts_mjproxy §10.1 imageUrls: beside the one", "images", {"imageUrl": "u", "imageUrls": ["x"]}, ("u",)),
    row("contracts_mjproxy §10.1 videoUrl", "images", {"imageUrl": "", "videoUrl": "v"}, ("v",)),
    row("contracts_mjproxy §10.1 videoUrls", "images", {"videoUrls": [{"url": "v"}, {"url": "w"}]}, ("v", "w")),
    row("contracts_mjproxy §10.1 mode", "mode", {"mode": "RELAX"}, Mode.RELAX),
    row(
        "contracts_mjproxy §10.1 mode: the message knows better",
        "mode",
        {"mode": "RELAX"} | content("**a** (fast)"),
        Mode.FAST,
    ),
    row("contracts_mjproxy §10.1 mode: another word", "mode", {"mode": "best"}, None),
    row("contracts_mjproxy §10.1 buttons", "actions", {"buttons": []}, ()),
    row("contracts_mjproxy C17: null", "actions", {"buttons": None}, ()),
    row("contracts_mjproxy C17: []", "actions", {"buttons": []}, ()),
    row("contracts_mjproxy C17: absent", "actions", {}, ()),
    row("contracts_mjproxy §9.1 null values", "actions", {"buttons": [{"customId": None, "label": "x"}, "x", {}]}, ()),
    row("contracts_mjproxy §10.1 prompt", "prompt", {"prompt": "p", "promptEn": "en"}, "p"),
    row("contracts_mjproxy §10.1 promptEn", "prompt", {"prompt": "", "promptEn": "en"}, "en"),
    row("contracts_mjproxy §10.1 properties", "prompt", {"properties": {"finalPrompt": "f"}}, "f"),
    row("contracts_mjproxy §10.1 properties: null", "prompt", {"properties": None}, None),
    row("contracts_mjproxy §10.1 seed", "seed", {"seed": 12345}, "12345"),
    row("contracts_mjproxy §10.1 width, height", "size", {"width": 2048, "height": "1024"}, (2048, 1024)),
    row("contracts_mjproxy §10.1 width, height: impossible", "size", {"width": -5, "height": 0.2}, None),
    row("contracts_mjproxy §10.1 status", "status", {}, Status.DONE),
    row("contracts_mjproxy §10.1 progress", "progress", {"progress": "7%"}, 100),
    row("contracts_mjproxy §10.1 failReason: null", "failure", {"failReason": None}, None),
    row("the last bracket", "mode", content("**a (turbo) b** - <@1> (fast, stealth)"), Mode.FAST),
    row("turbo", "mode", content("**a** (turbo)"), Mode.TURBO),
    row("another case", "mode", content("**a** (Relaxed)"), Mode.RELAX),
    row("the prompt's own bracket", "mode", content("**a (fast) b** - <@1> (31%)"), None),
    row("no text", "mode", content(5), None),
]


@pytest.mark.parametrize(("field", "task", "expected"), FIELDS)
def test_a_field(field, task, expected):
    assert expected == getattr(looked(task), field)


#: A time may be null, 0, or milliseconds.
UNUSED = ("submitTime", "startTime", "finishTime", "state", "customId", "botType", "maskBase64")
UNUSED += ("description", "videoUrl", "videoUrls", "thumbnailUrl", "mode", "displays", "parentId")


@pytest.mark.fault("P12")
def test_buttons_are_read_to_a_bound():
    assert MOST_ACTIONS == len(looked({"buttons": [{"customId": "x"}] * 500}).actions)


@pytest.mark.parametrize("name", [pytest.param(name, id=f"contracts_mjproxy §10.1 {name}") for name in UNUSED])
@pytest.mark.parametrize("value", [None, 0, "", 1741531578038])
def test_what_we_do_not_use_is_kept_raw_and_harms_nothing(name, value):
    """contracts_mjproxy C18 + contracts_mjproxy C16."""
    seen = looked({name: value})

    assert (Snapshot(status=Status.DONE, progress=100), value) == (seen, seen.raw[name])


FOUR = "1️⃣ a cat\n\n2️⃣ a dog"
SHORT = "## Important tokens\n**cat**\n\n## Shortened prompts\n1️⃣ cat\n2️⃣ dog"
TWO = ("a cat", "a dog")


@pytest.mark.parametrize(
    ("kind", "task", "texts"),
    [
        pytest.param(
            "describe",
            {"prompt": FOUR, "promptEn": FOUR, "properties": {"finalPrompt": FOUR}},
            TWO,
            id="contracts_mjproxy §10.6 J: Describe",
        ),
        pytest.param(
            "describe",
            {"prompt": "", "properties": {"finalPrompt": FOUR, "finalZhPrompt": "1️⃣ 猫"}},
            TWO,
            id="contracts_mjproxy §10.6 P: Describe",
        ),
        pytest.param(
            "describe", {"promptEn": "a cat\r\na dog"}, TWO, id="contracts_mjproxy §10.6 T: Describe: promptEn, CRLF"
        ),
        pytest.param(
            "describe",
            {"prompt": "", "promptEn": FOUR, "properties": {"finalPrompt": ""}},
            TWO,
            id="contracts_mjproxy §10.6 N: Describe",
        ),
        pytest.param("describe", {"prompt": FOUR}, TWO, id="the prompt is the last place"),
        pytest.param("", {"action": "DESCRIBE", "promptEn": FOUR}, TWO, id="contracts_mjproxy §10.1 action: tells"),
        pytest.param(
            "shorten",
            {"prompt": "a black cat", "properties": {"finalPrompt": SHORT}},
            ("cat", "dog"),
            id="contracts_mjproxy §10.6 P: Shorten",
        ),
        pytest.param(
            "shorten",
            {"prompt": "a black cat", "description": SHORT},
            ("cat", "dog"),
            id="contracts_mjproxy §10.6 T: Shorten: description",
        ),
        pytest.param(
            "shorten",
            {"prompt": "", "properties": {"finalPrompt": SHORT}},
            ("cat", "dog"),
            id="contracts_mjproxy §10.6 N: Shorten",
        ),
        pytest.param(
            "shorten", {"prompt": "a cat", "description": "/shorten a cat"}, (), id="the question is no answer"
        ),
        pytest.param("", {"action": "SHORTEN", "prompt": "a cat"}, (), id="the question again"),
        pytest.param("describe", {}, (), id="nothing"),
        pytest.param("imagine", {"prompt": FOUR}, (), id="not for a picture"),
    ],
)
def test_the_texts_of_describe_and_shorten(kind, task, texts):
    assert texts == looked(task, kind).texts


@pytest.mark.parametrize(
    ("document", "is_task"),
    [
        ({"status": ""}, True),
        ({"progress": "3%"}, True),
        ({"progress": "3%", "code": 4}, False),
        ({"status": "SUCCESS", "error": {"message": "x"}}, False),
        ({"status": "SUCCESS", "error": ""}, True),
        ({"code": 4, "description": "x"}, False),
        ([], False),
        (None, False),
    ],
)
def test_what_is_a_task(document, is_task):
    assert is_task is answers.is_task(document)


SPRING = {"timestamp": 1, "status": 400, "error": "Bad Request", "path": "/mj/submit/blend"}


@pytest.mark.parametrize(
    ("body", "code", "words", "shaped", "is_relays"),
    [
        pytest.param(relayed("no"), "", "no (request id: 1)", True, True, id="contracts_mjproxy §7.1 OpenAI style"),
        pytest.param({"error": "no"}, "", "no", True, False, id="contracts_mjproxy §7.1 OpenAI style: bare text"),
        pytest.param(
            {"code": 4, "description": "quota_not_enough ", "type": "upstream_error"},
            "4",
            "quota_not_enough",
            True,
            False,
            id="contracts_mjproxy §7.1 mj style: trailing blank",
        ),
        pytest.param(
            {"success": False, "code": -1, "message": "m"}, "-1", "m", True, False, id="contracts_mjproxy §7.1 T style"
        ),
        pytest.param(
            {"success": False, "message": "m"}, "", "m", True, False, id="contracts_mjproxy §7.1 Dashboard style"
        ),
        pytest.param(SPRING, "", "Bad Request", True, False, id="contracts_mjproxy §7.1 Spring default"),
        pytest.param({"detail": "Not Found"}, "", "Not Found", True, False, id="FastAPI"),
        pytest.param([], "", "", False, False, id="a list"),
    ],
)
def test_the_shapes_of_no(body, code, words, shaped, is_relays):
    said = answers.said_by(answer(400, b"", **{"x-oneapi-request-id": "req-1"}), body)

    assert (code, words, shaped, is_relays, "req-1") == (
        said.code,
        said.words,
        said.shaped,
        said.relayed,
        said.request_id,
    )


@pytest.mark.parametrize(
    ("properties", "word"), [({"bannedWord": "gore"}, "gore"), ({"bannedWord": ""}, None), ({}, None), (None, None)]
)
def test_the_culprit(properties, word):
    assert word == answers.said_by(answer(200), {"code": 24, "properties": properties}).culprit


@pytest.mark.parametrize(
    ("words", "why", "code"),
    [
        ("no\x1b[31m such task", "it said: no [31m such task", "4"),
        ("", "it answered HTTP 400 with nothing in it", None),
    ],
)
def test_a_task_that_it_does_not_know(words, why, code):
    failure = answers.lost(Said(status=400, words=words, code=code or "\x1b[2J"))

    assert ("JobLost", "unknown", why, code) == (failure.kind, failure.charged, failure.why, failure.code)


@pytest.mark.parametrize(("status", "body"), [(200, b""), (200, b" null\n"), (204, b"")])
def test_nothing_is_how_some_servers_say_unknown(status, body):
    assert isinstance(answers.missing(answer(status, body)), Missing)
    assert answers.missing(answer(400, body)) is None
    assert answers.missing(answer(200, b"{}")) is None


@pytest.mark.parametrize(
    ("body", "window"),
    [
        (coded(1, "窗口等待", ID), None),
        (coded(21, "窗口等待", ID), ""),
        (coded(21, "Waiting for window confirm", ID, finalPrompt="a cat"), "a cat"),
        (coded(21, "Waiting for window confirm", ID, imageUrl="u"), None),
        (coded(1, "提交成功", ID), None),
        (coded(1, "Submit confirmed", ID), None),
        ({"code": 21, "description": "confirm", "properties": None}, ""),
    ],
)
def test_the_window_of_a_press(body, window):
    assert window == answers.window_of(body, answers.said_by(answer(200), body))


@pytest.mark.parametrize(
    ("task", "status"),
    [
        ({"progress": "100%", "imageUrl": "u"}, Status.DONE),
        ({"progress": "100%", "failReason": "x"}, Status.FAILED),
        ({"progress": "100%"}, Status.RUNNING),
        ({"progress": "99%"}, Status.QUEUED),
    ],
)
def test_without_a_status_a_full_progress_decides(task, status):
    seen = looked({"status": "", **task})

    assert (status, status is Status.FAILED) == (seen.status, seen.failure is not None)


def test_a_yes_without_an_id_is_unclear():
    for why, words, reason in (("a rounded id", "ok", "a rounded id"), ("", "ok", "ok"), ("", "", "no id")):
        failure = answers.without_id(Said(status=200, words=words), why, answer(200)).failure

        assert ("SubmitOutcomeUnknown", "unknown") == (failure.kind, failure.charged)
        assert failure.reason.startswith(f"{reason}; the answer starts:")
