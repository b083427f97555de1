"""`mjasync doctor`, whole: over real HTTP, without keys, with wrong ones, against nobody."""

import json
import socket

import pytest

from mjasync.cli.findings import Level

KEY = "a-key-of-mine-1234567890"
NAMES = {"python", "packages", "extras", "sqlite", "settings", "account", "journal", "out"}


def closed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def examined(call):
    """Run it with --json: the exit code, the document, its findings by name."""

    def run(*words):
        code, out, _ = call("doctor", "--json", *words)
        told = json.loads(out)
        assert code == told["exit"]
        assert told["ok"] is (code == 0)
        by_name = {}
        for each in told["findings"]:
            by_name.setdefault(each["name"], []).append(each)
            assert each["level"] == Level.OK or (each["why"] and each["do"])
        return code, told, by_name

    return run


def set_all(monkeypatch, variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_without_any_key_it_exits_3_and_tells_how_to_begin(call):
    code, out, err = call("doctor")
    assert 3 == code
    assert "bad   account     No key is set" in out
    assert "mjasync demo" in out
    assert "1 to mend" in out
    assert "asking" not in err


def test_the_simulator_needs_no_key(examined, monkeypatch):
    monkeypatch.setenv("MJASYNC_TTAPI_KEY", "not a key")
    code, told, found = examined("--sim")
    assert (0, True, {"ok": 14, "warn": 0, "bad": 0}) == (code, told["sim"], told["counts"])
    assert {"reach", "clock", "locks"} | NAMES == set(found)
    assert [["relax", "fast", "turbo"]] * 2 == [each["facts"]["modes"] for each in found["reach"]]
    assert "simulator" == found["account"][0]["facts"]["key"]["source"]


def test_real_providers_are_asked_for_free(examined, provider, monkeypatch):
    world, variables = provider()
    set_all(monkeypatch, variables)
    code, _, found = examined()
    assert 0 == code
    assert ["MJASYNC_TTAPI_URL", "MJASYNC_MJPROXY_URL"] == [each["facts"]["url"]["source"] for each in found["account"]]
    assert [True, True] == [each["facts"]["reached"] for each in found["reach"]]
    assert (0, 0) == (world.ledger.charged, world.ledger.accepted)


def test_a_wrong_key_is_an_auth_error_and_is_never_shown(call, provider, monkeypatch):
    set_all(monkeypatch, {**provider()[1], "MJASYNC_TTAPI_KEY": KEY})
    code, out, err = call("doctor")
    assert 3 == code
    assert "bad   reach       ttapi: AuthError: TTAPI refused the key (HTTP 401)." in out
    assert "***7890" in out
    assert KEY not in out + err


def test_a_wrong_prefix_names_both_forms(examined, provider, monkeypatch, alone):
    set_all(monkeypatch, provider()[1])
    (alone / "mjasync.toml").write_text('[mjproxy]\nmode_path = "/mj-{mode}x"\n')
    code, _, found = examined()
    assert 3 == code
    bad = [each for each in found["reach"] if each["level"] == Level.BAD]
    assert ["ConfigError"] == [each["facts"]["kind"] for each in bad]
    assert "'/mj-{mode}'" in bad[0]["do"]
    assert "'/{mode}'" in bad[0]["do"]


def test_a_server_that_is_gone(examined, monkeypatch):
    set_all(
        monkeypatch,
        {
            "MJASYNC_TTAPI_KEY": KEY,
            "MJASYNC_TTAPI_URL": f"http://127.0.0.1:{closed()}",
            "HTTPS_PROXY": "http://proxy.example",
        },
    )
    code, _, found = examined()
    assert 1 == code
    assert "Connection refused" in found["reach"][0]["why"]
    assert Level.WARN == found["proxy"][0]["level"]
    assert "clock" not in found


def test_offline_sends_nothing(examined, call, monkeypatch):
    monkeypatch.setenv("MJASYNC_TTAPI_KEY", KEY)
    code, told, found = examined("--offline")
    assert (0, True) == (code, told["offline"])
    assert {"locks"} | NAMES == set(found)
    assert "nobody was asked (--offline)" in call("doctor", "--offline")[1]


def test_a_misspelled_setting_does_not_end_the_examination(examined, monkeypatch, alone):
    (alone / "mjasync.toml").write_text('jurnal = "jobs.db"\n')
    monkeypatch.setenv("MJASYNC_TTAPI_KYE", KEY)
    code, _, found = examined()
    assert 3 == code
    assert (Level.BAD, "did you mean 'journal'?") == (found["settings"][0]["level"], found["settings"][0]["do"])
    assert "did you mean MJASYNC_TTAPI_KEY?" == found["variable"][0]["do"]
    assert "python" in found


def test_the_same_key_twice_is_no_pool(examined, alone):
    (alone / "mjasync.toml").write_text('[[ttapi]]\nkey = "same"\n[[ttapi]]\nkey = "same"\n')
    code, _, found = examined("--offline")
    assert 3 == code
    assert ["Two accounts have the same key as account 'ttapi'."] == [
        each["what"] for each in found["account"] if each["level"] == Level.BAD
    ]


def test_what_is_typed_goes_before_the_rest_and_what_is_blank_is_told(examined, call, monkeypatch):
    monkeypatch.setenv("MJASYNC_JOURNAL", "env.db")
    _, _, found = examined("--offline", "--journal", "typed.db", "--out", "there")
    facts = found["settings"][0]["facts"]
    assert ({"value": "typed.db", "source": "argument"}, "there") == (facts["journal"], facts["out"]["value"])
    assert 2 == call("doctor", "--journal", " ")[0]
    assert 2 == call("doctor", "--sim", "--offline")[0]
