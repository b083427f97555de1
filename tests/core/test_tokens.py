"""Tokens: kept as a digest, found in every echo of either provider, and masked before an answer is kept."""

import hashlib

import attrs
import pytest

from mjasync.core.model import Extras, Spec
from mjasync.core.operations import Imagine
from mjasync.core.tokens import digest, has_hook, is_echoed, masked, tagged, takes_tag

SPEC = Spec(operation=Imagine(prompt="a cat"))
WANTED = digest("secret")
#: Where each provider shows a hook or state of ours: seed 000 line 691, seed 001 lines 602 and 620.
ECHOES = [
    {"hookUrl": "https://x.example/secret"},
    {"hook_url": "https://x.example/a/secret/"},
    {"data": {"hookUrl": "https://x.example/secret"}},
    {"data": {"hook_url": "https://x.example/secret"}},
    {"state": "secret"},
    {"properties": {"notifyHook": "https://x.example/secret"}},
    {"data": {"properties": {"notifyHook": "https://x.example/secret"}}},
    {"properties": {"data": {"state": "secret"}}},
]
FOREIGN = [
    {},
    {"hookUrl": None},
    {"hookUrl": "https://x.example/other"},
    {"hookUrl": "https://x.example/secret?x=1"},
    {"prompt": "secret"},
    {"data": "secret"},
    {"data": {"inner": {"hookUrl": "https://x.example/secret"}}},
    {"state": 7},
]


def test_a_digest_is_sha256_in_hex():
    assert hashlib.sha256(b"secret").hexdigest() == WANTED


@pytest.mark.parametrize("base", ["https://x.example/hook", "https://x.example/hook/"])
def test_a_tag_is_the_last_part_of_the_hook(base):
    spec = tagged(SPEC, "ttapi", base, "secret")

    assert attrs.evolve(SPEC, extras=Extras(hook_url="https://x.example/hook/secret")) == spec


def test_the_relay_gets_it_as_its_state_too_unless_the_user_has_one():
    own = attrs.evolve(SPEC, extras=Extras(state="mine"))

    assert "secret" == tagged(SPEC, "mjproxy", "https://x.example", "secret").extras.state
    assert "mine" == tagged(own, "mjproxy", "https://x.example", "secret").extras.state
    assert "https://x.example/secret" == tagged(own, "mjproxy", "https://x.example", "secret").extras.hook_url


@pytest.mark.parametrize(
    ("extras", "expected"),
    [(Extras(), True), (Extras(state="s"), True), (Extras(hook_url="h"), False), (Extras(notify_hook="h"), False)],
)
def test_a_users_own_hook_is_left_alone(extras, expected):
    assert expected is takes_tag(attrs.evolve(SPEC, extras=extras))


@pytest.mark.parametrize("raw", ECHOES, ids=str)
def test_every_echo_is_found_and_masked(raw):
    assert is_echoed(raw, WANTED)
    assert "secret" not in str(masked(raw, WANTED))
    assert "***" in str(masked(raw, WANTED))
    assert not is_echoed(masked(raw, WANTED), WANTED)


@pytest.mark.parametrize("raw", FOREIGN, ids=str)
def test_anything_else_is_neither(raw):
    assert not is_echoed(raw, WANTED)
    assert raw == masked(raw, WANTED)


@pytest.mark.parametrize("raw", [*ECHOES, *FOREIGN], ids=str)
def test_without_a_token_nothing_is_found_or_changed(raw):
    assert not is_echoed(raw, "")
    assert raw is masked(raw, "")


def test_the_address_before_the_token_stays_readable():
    raw = {"data": {"hookUrl": "https://x.example/hook/secret", "prompt": "a cat"}, "state": "secret", "n": 1}

    expected = {"data": {"hookUrl": "https://x.example/hook/***", "prompt": "a cat"}, "state": "***", "n": 1}
    assert expected == masked(raw, WANTED)
    assert "secret" == raw["state"], "what was given is not changed"


def test_the_digest_of_nothing_is_in_no_answer():
    assert not is_echoed({"hookUrl": "", "state": ""}, ""), "a job without a token is never adopted by an empty echo"


def test_an_answer_that_tells_of_a_hook_is_whole_enough():
    assert has_hook({"data": {"hookUrl": "https://me.example/x"}})
    assert not has_hook({"data": {"jobId": "1"}})
