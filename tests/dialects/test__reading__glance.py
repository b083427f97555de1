"""A glance is `decode` without its care, and only for bodies that say that a job goes on."""

import pytest

from mjasync.core.wire import HttpResponse
from mjasync.dialects._reading import MOST_VALUES, decode, glance

TELLING = (b'"GOES"', b'"ON"')


@pytest.mark.parametrize(
    "body",
    [
        b'{"status": "GOES", "a": [1, 2.50, {"b": null}]}',
        b'{"status": "ON"}\r\n\t ',
        '{"status": "ON", "words": "Ärger 🔄"}'.encode(),
        b'{"status": "ON", "half": "\\ud800"}',
        b'[{"status": "ON"}]',
    ],
)
def test_it_reads_what_decode_reads(body):
    response = HttpResponse(status=200, body=body)

    assert decode(response) == glance(response, TELLING)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'{"status": "DONE"}', id="another word"),
        pytest.param(b'{"status": "ON", "status": "GOES"}', id="two words for one status"),
        pytest.param(b'{"status": "ON", "a": {"status": 1}}', id="two statuses"),
        pytest.param(b'{"status": "ON"', id="cut"),
        pytest.param(b'{"status": "ON"}}', id="more than one value"),
        pytest.param(b' {"status": "ON"}', id="blanks in front"),
        pytest.param(b'{"status": "ON", "a": NaN}', id="no JSON"),
        pytest.param(b'{"status": "ON", "a": "\xff"}', id="no UTF-8"),
        pytest.param('\ufeff{"status": "ON"}'.encode(), id="a mark"),
        pytest.param('{"status": "ON"}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"status": "ON", "a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", id="deep"),
        pytest.param(b'{"status": "ON", "a": "%s"}' % (b"a" * MOST_VALUES), id="long"),
    ],
)
def test_whatever_is_in_doubt_is_left_to_decode(body):
    assert glance(HttpResponse(status=200, body=body), TELLING) is None
