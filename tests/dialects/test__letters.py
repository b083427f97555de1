"""Bytes to letters: whatever a server sends, the readable part is read."""

import json

import pytest

from mjasync.core.wire import HttpResponse
from mjasync.dialects._letters import text_of


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": 1}', b'\xef\xbb\xbf{"a": 1}'])
def test_utf_8_is_read_as_such(body):
    assert body.decode("utf-8-sig") == text_of(HttpResponse(status=200, body=body))


def test_utf_16_is_told_by_its_zeros():
    assert '{"a": 1}' == text_of(HttpResponse(status=200, body='{"a": 1}'.encode("utf-16-le")))


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("application/json", b'{"a": "caf\xe9"}', "caf\ufffd"),
        ("application/json", '{"a": "敏感"}'.encode()[:-3] + b'"}', "敏\ufffd"),
        ("application/json; charset=GBK", '{"a": "敏感词"}'.encode("gbk"), "敏感词"),
        ('text/plain; charset="iso-8859-1"', b'{"a": "caf\xe9"}', "café"),
        ("text/plain; charset=utf-7", b'{"a": "\xe9+AGI-"}', "\ufffd+AGI-"),
    ],
)
def test_a_byte_that_is_no_utf_8_does_not_hide_the_rest(content_type, body, expected):
    assert {"a": expected} == json.loads(
        text_of(HttpResponse(status=200, body=body, headers={"content-type": content_type}))
    )
