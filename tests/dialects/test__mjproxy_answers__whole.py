"""Answers of midjourney-proxy that are whole at once: a seed, uploaded pictures."""

import pytest

from mjasync.core.answers import Refused, Taken, Unclear
from mjasync.core.model import Snapshot, Status
from mjasync.core.operations import GetSeed, Upload
from tests.dialects.cases import LINK, answer
from tests.dialects.mjproxy_cases import DIALECT, coded, relayed


@pytest.mark.parametrize(
    ("result", "seed"),
    [
        pytest.param("4294967295", "4294967295", id="contracts_mjproxy §5 seed number as string"),
        pytest.param(12345, "12345", id="a number"),
    ],
)
def test_a_seed_comes_at_once(result, seed):
    taken = DIALECT.read_submit(answer(200, coded(1, "ok", result)), GetSeed())

    assert Taken(remote_id="", snapshot=Snapshot(status=Status.DONE, progress=100, seed=seed)) == taken


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(404, b"404 page not found", "ConfigError", id="not routed: 404"),
        pytest.param(405, b"", "ConfigError", id="not routed: 405"),
        pytest.param(
            400, coded(4, "task_no_found "), "InvalidRequest", id="contracts_mjproxy §7.4 task_no_found: seed"
        ),
        pytest.param(401, relayed("无效的令牌"), "AuthError", id="a key"),
        pytest.param(401, b"", "AuthError", id="a key, nothing said"),
    ],
)
def test_no_seed(status, body, kind):
    refused = DIALECT.read_submit(answer(status, body), GetSeed())

    assert isinstance(refused, Refused)
    assert (kind, "no") == (refused.failure.kind, refused.failure.charged)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>"),
        (200, coded(1, "ok", "soon")),
        (200, coded(1)),
        (200, []),
        (400, b"<html>"),
        (502, coded(1, "", 5)),
    ],
)
def test_whether_there_is_a_seed_is_unclear(status, body):
    assert isinstance(DIALECT.read_submit(answer(status, body), GetSeed()), Unclear)


UPLOAD = Upload(images=(LINK,))


@pytest.mark.parametrize(
    ("result", "images"),
    [
        pytest.param(
            ["https://a/1", "http://a/2"], ("https://a/1", "http://a/2"), id="contracts_mjproxy §5 list of URLs"
        ),
        pytest.param("https://a/1", ("https://a/1",), id="one"),
        pytest.param(["https://a/\ud800", 5, None], ("https://a/?",), id="half a character, and junk"),
    ],
)
def test_uploaded_pictures_have_addresses_at_once(result, images):
    taken = DIALECT.read_submit(answer(200, coded(1, "ok", result)), Upload(images=(LINK,) * len(images)))

    assert Taken(remote_id="", snapshot=Snapshot(status=Status.DONE, progress=100, images=images)) == taken


@pytest.mark.parametrize(
    ("status", "body", "ends"),
    [
        (200, coded(4, "bad base64"), Refused),
        (401, relayed("x"), Refused),
        (200, coded(1, "ok", []), Unclear),
        (200, coded(1, "ok", ["ftp://a"]), Unclear),
        (200, coded(1, "ok", ["https://a", "https://b"]), Unclear),
        (200, coded(1, "ok", 5), Unclear),
        (200, b"<html>", Unclear),
        (502, coded(1, "ok", ["https://a"]), Unclear),
    ],
)
def test_pictures_that_were_not_uploaded(status, body, ends):
    assert isinstance(DIALECT.read_submit(answer(status, body), UPLOAD), ends)
