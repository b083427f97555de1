"""What an answer may mean, as values."""

from typing import get_args

import attrs
import pytest

from mjasync.core.answers import (
    Absent,
    Busy,
    Doubt,
    Lack,
    Looked,
    Missing,
    Refused,
    Submitted,
    Taken,
    Trouble,
    Unclear,
    WrongVerb,
    is_end,
    is_whole,
    of_free,
    scoped,
)
from mjasync.core.model import Failure, ImageURL, Snapshot, Status
from mjasync.core.operations import Brings

FAILURE = Failure(kind="ProviderError", what="No.")


def test_a_submit_has_four_ends_and_a_look_five():
    assert (Taken, Refused, Busy, Unclear) == get_args(Submitted)
    assert (Snapshot, Missing, Doubt, Trouble, WrongVerb) == get_args(Looked)


def test_defaults_are_the_careful_ones():
    assert not Refused(failure=FAILURE).account, "one job's refusal is not the account's"
    assert Busy(failure=FAILURE).account, "the whole account rests unless told otherwise"
    assert (None, None) == (Taken(remote_id="1").window, Taken(remote_id="1").snapshot), "no window, nothing at once"
    assert not Lack(why="x").action, "only an option does not fit"
    assert (None, None) == (Busy(failure=FAILURE).retry_after, Trouble(failure=FAILURE).retry_after)


@pytest.mark.parametrize(
    "value",
    [
        Taken(remote_id="1"),
        Refused(failure=FAILURE),
        Busy(failure=FAILURE),
        Unclear(failure=FAILURE),
        Missing(failure=FAILURE),
        Trouble(failure=FAILURE),
        WrongVerb(),
        Doubt(snapshot=Snapshot(status=Status.FAILED)),
        Absent(why="HTTP 404"),
        Lack(why="no such verb"),
    ],
)
def test_values_compare_and_do_not_change(value):
    assert attrs.evolve(value) == value
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.anything = 1


@pytest.mark.parametrize(
    ("answer", "kind", "account", "route"),
    [
        (Refused(failure=attrs.evolve(FAILURE, status=404), account=True), "blend", False, True),
        (Refused(failure=attrs.evolve(FAILURE, status=405), account=True), "seed", False, True),
        (Refused(failure=attrs.evolve(FAILURE, status=404), account=True), "imagine", True, False),
        (Refused(failure=attrs.evolve(FAILURE, status=401), account=True), "blend", True, False),
        (Refused(failure=attrs.evolve(FAILURE, status=404)), "blend", False, False),
    ],
)
def test_a_missing_route_is_about_its_kind_of_work_unless_it_is_the_first_one(answer, kind, account, route):
    after = scoped(answer, kind)

    assert (answer.failure, account, route) == (after.failure, after.account, after.route)


@pytest.mark.parametrize("answer", [Taken(remote_id="1"), Busy(failure=FAILURE), Unclear(failure=FAILURE)])
def test_only_a_refusal_is_scoped(answer):
    assert answer is scoped(answer, "blend")


@pytest.mark.parametrize(
    ("status", "kind"), [(None, "Unreachable"), (502, "Unreachable"), (200, "ProtocolError"), (408, "ProtocolError")]
)
def test_a_free_question_leaves_no_doubt_about_money(status, kind):
    busy = of_free(Unclear(failure=attrs.evolve(FAILURE, status=status, charged="unknown")))

    assert isinstance(busy, Busy)
    assert (kind, "no", False) == (busy.failure.kind, busy.failure.charged, busy.account)


def test_a_free_question_never_leaves_the_account():
    assert Taken(remote_id="1") == of_free(Taken(remote_id="1"))
    assert Refused(failure=FAILURE) == of_free(Refused(failure=FAILURE, account=True))
    assert Busy(failure=FAILURE, account=False) == of_free(Busy(failure=FAILURE))


PICTURE = ImageURL("https://pictures.example/a.png")


@pytest.mark.parametrize(
    ("brings", "seen", "whole"),
    [
        pytest.param(Brings.PICTURES, {"images": (PICTURE,)}, True, id="a picture"),
        pytest.param(Brings.PICTURES, {"tiles": (PICTURE,)}, True, id="tiles alone"),
        pytest.param(Brings.PICTURES, {"texts": ("a",)}, False, id="contracts_ttapi §5 SUCCESS without an image"),
        pytest.param(Brings.TEXTS, {"texts": ("a",)}, True, id="texts"),
        pytest.param(Brings.TEXTS, {"images": (PICTURE,)}, False, id="a picture is no text"),
        pytest.param(Brings.SEED, {"seed": "1"}, True, id="a seed"),
        pytest.param(Brings.SEED, {"images": (PICTURE,)}, False, id="a picture is no seed"),
        pytest.param(Brings.ANYTHING, {}, True, id="nobody knows"),
    ],
)
def test_a_finished_job_is_believed_once_it_holds_what_it_brings(brings, seen, whole):
    assert whole is is_whole(brings, Snapshot(status=Status.DONE, **seen))


@pytest.mark.parametrize(
    ("status", "images", "expected"),
    [
        (Status.FAILED, (), True),
        (Status.DONE, (ImageURL("https://x.example/a.png"),), True),
        (Status.DONE, (), False),
        (Status.RUNNING, (ImageURL("https://x.example/a.png"),), False),
    ],
)
def test_nothing_more_comes_of_a_failure_and_of_what_is_whole(status, images, expected):
    assert expected == is_end(Brings.PICTURES, Snapshot(status=status, images=images))
