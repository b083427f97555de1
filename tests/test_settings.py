"""Argument, then environment, then mjasync.toml, then default; every mistake is named with its place."""

import os
from pathlib import Path

import pytest

from mjasync import ConfigError, MJProxy, Mode
from mjasync.settings import load, lock_folders, no_accounts


@pytest.fixture
def toml(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def make(text):
        path = tmp_path / "mjasync.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


def complaint(environ=None, file=None, **more):
    with pytest.raises(ConfigError) as met:
        load(environ or {}, file, **more)
    return str(met.value)


def test_defaults(toml):
    found = load({})
    assert (found.accounts, found.mode, found.journal, found.out) == ((), Mode.FAST, None, "out")
    assert found.sources == {"mode": "default", "journal": "default", "out": "default"}


def test_argument_before_environment_before_file_before_default(toml):
    toml('mode = "relax"\nout = "from-file"\njournal = "file.db"\n')
    environ = {"MJASYNC_MODE": "turbo", "MJASYNC_OUT": "from-env"}
    found = load(environ, mode="fast")
    assert (found.mode, found.out, found.journal) == (Mode.FAST, "from-env", "file.db")
    assert found.sources == {"mode": "argument", "out": "MJASYNC_OUT", "journal": "mjasync.toml"}


def test_an_empty_variable_is_not_set(toml):
    found = load({"MJASYNC_MODE": "", "MJASYNC_TTAPI_KEY": "", "MJASYNC_MJPROXY_URL": ""})
    assert found.mode is Mode.FAST
    assert found.accounts == ()


def test_the_process_environment_is_the_default(toml, monkeypatch):
    monkeypatch.setenv("MJASYNC_MODE", "turbo")
    assert load().mode is Mode.TURBO


def test_accounts_from_the_environment(toml):
    ttapi, relay = load(
        {
            "MJASYNC_TTAPI_KEY": "k1",
            "MJASYNC_MJPROXY_KEY": "k2\n",
            "MJASYNC_MJPROXY_URL": "https://relay.example/",
        }
    ).accounts
    assert (ttapi.provider, ttapi.base_url, ttapi.key.reveal()) == ("ttapi", "https://api.ttapi.io", "k1")
    assert (relay.provider, relay.base_url, relay.key.reveal()) == ("mjproxy", "https://relay.example", "k2")


def test_accounts_from_the_file(toml):
    toml(
        """
        [[ttapi]]
        key = "k1"
        [[ttapi]]
        key_env = "SECOND"
        url = "https://hold.ttapi.io"
        max_jobs = 5
        name = "second"
        modes = ["fast", "turbo"]
        [mjproxy]
        key = "k3"
        url = "http://localhost:8080"
        mode_path = "/{mode}"
        auth = "mj-api-secret"
        """
    )
    found = load({"SECOND": "k2", "MJASYNC_TTAPI_KEY": "k0"})
    first, second, relay = found.accounts
    assert (first.key.reveal(), second.key.reveal(), relay.key.reveal()) == ("k0", "k2", "k3")
    assert (second.max_jobs, second.name, second.modes) == (5, "second", (Mode.FAST, Mode.TURBO))
    assert isinstance(relay, MJProxy)
    assert (relay.mode_path, relay.auth) == ("/{mode}", "mj-api-secret")
    assert found.sources["ttapi.key"] == "MJASYNC_TTAPI_KEY"
    assert found.sources["ttapi-2.key"] == "SECOND"
    assert found.sources["mjproxy.url"] == "mjasync.toml"
    assert "k0" not in repr(found)


def test_an_address_from_the_environment_goes_with_a_key_from_the_file(toml):
    toml('[mjproxy]\nkey = "k"\n')
    (relay,) = load({"MJASYNC_MJPROXY_URL": "https://relay.example"}).accounts
    assert relay.base_url == "https://relay.example"


def test_without_accounts_no_key_is_looked_at(toml):
    toml('mode = "turbo"\n[mjproxy]\nurl = "nonsense"\n')
    found = load({"MJASYNC_TTAPI_KEY": "bad key"}, accounts=False)
    assert found.accounts == ()
    assert found.mode is Mode.TURBO


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"MJASYNC_TTAPI_KEY": "a b"}, "MJASYNC_TTAPI_KEY: The key is missing or malformed."),
        ({"MJASYNC_TTAPI_KEY": "Bearer x"}, "MJASYNC_TTAPI_KEY: The key"),
        ({"MJASYNC_TTAPI_KEY": "ключ"}, "MJASYNC_TTAPI_KEY: The key"),
        ({"MJASYNC_TTAPI_KEY": "k", "MJASYNC_TTAPI_URL": "ftp://x"}, "MJASYNC_TTAPI_URL: base_url="),
        ({"MJASYNC_TTAPI_URL": "https://x.example"}, "The account ttapi has no key."),
        ({"MJASYNC_MJPROXY_KEY": "k"}, "The account mjproxy has no url."),
        ({"MJASYNC_MJPROXY_URL": "https://x.example"}, "set MJASYNC_MJPROXY_KEY"),
        ({"MJASYNC_MODE": "fats"}, "MJASYNC_MODE: there is no mode 'fats'.\n  why   did you mean 'fast'?"),
        ({"MJASYNC_MODE": "xyz"}, "use relax, fast or turbo"),
    ],
)
def test_bad_environment(toml, environ, expected):
    text = complaint(environ)
    assert expected in text
    assert "  do    " in text
    for secret in ("a b", "ключ"):
        assert secret not in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('moed = "fast"', "mjasync.toml: 'moed' is not a setting."),
        ('moed = "fast"', "did you mean 'mode'?"),
        ("zzz = 1", "remove it"),
        ("mode = 7", "mjasync.toml: mode = 7 cannot be used."),
        ('out = " "', "mjasync.toml: out = ' ' cannot be used."),
        ('mode = "slow"', "mjasync.toml: there is no mode 'slow'"),
        ("mode = fast", "mjasync.toml is not TOML."),
        (b'mode = "\xff"', "mjasync.toml is not UTF-8."),
        ('ttapi = "k"', "mjasync.toml: ttapi is not a table."),
        ("ttapi = [1]", "mjasync.toml: ttapi is not a table."),
        ('[ttapi]\nkye = "k"', "mjasync.toml: [ttapi]: 'kye' is not a setting."),
        ('[ttapi]\nkey = "k"\nmode_path = "/x"', "'mode_path' is not a setting"),
        ('[ttapi]\nkey = "k"\nkey_env = "K"', "has both key and key_env"),
        ('[ttapi]\nkey_env = "NOT_SET"', "The account ttapi has no key."),
        ('[ttapi]\nkey = ""', "The account ttapi has no key."),
        ('[ttapi]\nkey = "k"\nmax_jobs = "ten"', "max_jobs must be a whole number"),
        ('[ttapi]\nkey = "k"\nmax_jobs = true', "max_jobs must be a whole number"),
        ('[ttapi]\nkey = "k"\nmax_jobs = 0', "mjasync.toml: [ttapi]: max_jobs=0 cannot be used."),
        ('[ttapi]\nkey = "k"\nmodes = "fast"', "modes must be a list of texts"),
        ('[ttapi]\nkey = "k"\nmodes = ["fast", 1]', "modes must be a list of texts"),
        ('[ttapi]\nkey = "k"\nmodes = ["slow"]', "[ttapi]: modes="),
        ('[ttapi]\nkey = "bad key"', "mjasync.toml: The key is missing or malformed."),
        ('[mjproxy]\nkey = "k"\nurl = 7', "url must be a text"),
        ('[mjproxy]\nkey = "k"\nurl = "relay"', "mjasync.toml: base_url="),
        ('[mjproxy]\nkey = "k"\nurl = "https://r.example"\nauth = "basic"', "[mjproxy]: auth="),
    ],
)
def test_bad_file(toml, text, expected):
    toml(text)
    told = complaint()
    assert expected in told
    assert "bad key" not in told


