"""Which journal, and whose names."""

from argparse import Namespace

import pytest

import mjasync as mj
from mjasync.cli import place
from mjasync.testing import run


def typed(journal=None, **more):
    return Namespace(command="jobs", journal=journal, **more)


@pytest.fixture
def there(alone):
    (alone / "jobs.db").write_bytes(b"")
    return alone


def test_an_argument_goes_before_the_environment_and_the_file(there, monkeypatch):
    (there / "mjasync.toml").write_text("journal = 'from-file.db'")
    with pytest.raises(mj.JournalError, match=r"'from-file.db' \(mjasync.toml\)"):
        place.of(typed(), keys=False)
    monkeypatch.setenv("MJASYNC_JOURNAL", "from-env.db")
    with pytest.raises(mj.JournalError, match=r"'from-env.db' \(MJASYNC_JOURNAL\)"):
        place.of(typed(), keys=False)

    assert "jobs.db" == place.of(typed("jobs.db"), keys=False).journal


def test_a_command_is_told_as_it_is_to_be_typed(there, monkeypatch):
    (there / "my jobs.db").write_bytes(b"")
    monkeypatch.setenv("MJASYNC_JOURNAL", "jobs.db")

    assert "mjasync resume --journal 'my jobs.db'" == place.of(typed("my jobs.db"), keys=False).command("resume")
    assert "mjasync resume" == place.of(typed(), keys=False).command("resume")


def test_no_journal_is_named(alone):
    with pytest.raises(mj.ConfigError, match="No journal is named"):
        place.of(typed(), keys=False)


@pytest.mark.parametrize("path", ["none.db", "no/such/folder/jobs.db", "nul\0.db", "x" * 5000])
def test_a_journal_that_is_not_there_is_not_made(alone, path):
    with pytest.raises(mj.JournalError, match="There is no journal"):
        place.of(typed(path), keys=False)

    assert [] == list(alone.iterdir())


def test_a_key_is_needed_only_where_something_is_asked(there, monkeypatch):
    assert {} == place.of(typed("jobs.db"), keys=False).names
    with pytest.raises(mj.ConfigError, match="No key is set"):
        place.of(typed("jobs.db"), keys=True)
    monkeypatch.setenv("MJASYNC_MJPROXY_KEY", "k")
    assert {} == place.of(typed("jobs.db"), keys=False).names, "an account that lacks its URL has no name"
    with pytest.raises(mj.ConfigError, match="has no url"):
        place.of(typed("jobs.db"), keys=True)


def test_names_are_those_of_a_pool():
    accounts = (
        mj.TTAPI("a"),
        mj.TTAPI("b"),
        mj.TTAPI("c", name="mine"),
        mj.MJProxy("d", base_url="https://r.example"),
        mj.TTAPI("e"),
    )

    async def names():
        async with mj.Pool(*accounts) as pool:
            return tuple(pool.stats().accounts)

    found = place.names(accounts)
    assert run(names()) == tuple(found[account.fingerprint] for account in accounts)


def test_an_account_without_a_key_here_goes_by_its_fingerprint(life):
    (ttapi, _), where = life.accounts, life.place()

    assert "ttapi" == where.named(ttapi.fingerprint)
    assert "0123456789ab" == where.named("0123456789ab")
    assert None is where.named(None)
