"""Both grammars behind one protocol."""

import inspect

import pytest

from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.dialects import DIALECTS, NOBODY, Dialect
from tests.dialects.cases import IMAGINE

METHODS = [name for name, member in vars(Dialect).items() if inspect.isfunction(member) and not name.startswith("_")]


@pytest.mark.parametrize("provider", DIALECTS)
@pytest.mark.parametrize("name", METHODS)
def test_a_dialect_has_every_method_with_the_protocols_arguments(provider, name):
    expected = inspect.signature(getattr(Dialect, name))

    assert expected == inspect.signature(getattr(type(DIALECTS[provider]), name))


def test_there_are_two():
    assert {"ttapi", "mjproxy"} == set(DIALECTS) == set(NOBODY)
    assert [
        "lacks",
        "by_link",
        "resolve",
        "write_submit",
        "write_modal",
        "optional",
        "read_submit",
        "write_look",
        "read_look",
        "read_proof",
        "prefix",
    ] == METHODS


@pytest.mark.parametrize("provider", DIALECTS)
def test_an_id_of_nobody_makes_a_free_request(provider):
    request = DIALECTS[provider].write_look("https://h", NOBODY[provider], other_verb=False)

    assert isinstance(request, HttpRequest)
    assert request.repeatable
    assert NOBODY[provider] in request.url + (request.body or b"").decode()


@pytest.mark.parametrize("provider", DIALECTS)
def test_a_dialect_never_sees_a_key(provider):
    request = DIALECTS[provider].write_look("https://h", "1", other_verb=True)

    assert not {"authorization", "tt-api-key", "mj-api-secret"} & {name.lower() for name in request.headers}


@pytest.mark.parametrize("provider", DIALECTS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_refusal_about_the_account(provider, status):
    submitted = DIALECTS[provider].read_submit(
        HttpResponse(status=status, headers={"location": "https://evil/"}), IMAGINE
    )

    assert ("ConfigError", True) == (submitted.failure.kind, submitted.account)


def test_the_protocols_own_bodies_do_nothing():
    for name in METHODS:
        arguments = [None] * (len(inspect.signature(getattr(Dialect, name)).parameters))
        names = list(inspect.signature(getattr(Dialect, name)).parameters)
        keywords = {"other_verb": False} if "other_verb" in names else {}
        positional = arguments[: len(names) - len(keywords)]
        assert getattr(Dialect, name)(*positional, **keywords) is None
