import pytest

from mjasync.core.wire import HttpRequest
from mjasync.sim import replies
from mjasync.sim.replies import Refusal

URL = "http://127.0.0.1:80/ttapi/midjourney/v1/fetch?jobId=1"


def request(body=None, **headers):
    return HttpRequest(method="POST", url=URL, headers=headers, body=body)


def test_headers_have_no_case():
    assert replies.header(request(**{"tt-api-KEY": "k"}), "TT-API-KEY") == "k"
    assert replies.header(request(), "TT-API-KEY") == ""


@pytest.mark.parametrize("base", ["http://127.0.0.1:80/ttapi", "http://127.0.0.1:80/ttapi/"])
def test_the_path_is_told_below_the_base(base):
    assert replies.path_of(request(), base) == "/midjourney/v1/fetch"


def test_json_comes_in_and_goes_out():
    kind = {"Content-Type": "application/json; charset=utf-8"}
    assert replies.read_json(request('{"a": "猫"}'.encode(), **kind)) == {"a": "猫"}
    reply = replies.json_reply({"a": "猫"}, status=201)
    assert (reply.status, reply.body.decode()) == (201, '{"a":"猫"}')


@pytest.mark.parametrize("body", [None, b"", b"{", b"[1]", b"\xff"])
def test_anything_else_is_refused(body):
    with pytest.raises(Refusal) as caught:
        replies.read_json(request(body, **{"content-type": "application/json"}))
    assert caught.value.violation
    with pytest.raises(Refusal, match="JSON"):
        replies.read_json(request(b"{}", **{"content-type": "text/plain"}))


def test_a_page_is_html():
    reply = replies.html_reply("Hello", status=502)
    assert (reply.status, reply.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert b"<title>Hello</title>" in reply.body
