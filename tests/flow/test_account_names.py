"""What the accounts of a pool are called: their own names, or their provider's with a number."""

import pytest

import mjasync as mj
from mjasync.flow.account_names import accounts_by_name


def ttapi(number, name=None):
    return mj.TTAPI(key=f"key-of-account-{number}", name=name)


def test_accounts_are_numbered_from_two_on():
    accounts = (ttapi(1), ttapi(2), mj.MJProxy(key="another-key", base_url="https://relay.example"), ttapi(3))

    assert ["ttapi", "ttapi-2", "mjproxy", "ttapi-3"] == list(accounts_by_name(accounts))


def test_a_given_name_stands_and_is_not_given_twice():
    assert ["ttapi-2", "ttapi", "ttapi-3"] == list(accounts_by_name((ttapi(1, "ttapi-2"), ttapi(2), ttapi(3))))


@pytest.mark.parametrize(
    ("accounts", "what"),
    [
        ((), "it got none"),
        (("a key",), "it got str"),
        ((ttapi(1, "mine"), ttapi(2, "mine")), "name 'mine'"),
        ((ttapi(1), ttapi(1)), "key as account 'ttapi'"),
    ],
)
def test_what_is_no_pool_of_accounts(accounts, what):
    with pytest.raises(mj.ConfigError, match=what):
        accounts_by_name(accounts)
