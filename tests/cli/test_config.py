"""`mjasync config`: show, path, init."""

import json
import stat
import tomllib

import pytest

from mjasync.cli import config
from mjasync.settings import load
from mjasync.vocabulary import ACCOUNTS, TOP

KEY = "a-key-of-mine-1234567890"


def test_show_tells_each_setting_with_its_source_and_no_key(call, monkeypatch):
    monkeypatch.setenv("MJASYNC_TTAPI_KEY", KEY)
    code, out, _ = call("config")
    assert 0 == code
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines()}
    assert ["fast", "default"] == rows["mode"]
    assert ["–", "default"] == rows["journal"]
    assert ["***7890", "MJASYNC_TTAPI_KEY"] == rows["ttapi.key"]
    assert ["false", "default"] == rows["ttapi.shared"]
    assert KEY not in out


def test_show_as_json(call, monkeypatch):
    monkeypatch.setenv("MJASYNC_MJPROXY_KEY", KEY)
    monkeypatch.setenv("MJASYNC_MJPROXY_URL", "https://relay.example")
    told = json.loads(call("config", "show", "--json")[1])
    assert ("config", None, 1) == (told["type"], told["file"], told["accounts"])
    assert {"name": "mjproxy.mode_path", "value": "/mj-{mode}", "source": "default"} in told["settings"]
    assert KEY not in json.dumps(told)


def test_show_without_accounts_says_how_to_get_one(call):
    code, _, err = call("config", "show")
    assert 0 == code
    assert "mjasync config init" in err


def test_a_misspelled_setting_is_an_error_with_the_closest_match(call, alone):
    (alone / "mjasync.toml").write_text('jurnal = "jobs.db"\n')
    code, _, err = call("config")
    assert 3 == code
    assert "'jurnal' is not a setting" in err
    assert "did you mean 'journal'?" in err


def test_path_helps_where_the_file_cannot_be_read(call, alone, monkeypatch):
    monkeypatch.setenv("MJASYNC_MODE", "fast")
    assert "(not there)" in call("config", "path")[1]
    (alone / "mjasync.toml").write_text("nonsense")
    code, out, _ = call("config", "path")
    assert 0 == code
    assert f"file       {alone / 'mjasync.toml'}\nvariables  MJASYNC_MODE" in out
    told = json.loads(call("config", "path", "--json")[1])
    assert ("config-path", True) == (told["type"], told["exists"])
    assert "MJASYNC_MODE" in told["variables"]


def test_init_writes_a_file_that_changes_nothing_and_holds_everything(call, alone):
    code, out, err = call("config", "init")
    assert (0, str(alone / "mjasync.toml")) == (code, out.strip())
    assert "mjasync doctor" in err
    path = alone / "mjasync.toml"
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert load({}) == load({}, alone / "mjasync.toml")


def test_init_never_overwrites(call, alone):
    (alone / "mjasync.toml").write_text("# mine\n")
    code, _, err = call("config", "init")
    assert 3 == code
    assert "is there already" in err
    assert "never overwritten" in err
    assert "# mine\n" == (alone / "mjasync.toml").read_text()


def test_init_in_a_folder_that_is_gone(call, alone, monkeypatch):
    (alone / "sub").mkdir()
    monkeypatch.setattr(config, "FILE", "sub/no/mjasync.toml")
    code, _, err = call("config", "init", "--json")
    assert 3 == code
    assert "cannot be written" in err


def test_init_as_json(call, alone):
    told = json.loads(call("config", "init", "--json")[1])
    assert {"type": "config-init", "file": str(alone / "mjasync.toml")} == told


@pytest.mark.parametrize("table", ACCOUNTS)
def test_every_line_of_the_template_works_once_its_mark_is_taken_away(table, alone):
    text = "\n".join(
        line.removeprefix("#") for line in config.template().splitlines() if line[:1] == "#" and line[1:2] != " "
    )
    every = tomllib.loads(text)
    assert {row.name for row in TOP} == set(every) - set(ACCOUNTS)
    assert {row.name for row in ACCOUNTS[table]} - {"key"} == set(every[table])
    (alone / "all.toml").write_text(text)
    assert 2 == len(load({"MY_KEY": "k"}, alone / "all.toml").accounts)


def test_the_template_holds_no_key():
    assert not any(line.lstrip("#").startswith("key =") for line in config.template().splitlines())
