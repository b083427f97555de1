"""Each row is a setting that works."""

import tomllib

import pytest

from mjasync.accounts import MJProxy
from mjasync.settings import load
from mjasync.vocabulary import ACCOUNTS, FORMS, OTHER_VARIABLES, TOP, variables


def needed(table, name):
    """What else an account must have."""
    rows = {"key": '"k"', "url": '"https://relay.example"'} if table == "mjproxy" else {"key": '"k"'}
    rows |= {"max_jobs": "5"} if name == "shared" else {}
    rows.pop("key" if name == "key_env" else name, None)
    return "".join(f"{other} = {value}\n" for other, value in rows.items())


@pytest.mark.parametrize("row", TOP, ids=lambda row: row.name)
def test_every_example_above_the_tables_is_taken(row, tmp_path):
    (tmp_path / "it.toml").write_text(f"{row.name} = {row.example}\n")
    found = load({}, tmp_path / "it.toml")
    assert tomllib.loads(f"x = {row.example}")["x"] == getattr(found, row.name)
    assert row.name in found.sources


@pytest.mark.parametrize(("table", "row"), [(table, row) for table, rows in ACCOUNTS.items() for row in rows])
def test_every_example_of_an_account_is_taken(table, row, tmp_path):
    (tmp_path / "it.toml").write_text(f"[{table}]\n{needed(table, row.name)}{row.name} = {row.example}\n")
    found = load({"MY_KEY": "k"}, tmp_path / "it.toml") if row.name != "key" else None
    if found is None:  # an ellipsis is no key: nobody copies one by mistake
        return
    (account,) = found.accounts
    value = tomllib.loads(f"x = {row.example}")["x"]
    assert ("k" if row.name == "key_env" else value) == (
        account.key.reveal()
        if row.name == "key_env"
        else [str(each) for each in account.modes]
        if row.name == "modes"
        else getattr(account, row.argument)
    )


@pytest.mark.parametrize(("table", "row"), [(table, row) for table, rows in ACCOUNTS.items() for row in rows])
def test_every_default_is_the_accounts_own(table, row, tmp_path):
    if not row.default:
        return
    (tmp_path / "it.toml").write_text(f"[{table}]\n{needed(table, 'none')}")
    (account,) = load({}, tmp_path / "it.toml").accounts
    value = getattr(account, row.argument)
    assert tomllib.loads(f"x = {row.default}")["x"] == ([str(each) for each in value] if row.form is list else value)


def test_the_variables_are_those_that_are_read():
    environ = {
        "MJASYNC_TTAPI_KEY": "k",
        "MJASYNC_TTAPI_URL": "https://t.example",
        "MJASYNC_MJPROXY_KEY": "k",
        "MJASYNC_MJPROXY_URL": "https://r.example",
        "MJASYNC_MODE": "relax",
        "MJASYNC_JOURNAL": "j.db",
        "MJASYNC_OUT": "o",
    }
    found = load(environ)
    assert set(environ) == set(variables()) - set(OTHER_VARIABLES)
    assert set(environ) == set(found.sources.values())
    assert isinstance(found.accounts[1], MJProxy)


def test_every_form_has_its_words():
    assert {row.form for rows in (TOP, *ACCOUNTS.values()) for row in rows} == set(FORMS)
