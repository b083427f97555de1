"""Bytes to values: total leaves, strict ids, one error."""

import contextlib
import json
from math import isfinite
from time import process_time

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core.wire import HttpResponse
from mjasync.dialects import _reading as reading
from mjasync.dialects._reading import Garbled, Id, Number, Object, Objects, Percent, Text, Words

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=150)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@frozen(kw_only=True)
class Shape:
    text: Text = Text("")
    id: Id = Id("")
    percent: Percent | None = None
    number: Number | None = None
    words: Words = Words(())
    object: Object = Object({})
    objects: Objects = Objects(())


def answer(body, **headers):
    return HttpResponse(status=200, body=body, headers=headers)


@pytest.mark.fault("H03")
@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(b"", r"\(empty\)", id="reliability H03 empty"),
        pytest.param(b"<html>hi</html>", "it starts: <html>hi</html>", id="reliability H01 html"),
        pytest.param(b'{"a": NaN}', "NaN is not JSON", id="reliability H03 NaN"),
        pytest.param(b"[-Infinity]", "-Infinity is not JSON", id="reliability H03 infinity"),
        pytest.param(b"[" * 100_000, "nested too deep", id="reliability H03 deep nesting"),
        pytest.param(b"1" * 5000, "Exceeds the limit", id="reliability H03 5000 digits"),
        pytest.param(b'{"status": 1, "status": 2}', "status is given twice", id="reliability H03 two statuses"),
        pytest.param(b'{"code": 1, "code": 1}', "code is given twice", id="two codes"),
        pytest.param(b'{"a": {"jobId": 1, "jobId": 2}}', "jobId is given twice", id="two ids, inside"),
        pytest.param(b'{"result": 1, "result": 2}', "result is given twice", id="two results"),
        pytest.param(b'{"a": "\xff"', "not JSON", id="not UTF-8, and cut"),
        pytest.param(b'{"a": 1', "not JSON", id="reliability N10 cut"),
    ],
)
def test_what_is_not_json_is_garbled(body, why):
    with pytest.raises(Garbled, match=why) as caught:
        reading.decode(answer(body))

    assert len(str(caught.value)) < 350


@pytest.mark.fault("H02")
def test_json_is_read_whatever_its_content_type():
    for body in (b'{"a": 1}', b'\xef\xbb\xbf{"a": 1}', '{"a": 1}'.encode("utf-16")):
        assert {"a": 1} == reading.decode(answer(body, **{"content-type": "text/plain; charset=utf-8"}))


def test_harmless_repetition_is_read_as_the_last():
    assert {"a": 2, "b": 3} == reading.decode(answer(b'{"a": 1, "a": 2, "b": 3}'))


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"", "(empty)"),
        (b"  \n ", "(empty)"),
        (b"a\nb\x1b[31mc", "a b [31mc"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        ("乱".encode() * 500, "乱" * 200),
        (b"x" * 5000, "x" * 200),
        ("\u202eevil".encode(), "evil"),
        (rb"\u989d\u5ea6\ud83d\ude00 \u001b\u0073 \ud800", r"额度😀 \u001b\u0073 ?"),
    ],
)
def test_the_start_of_a_body_fits_an_error_text(body, shown):
    assert shown == reading.start(answer(body))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "a"),
        ("", ""),
        (63, "63"),
        (1.5, "1.5"),
        (True, ""),
        (None, ""),
        ([], ""),
        ({}, ""),
        ("cut \ud83d", "cut ?"),
        ("whole 😀", "whole 😀"),
    ],
)
def test_text(value, expected):
    assert expected == reading.text(value)


@pytest.mark.fault("P09")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, "", id="null"),
        pytest.param("", "", id="empty"),
        pytest.param("1320098173412546", "1320098173412546", id="contracts_mjproxy §5 text of 16 digits"),
        pytest.param(1320098173412546, "1320098173412546", id="contracts_mjproxy §5 JSON integer: seed 001 line 274"),
        pytest.param(14001934816969359, "14001934816969359", id="contracts_mjproxy §5 above 2^53"),
        pytest.param("0320098173412546", "0320098173412546", id="contracts_mjproxy §5 leading zero"),
        pytest.param("task_123abc", "task_123abc", id="contracts_mjproxy §5 not a number"),
        pytest.param("1,2,3,4", "1,2,3,4", id="contracts_mjproxy §5 comma-joined"),
        pytest.param("afa774a3-1aee-5aba-4510-14818d6875e4", "afa774a3-1aee-5aba-4510-14818d6875e4", id="seed 000"),
    ],
)
def test_ids_keep_every_digit(value, expected):
    assert expected == reading.identifier(value)


