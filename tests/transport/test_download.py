"""Pictures from an address that nobody trusts, by way of the account's own origin."""

import json
from pathlib import Path

import pytest

from mjasync.core.wire import HttpResponse
from mjasync.transport.download import PICTURE_LIMIT, PICTURE_TIMEOUT, Refused
from tests.transport.pictures import PNG, get

SEED = json.loads((Path(__file__).parents[1] / "samples" / "ttapi" / "callback.json").read_text(encoding="utf-8"))


@pytest.mark.fault("P14")
def test_the_seeds_own_loopback_picture_is_refused():
    url = SEED["data"]["cdnImage"]
    fault, requests = get(url, base="https://api.ttapi.io")

    assert url.startswith("http://127.0.0.1/"), "seed 000 line 677"
    assert "127.0.0.1 does not lead to a public address" == str(fault)
    assert (Refused, []) == (type(fault), requests)


def test_unless_it_is_the_accounts_own_origin():
    url = SEED["data"]["cdnImage"]
    body, requests = get(url, HttpResponse(status=200, body=PNG), base="http://127.0.0.1")

    assert PNG == body
    assert [("GET", url, True, PICTURE_TIMEOUT, PICTURE_LIMIT, {}, None)] == [
        (r.method, r.url, r.repeatable, r.timeout, r.body_limit, r.headers, r.body) for r in requests
    ]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("/mj/image/12", "https://relay.example/mj/image/12"),
        ("image/12", "https://relay.example/v1/image/12"),
        ("//RELAY.example/x", "https://RELAY.example/x"),
        ("https://relay.example/x?ex=1&", "https://relay.example/x?ex=1&"),
    ],
)
def test_a_path_belongs_to_the_account(url, address):
    body, requests = get(url, HttpResponse(status=200, body=PNG))

    assert (PNG, [address]) == (body, [request.url for request in requests])


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (HttpResponse(status=404), "its host answered 404"),
        (HttpResponse(status=500, body=PNG), "its host answered 500"),
        (HttpResponse(status=200, body=b"<html>"), "what it holds is not a PNG, JPEG, WebP or GIF picture"),
        (HttpResponse(status=200), "what it holds is not a PNG, JPEG, WebP or GIF picture"),
    ],
)
def test_what_is_no_picture_is_refused(answer, why):
    fault, _ = get("/x.png", answer)

    assert (Refused, why) == (type(fault), str(fault))


def moved(location, status=302):
    return HttpResponse(status=status, headers={"location": location})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_within_the_origin_is_followed(status):
    body, requests = get("/a", moved("b", status), HttpResponse(status=200, body=PNG))

    assert (PNG, ["https://relay.example/a", "https://relay.example/b"]) == (body, [r.url for r in requests])


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("https://127.0.0.1/x", "127.0.0.1 does not lead to a public address"),
        ("https://localhost/x", "localhost does not lead to a public address"),
        ("http://8.8.8.8/x", "a redirect leads nowhere, or from https to http"),
        ("file:///etc/passwd", "a redirect leads nowhere, or from https to http"),
        ("https://[::1", "its address is malformed"),
        ("", "a redirect leads nowhere, or from https to http"),
    ],
)
def test_a_redirect_elsewhere_is_judged_anew(location, why):
    fault, requests = get("/a", moved(location))

    assert (Refused, why, 1) == (type(fault), str(fault), len(requests))


def test_redirects_have_an_end():
    fault, requests = get("/a", *[moved("/a")] * 9)

    assert (Refused, "more than 3 redirects", 4) == (type(fault), str(fault), len(requests))