def test_a_named_file(toml, tmp_path):
    path = tmp_path / "other.toml"
    path.write_text("\ufeffmode = 'turbo'", "utf-8")
    assert load({}, path).mode is Mode.TURBO
    assert load({}, path).sources["mode"] == str(path)
    assert "does not exist" in complaint(file=tmp_path / "none.toml")
    assert "cannot be read" in complaint(file=tmp_path)


def test_no_accounts_tells_all_three_ways():
    text = str(no_accounts())
    for way in ("MJASYNC_TTAPI_KEY", "MJASYNC_MJPROXY_KEY", "MJASYNC_MJPROXY_URL", "mjasync.toml", "--sim"):
        assert way in text


def test_a_share_of_an_account(toml):
    toml('[ttapi]\nkey = "k1"\nmax_jobs = 5\nshared = true\n')
    (account,) = load({}).accounts
    assert (5, True) == (account.max_jobs, account.shared)
    toml('[ttapi]\nkey = "k1"\nshared = 1\n')
    assert "shared must be true or false" in complaint()
    toml('[ttapi]\nkey = "k1"\nshared = true\n')
    assert "shared=True needs max_jobs=" in complaint()


def test_where_locks_are(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("HOME", "/home/somebody")
    last = tmp_path / f"mjasync-{os.getuid()}"
    state = Path("/home/somebody/.local/state/mjasync/locks")
    assert (Path("/a/b"),) == lock_folders({"MJASYNC_LOCKS": "/a/b", "XDG_STATE_HOME": "/c"})
    assert (Path.cwd() / "here",) == lock_folders({"MJASYNC_LOCKS": "here"})
    assert (Path("/c/mjasync/locks"), last) == lock_folders({"XDG_STATE_HOME": "/c"})
    assert (state, last) == lock_folders({"XDG_STATE_HOME": "not/absolute", "MJASYNC_LOCKS": ""})
    assert (state, last) == lock_folders({})


def test_a_relay_without_a_prefix_is_said_by_an_empty_one(toml):
    toml('[mjproxy]\nkey = "k"\nurl = "https://relay.example"\nmode_path = ""\n')
    (relay,) = load({}).accounts
    assert relay.mode_path == ""