@pytest.mark.fault("P09")
@pytest.mark.parametrize(
    "value",
    [
        1.3e15,
        1320098173412546.0,
        True,
        ["1"],
        {"id": 1},
        "../admin",
        "a/b",
        "a?b",
        "a b",
        "a..b",
        "-1",
        -1,
        "１２",
        "x" * 129,
        "a\n",
        "\ud800",
        10**4000,
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_could_be_another_jobs_id_is_refused(value):
    with pytest.raises(ValueError, match="not an id"):
        reading.identifier(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ()),
        ("lone", ("lone",)),
        (["a", "", None, 1, "b"], ("a", "1", "b")),
        ([{"action": "a"}, {"name": "b"}, {"label": "c"}, {"customId": "d"}, {"url": "e"}], tuple("abcde")),
        ([{"other": 1}, [], {"action": "", "name": "n"}], ("n",)),
        ({"label": "x"}, ("x",)),
    ],
)
def test_words(value, expected):
    assert expected == reading.words(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("u", ("u",)),
        ({"url": "u"}, ("u",)),
        (["a", {"url": "b"}, {"url": None}, {}, 5, None, ""], ("a", "b")),
        (5, ()),
        ("", ()),
        (None, ()),
    ],
)
def test_links(value, expected):
    assert expected == reading.links(value)


def test_structure_reads_leaves_and_ignores_the_rest():
    document = {
        "text": 5,
        "id": 12,
        "percent": "63%",
        "number": "3",
        "words": "w",
        "object": [],
        "objects": [{"a": 1}, 2],
        "unknown": 1,
    }

    expected = Shape(text="5", id="12", percent=63, number=3.0, words=("w",), object={}, objects=({"a": 1},))
    assert expected == reading.structure(document, Shape)
    assert Shape() == reading.structure({"objects": {}}, Shape)
    assert Shape(object={"a": 1}) == reading.structure({"object": {"a": 1}}, Shape)


@pytest.mark.parametrize("document", [None, [], "x", 1])
def test_structure_needs_an_object(document):
    with pytest.raises(Garbled, match=f"{type(document).__name__} where an object belongs @ \\$"):
        reading.structure(document, Shape)


def test_a_bad_id_is_named_with_its_path():
    with pytest.raises(Garbled, match=r"@ \$\.id"):
        reading.structure({"id": 1.5}, Shape)


@pytest.mark.fault("P08")
@SETTINGS
@given(json_values)
def test_leaves_are_total(value):
    assert isinstance(reading.text(value), str)
    reading.text(value).encode()
    percent, number = reading.percent(value), reading.number(value)
    assert percent is None or 0 <= percent <= 100
    assert number is None or isfinite(number)
    assert all(reading.words(value))


@pytest.mark.fault("P08")
@SETTINGS
@given(st.dictionaries(st.sampled_from(["text", "percent", "number", "words", "object", "objects"]), json_values))
def test_structure_is_total_but_for_ids(document):
    assert isinstance(reading.structure(document, Shape), Shape)


@SETTINGS
@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_decode_raises_only_garbled(body):
    with contextlib.suppress(Garbled):
        reading.decode(answer(body))


@pytest.mark.parametrize(
    "value", ["1" + " " * 500_000 + "x", " " * 500_000 + "x", "9" * 500_000], ids=["tail", "head", "digits"]
)
def test_long_values_are_read_at_once(value):
    begun = process_time()
    assert reading.percent(value) is None
    with pytest.raises(ValueError, match="not an id"):
        reading.identifier(value)

    assert process_time() - begun < 3.0


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("see https://me.example/hook/t0ken?sig=1 now", "see https://me.example/… now"),
        ('"hookUrl":"https:\\/\\/me.example\\/hook\\/t0ken"', '"hookUrl":"https:\\/\\/me.example/…"'),
        ("http://h:80?hm=1", "http://h:80/…"),
        ("https://h.example is down", "https://h.example is down"),
    ],
)
def test_what_follows_a_host_is_not_shown(words, shown):
    assert shown == reading.plain(words, 200)


@pytest.mark.parametrize("item", [b"1.5", b"[]", b"{}", b'"a"'])
def test_values_are_counted_before_any_is_read(item):
    few, many = (b"[" + b",".join([item] * count) + b"]" for count in (30_000, reading.MOST_VALUES + 1))

    assert 30_000 == len(reading.decode(HttpResponse(status=200, body=few)))
    with pytest.raises(Garbled, match="more than 100000 values"):
        reading.decode(HttpResponse(status=200, body=many))
