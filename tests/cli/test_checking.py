"""`check`: a refusal is a result; what nobody looked at is said."""

import json

import pytest

FAST = ["--sim", "--speed", "3000"]


def test_each_prompt_gets_its_word(call):
    code, out, err = call("check", "a cat", "a gore cat", "a cat --ar16:9", "eine Katze für mich", *FAST)

    assert 1 == code
    assert ["ok        a cat", "refused   a gore cat"] == out.splitlines()[:2]
    assert "  provider  [Banned prompt detected] gore" in out
    assert "doubtful  a cat --ar16:9\n  lint      The value is glued to --ar." in out
    assert "note      the provider's check understands English only" in err


def test_good_ones(call):
    assert (0, "ok        a red bird\nok        a blue bird\n") == call("check", "a {red, blue} bird", *FAST)[:2]


def test_one_document(call):
    code, out, _ = call("check", "a gore cat", "an owl", "--json", *FAST)

    told = json.loads(out)
    assert (1, "check", False, None) == (code, told["type"], told["ok"], told["error"])
    assert [False, True] == [each["provider"]["ok"] for each in told["prompts"]]


def test_without_a_key_our_own_eyes_only(call):
    code, out, err = call("check", "a cat")
    assert (0, "ok        a cat  (only looked at here)\n") == (code, out)
    assert "no key is set; TTAPI has a free check" in err
    assert 1 == call("check", "a cat --ar16:9")[0]
    assert json.loads(call("check", "a cat", "--json")[1])["prompts"][0]["provider"] is None


def test_a_relay_has_no_such_check(call, keys, monkeypatch):
    code, _, err = call("check", "a cat", "--account", "mjproxy")
    assert (0, True) == (code, "midjourney-proxy has no such check" in err)


def test_a_wrong_key(call, keys, monkeypatch):
    monkeypatch.setenv("MJASYNC_TTAPI_KEY", "wrong-key-of-mine")
    code, out, err = call("check", "a cat", "--json")

    told = json.loads(out)
    assert (3, "AuthError") == (code, told["error"]["kind"])
    assert "wrong-key-of-mine" not in out + err


@pytest.mark.parametrize("words", [[""], ["a {b"], ["a cat", "--account", "tapi"], ["a cat", "--speed", "3"], []])
def test_refused(call, words):
    code, out, err = call("check", *words)

    assert (2, "") == (code, out)
    assert "\n  do    " in err
