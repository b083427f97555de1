"""Which requests are heard, and how the others are answered."""

import pytest

from mjasync.core.tokens import digest
from mjasync.webhook import receiving
from mjasync.webhook.receiving import BODIES, BODY_LIMIT, WRONG, Answer, Counts, Head, Receiver

TOKEN = "A" * 42 + "_"
OTHER = "B" * 43


def receiver(*tokens, ready=True):
    known = {digest(token) for token in tokens or (TOKEN,)}
    return Receiver(lambda wanted: wanted if wanted in known else None, ready=lambda: ready)


def head(**more):
    return Head(
        **{"method": "POST", "path": f"/mj/{TOKEN}", "address": "1.2.3.4", "content_type": "application/json"} | more
    )


def status(judged):
    return judged.status if isinstance(judged, Answer) else judged


@pytest.mark.parametrize(
    "path", [f"/{TOKEN}", f"/mj/{TOKEN}", f"/a/b/c/{TOKEN}", f"/mj/{TOKEN}/", TOKEN], ids=lambda path: path.count("/")
)
def test_a_token_of_ours_is_heard_wherever_it_comes_in(path):
    ears = receiver()

    assert digest(TOKEN) == ears.judged(head(path=path), 0.0)
    assert Counts(heard=1) == ears.counts


@pytest.mark.fault("W06")
@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/mj",
        "/mj/",
        f"/mj/{OTHER}",
        f"/mj/{TOKEN}A",
        f"/mj/{TOKEN[:-1]}",
        f"/mj/{TOKEN.lower()}",
        f"/mj/{TOKEN}/more",
        f"/mj/{TOKEN[:-1]}\u0661",
        "/mj/" + "../" * 20,
    ],
)
def test_whatever_else_is_answered_404_and_counted(path):
    ears = receiver()

    assert receiving.UNKNOWN == ears.judged(head(path=path), 0.0)
    assert Counts(unknown=1) == ears.counts


@pytest.mark.fault("W11")
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "get"])
def test_callbacks_are_posted_and_nothing_else(method):
    ears = receiver()

    answer = ears.judged(head(method=method), 0.0)

    assert (405, (("Allow", "POST"),)) == (answer.status, answer.headers)
    assert Counts(methods=1) == ears.counts


@pytest.mark.fault("W11")
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("application/json", digest(TOKEN)),
        ("Application/JSON; charset=utf-8", digest(TOKEN)),
        ("application/problem+json", digest(TOKEN)),
        ("application-json", digest(TOKEN)),
        ("text/json", digest(TOKEN)),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/plain", 415),
        ("", 415),
    ],
)
def test_json_and_nothing_else(kind, expected):
    assert expected == status(receiver().judged(head(content_type=kind), 0.0))


@pytest.mark.fault("W07")
@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"length": BODY_LIMIT}, digest(TOKEN)),
        ({"length": BODY_LIMIT + 1}, 413),
        ({"length": 10**9}, 413),
        ({"content_encoding": "identity"}, digest(TOKEN)),
        ({"content_encoding": "gzip"}, 415),
        ({"content_encoding": "br, gzip"}, 415),
    ],
)
def test_what_is_too_large_or_compressed_is_not_read(more, expected):
    ears = receiver()

    assert expected == status(ears.judged(head(**more), 0.0))
    assert Counts(heard=1, refused=isinstance(expected, int)) == ears.counts


@pytest.mark.fault("W07")
def test_so_many_bodies_are_read_at_once_and_no_more():
    ears = receiver()

    assert [True] * BODIES + [False] == [ears.begin() for _ in range(BODIES + 1)]
    ears.end(ok=True)
    assert ears.begin() is True
    ears.end(ok=False)
    assert Counts(refused=2) == ears.counts


@pytest.mark.fault("W06")
def test_after_20_wrong_ones_in_a_minute_an_address_is_told_too_many():
    ears = receiver()
    wrong = head(path=f"/{OTHER}")

    answers = [ears.judged(wrong, second).status for second in range(WRONG + 5)]

    assert [404] * WRONG + [429] * 5 == answers
    assert 404 == ears.judged(head(path="/", address="5.6.7.8"), 30.0).status, "another one's mistakes are its own"
    assert 404 == ears.judged(wrong, 60.0).status, "a minute later it begins anew"
    assert Counts(unknown=WRONG + 7, banned=5) == ears.counts


@pytest.mark.fault("W06")
def test_a_ban_is_for_wrong_tokens_only_because_real_callbacks_may_come_through_the_same_proxy():
    ears = receiver()
    for _ in range(100):
        ears.judged(head(path="/"), 0.0)

    assert digest(TOKEN) == ears.judged(head(), 1.0)


@pytest.mark.fault("W07")
def test_so_many_addresses_are_remembered_and_no_more(monkeypatch):
    monkeypatch.setattr(receiving, "ADDRESSES", 3)
    ears = receiver()
    for _ in range(WRONG):
        ears.judged(head(path="/", address="first"), 0.0)
    for name in "abc":
        ears.judged(head(path="/", address=name), 1.0)

    assert 404 == ears.judged(head(path="/", address="first"), 2.0).status, "forgotten, so it begins anew"


def test_as_long_as_nobody_can_say_whose_a_token_is_it_may_come_again():
    ears = receiver(ready=False)

    assert receiving.NOT_NOW == ears.judged(head(), 0.0)
    assert 404 == ears.judged(head(path="/mj"), 0.0).status, "that is none, whoever knows"
    assert Counts(unknown=1) == ears.counts


def test_another_digest_than_the_wanted_one_is_not_heard():
    ears = Receiver(lambda wanted: "0" * 64)

    assert receiving.UNKNOWN == ears.judged(head(), 0.0)


@pytest.mark.parametrize("status", [200, 404, 405, 408, 413, 415, 429, 503])
def test_every_answer_has_the_same_few_words(status):
    assert 5 <= len(Answer(status).body) <= 20
