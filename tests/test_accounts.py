"""Accounts: what they check, and that no way of showing one shows its key."""

import copy
import pickle
import pprint
import re
import traceback
from random import Random

import attrs
import pytest

from mjasync.accounts import TTAPI, Account, MJProxy, Secret
from mjasync.core.model import Mode
from mjasync.core.wire import HttpRequest
from mjasync.errors import ConfigError

KEY = "sk-canary-0123456789"
RELAY = "https://relay.example"
MAKERS = {
    "ttapi": lambda key=KEY, **more: TTAPI(key, **more),
    "mjproxy": lambda key=KEY, **more: MJProxy(key, **{"base_url": RELAY, **more}),
}
BOTH = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


def get(url):
    return HttpRequest(method="GET", url=url, headers={"Content-Type": "application/json"})


@BOTH
def test_defaults(make):
    account = make()

    assert (10, None, tuple(Mode), None, None) == (
        account.max_jobs,
        account.name,
        account.modes,
        account.transport,
        account.rng,
    )
    assert KEY == account.key.reveal()


def test_where_they_live():
    assert ("ttapi", "https://api.ttapi.io") == (TTAPI.provider, TTAPI(KEY).base_url)
    assert ("mjproxy", RELAY, "/mj-{mode}", "bearer") == (
        MJProxy.provider,
        MJProxy(KEY, base_url=RELAY + "/").base_url,
        MJProxy(KEY, base_url=RELAY).mode_path,
        MJProxy(KEY, base_url=RELAY).auth,
    )


def test_the_header_that_carries_the_key():
    assert {"TT-API-KEY": KEY} == TTAPI(KEY).headers(), "seed 000 line 39"
    assert {"Authorization": f"Bearer {KEY}"} == MJProxy(KEY, base_url=RELAY).headers(), "seed 001 line 108"
    assert {"mj-api-secret": KEY} == MJProxy(KEY, base_url=RELAY, auth="mj-api-secret").headers()
    with pytest.raises(NotImplementedError):
        Account(KEY, base_url=RELAY).headers()


def test_a_secret_may_be_given_and_evolved():
    account = TTAPI(Secret(KEY), name="a")

    assert KEY == TTAPI(KEY + "\r\n").key.reveal(), "a key file ends with a newline"
    assert (KEY, 3) == (attrs.evolve(account, max_jobs=3).key.reveal(), attrs.evolve(account, max_jobs=3).max_jobs)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        account.max_jobs = 99


@pytest.mark.fault("U12")
@BOTH
@pytest.mark.parametrize(
    "key", [None, "", " ", KEY + " x", "Bearer " + KEY, KEY + "\n" + KEY, "ключ", "k" * 513, 5, b"k", [KEY]]
)
def test_a_bad_key_is_never_repeated(make, key):
    with pytest.raises(ConfigError) as caught:
        make(key)

    assert "The key is missing or malformed." == caught.value.what
    assert KEY not in "".join(traceback.format_exception(caught.value))


@BOTH
@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        5,
        KEY,
        "api.ttapi.io",
        "ftp://h",
        "https://",
        "https:///path",
        "https://h:99999",
        "https://h:0",
        "https://h:x",
        "https://[::1",
        f"https://user:{KEY}@h",
        f"https://{KEY}@h",
        "https://@h",
        f"https://h/?key={KEY}",
        "https://h?",
        f"https://h/#{KEY}",
        "https://h#",
        "https://a b",
        "https://h/a\nb",
        "https://h\\@evil",
    ],
)
def test_a_bad_base_url_is_never_repeated(make, url):
    with pytest.raises(ConfigError, match=r"base_url= cannot be used") as caught:
        make(base_url=url)

    assert KEY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "https://h/v1/", " https://h ", "http://[::1]:80", "HTTPS://H"]
)
def test_good_base_urls(url):
    assert url.strip().rstrip("/") == TTAPI(KEY, base_url=url).base_url


@BOTH
@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("max_jobs", value) for value in (0, -1, 1.5, "10", True, None)],
        *[("name", value) for value in ("", " ", "a b", "-a", "x" * 65, "a/b", 5)],
        *[("modes", value) for value in ((), "", "warp", ["fast", "warp"], ["fast", 3], 5, None, [[]])],
    ],
)
def test_a_bad_field_is_named(make, field, value):
    with pytest.raises(ConfigError, match=f"{field}=") as caught:
        make(**{field: value})

    assert caught.value.hint
    assert KEY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("auth", value) for value in ("basic", "", None, ["bearer"], KEY)],
        *[("mode_path", value) for value in ("mj", "/a b", "/{other}", "//a", "/a?b", "/a/../..#", None, 5)],
    ],
)
def test_a_bad_relay_setting_is_named(field, value):
    with pytest.raises(ConfigError, match=f"{field}=") as caught:
        MJProxy("k", base_url=RELAY, **{field: value})

    assert caught.value.hint


