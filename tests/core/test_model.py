"""The nouns: what they check, what they say, what they hide."""

from typing import get_args

import attrs
import pytest

from mjasync import errors
from mjasync.core.model import (
    Action,
    Extras,
    Failure,
    FailureKind,
    ImageURL,
    Mode,
    Phase,
    Record,
    Snapshot,
    Spec,
    Status,
    Ticket,
)
from mjasync.core.operations import Imagine

SPEC = Spec(operation=Imagine(prompt="a cat"))
FAILURE = Failure(kind="JobFailed", what="It failed.")
#: seed 000 line 676
DISCORD = (
    "https://cdn.discordapp.com/attachments/1107938555931656214/1176340921227423844/"
    "voyagel_Soccer.png?ex=656e83da&is=655c0eda&hm=6e06a1"
)


def test_words_are_the_documented_ones():
    assert ["relax", "fast", "turbo"] == [str(mode) for mode in Mode]
    assert ["held", "sending", "queued", "running", "done", "failed", "lost"] == [str(phase) for phase in Phase]
    assert ["queued", "running", "done", "failed"] == [str(status) for status in Status]


@pytest.mark.parametrize(
    ("url", "host", "path", "name", "expires"),
    [
        (
            DISCORD,
            "cdn.discordapp.com",
            "/attachments/1107938555931656214/1176340921227423844/voyagel_Soccer.png",
            "voyagel_Soccer.png",
            0x656E83DA,
        ),
        ("HTTPS://CDN.Example/a/b.png", "cdn.example", "/a/b.png", "b.png", None),
        ("/mj/image/12", "", "/mj/image/12", "12", None),
        ("https://h/x?ex=zz", "h", "/x", "x", None),
        ("https://h", "h", "", "", None),
    ],
)
def test_an_image_url_knows_its_parts(url, host, path, name, expires):
    image = ImageURL(url)

    assert url == image
    assert (host, path, name, expires) == (image.host, image.path, image.name, image.expires_at)


def test_an_action_answers_to_its_three_names():
    action = Action("upscale1", "MJ::JOB::upsample::1::h", "U1")

    assert "upscale1" == str(action)
    assert all(action.matches(word) for word in ("upscale1", "MJ::JOB::upsample::1::h", "U1"))
    assert not action.matches("upscale2")
    assert not Action("reroll", "t", "").matches(""), "an empty label is no name"


def test_extras_name_what_was_given():
    assert () == Extras().given()
    assert ("timeout", "translation", "state") == Extras(state="s", translation=False, timeout=300).given()


def test_a_ticket_prints_as_account_and_id():
    assert "ttapi-2:afa774a3" == str(Ticket("ttapi-2", "afa774a3"))


def test_every_failure_kind_is_an_error_class():
    for kind in get_args(FailureKind):
        assert issubclass(getattr(errors, kind), errors.MJError), kind


def test_a_snapshots_raw_is_neither_shown_nor_compared():
    assert Snapshot(status=Status.DONE, raw={"a": "secret"}) == Snapshot(status=Status.DONE, raw={})
    assert "secret" not in repr(Snapshot(status=Status.DONE, raw={"a": "secret"}))


@pytest.mark.parametrize(
    ("account", "remote_id", "ticket"),
    [(None, None, None), ("a", None, None), (None, "1", None), ("a", "1", Ticket("a", "1"))],
)
def test_a_record_has_a_ticket_once_accepted(account, remote_id, ticket):
    assert ticket == Record(id="j", spec=SPEC, account=account, remote_id=remote_id).ticket


def test_a_detached_caller_hears_what_it_was_told():
    told = attrs.evolve(FAILURE, kind="DeadlineExceeded")

    assert FAILURE == Record(id="j", spec=SPEC, failure=FAILURE).outcome
    assert told == Record(id="j", spec=SPEC, failure=FAILURE, detached=told).outcome
    assert Record(id="j", spec=SPEC).outcome is None


@pytest.mark.parametrize("phase", Phase)
def test_settled_means_that_the_caller_has_an_answer(phase):
    expected = phase in {Phase.DONE, Phase.FAILED, Phase.LOST}

    assert expected is Record(id="j", spec=SPEC, phase=phase).settled
    assert Record(id="j", spec=SPEC, phase=phase, detached=FAILURE).settled


@pytest.mark.parametrize("url", ["http://[bad", "http://[bad]/x"])
def test_an_address_that_is_none_has_no_parts(url):
    assert ("", "", "", None) == (ImageURL(url).host, ImageURL(url).path, ImageURL(url).name, ImageURL(url).expires_at)


def test_a_record_offers_what_was_seen():
    seen = Snapshot(status=Status.DONE, actions=(Action("upscale1", "t", "U1"), Action("reroll", "r")))

    assert () == Record(id="j", spec=SPEC).offers
    assert ("upscale1", "reroll") == Record(id="j", spec=SPEC, snapshot=seen).offers


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("hope", [False, True])
@pytest.mark.parametrize("expired", [False, True])
def test_a_slot_is_held_while_the_provider_may_run_it(phase, hope, expired):
    record = Record(id="j", spec=SPEC, phase=phase, hope=hope, expired=expired)
    runs = {Phase.SENDING, Phase.QUEUED, Phase.RUNNING}

    assert (phase in runs or (phase is Phase.LOST and not expired)) is record.holds_slot
    assert (phase in {Phase.DONE, Phase.FAILED} or (phase is Phase.LOST and not hope)) is record.settled


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("told", [False, True])
def test_only_a_result_can_be_late(phase, told):
    assert (told and phase is Phase.DONE) is Record(id="j", spec=SPEC, phase=phase, told_early=told).late


def test_a_result_after_a_deadline_is_no_bad_news_and_after_a_cancel_it_is():
    late = Failure(kind="DeadlineExceeded", what="Too late.")
    cancelled = Failure(kind="JobCancelled", what="Cancelled.")

    assert Record(id="j", spec=SPEC, phase=Phase.DONE, detached=late).outcome is None
    assert cancelled == Record(id="j", spec=SPEC, phase=Phase.DONE, detached=cancelled).outcome
    assert late == Record(id="j", spec=SPEC, phase=Phase.FAILED, detached=late, failure=FAILURE).outcome