@pytest.mark.parametrize("value", ["/mj-{mode}", "/{mode}", "", "/mj-fast", "/mj-{mode}-relay", "/a/{mode}"])
def test_good_mode_paths(value):
    assert value == MJProxy(KEY, base_url=RELAY, mode_path=value + ("/" if value else "")).mode_path


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("fast", ("fast",)),
        (["turbo", "relax"], ("relax", "turbo")),
        (iter(["fast", "fast"]), ("fast",)),
        (Mode, tuple(Mode)),
    ],
)
def test_modes_come_in_our_order(given, expected):
    assert expected == TTAPI(KEY, modes=given).modes


@BOTH
def test_no_way_of_showing_an_account_shows_its_key(make):
    account = make(name="a", rng=Random(1))
    shown = [
        repr(account),
        str(account),
        f"{account}",
        format(account),
        f"{account.key}",
        f"{account.key!s}",
        "%s %r" % (account.key, account.key),  # noqa: UP031
        pprint.pformat(account),
        repr(attrs.asdict(account)),
        repr(attrs.astuple(account)),
        repr([getattr(account, name.name) for name in attrs.fields(type(account))]),
        repr({"key": account.key}),
    ]

    assert [] == [text for text in shown if KEY in text]
    assert "***" in shown[0]
    for holder in (account, account.key):
        with pytest.raises(TypeError):
            vars(holder)


@BOTH
@pytest.mark.parametrize(
    "store",
    [*(lambda value, n=n: pickle.dumps(value, n) for n in range(pickle.HIGHEST_PROTOCOL + 1)), copy.deepcopy],
)
def test_an_account_is_never_stored(make, store):
    for value in (make(), make().key):
        with pytest.raises(ConfigError, match="cannot be pickled") as caught:
            store(value)
        assert KEY not in str(caught.value)


def test_a_key_is_not_copied():
    with pytest.raises(ConfigError, match="cannot be pickled"):
        copy.copy(Secret(KEY))


@BOTH
def test_signed_adds_the_key_and_keeps_the_rest(make):
    account = make()
    request = get(account.base_url + "/x")

    signed = account.signed(request)

    assert {**request.headers, **account.headers()} == signed.headers
    assert attrs.evolve(request, headers=signed.headers) == signed
    assert KEY not in repr(signed)
    assert {"Content-Type": "application/json"} == request.headers


@pytest.mark.fault("H19")
@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "http://api.ttapi.io/x",
        "https://api.ttapi.io:444/x",
        "https://api.ttapi.io.evil.example/",
        "https://api.ttapi.io@evil.example/",
        "https://evil@api.ttapi.io/",
        "//api.ttapi.io/x",
        "/x",
        "",
    ],
)
def test_a_key_goes_to_its_own_origin_only(url):
    account = TTAPI(KEY)

    assert not account.owns(url)
    with pytest.raises(ConfigError, match="must not carry the key") as caught:
        account.signed(get(url))
    assert KEY not in str(caught.value)


def test_an_origin_has_no_case():
    assert TTAPI(KEY).owns("https://API.ttapi.io/x")
    assert TTAPI(KEY, base_url="https://H.example:8/v1").owns("https://h.EXAMPLE:8/other")


@pytest.mark.parametrize("url", ["http://api.ttapi.io", "http://8.8.8.8:9000", "http://[2606:4700::1]/x"])
def test_a_key_is_not_sent_unencrypted_over_the_internet(url):
    with pytest.raises(ConfigError, match="unencrypted"):
        TTAPI("key", base_url=url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1",
        "http://[::1]:1",
        "http://localhost",
        "http://10.0.0.8",
        "http://relay:8080",
        "http://a.internal",
    ],
)
def test_plain_http_is_for_the_network_around(url):
    assert url == TTAPI("key", base_url=url).base_url


def test_a_fingerprint_tells_accounts_apart_without_their_keys():
    one = TTAPI("canary-key")

    assert re.fullmatch("[0-9a-f]{12}", one.fingerprint)
    assert one.fingerprint == TTAPI("canary-key", base_url="https://API.ttapi.io:443/").fingerprint
    others = (TTAPI("other"), TTAPI("canary-key", base_url="https://hold.ttapi.io"))
    assert one.fingerprint not in {account.fingerprint for account in others}
