"""What a row shows of a record."""

import pytest

from mjasync.core.machine import Rejected, Sending, Silence
from mjasync.core.model import Failure, Mode
from mjasync.journal.folding import fold
from mjasync.journal.projection import COLUMNS, over, price_of, row_of, slot_of, storable, values_of
from tests.journal.cases import LIVES, LOST, REFUSED, asked, done, picture_job, sent, step


def lived(*events, start=10):
    return fold("j", [(event, float(second)) for second, event in enumerate(events, start)])


def test_a_row_has_a_value_for_each_column():
    row = row_of(lived(asked("x" * 999, key="k"), *sent("r"), done(mode=Mode.RELAX)))

    assert len(COLUMNS) == len(values_of(row))
    assert ("j", "ttapi", "relax", "imagine", "done", "k", "r") == (
        row.id,
        row.account,
        row.mode,
        row.kind,
        row.phase,
        row.user_key,
        row.remote_id,
    )
    assert (10.0, 11.0, 12.0, 13.0, 3.0, 200) == (
        row.asked,
        row.sent,
        row.accepted,
        row.ended,
        row.quota,
        len(row.prompt),
    )


@pytest.mark.parametrize(
    ("events", "key"),
    [
        ((asked(key="k"),), "k"),
        ((asked(key="k"), Rejected(REFUSED)), None),
        ((asked(key="k"), Sending("ttapi"), Rejected(REFUSED)), "k"),
        ((asked(), Rejected(REFUSED)), None),
    ],
)
def test_a_key_is_free_again_where_nothing_was_sent(events, key):
    assert key == row_of(lived(*events)).user_key


def test_a_prompt_that_only_the_answer_has():
    assert "theirs" == row_of(lived(step("p"), *sent("r"), done(prompt="theirs"))).prompt
    assert "" == row_of(lived(step("p"))).prompt


def test_numbers_are_as_the_file_gives_them_back():
    row = row_of(lived(asked(), *sent("r"), done(quota=3), start=1))

    assert [float] * 5 == [type(value) for value in (row.asked, row.sent, row.accepted, row.ended, row.quota)]
    assert None is row_of(lived(asked(), *sent("r"), done(quota=float("nan")))).quota
    assert "0.0" == str(row_of(lived(asked(), *sent("r"), done(quota=-0.0))).quota)


def test_who_holds_a_slot():
    assert ("j", "ttapi", 11.0, None) == slot_of(lived(asked(), *sent("r")))
    assert ("j", "ttapi", 11.0, 412.0) == slot_of(lived(asked(), Sending("ttapi"), Silence(LOST, 400.0)))
    for name in ("held", "done", "refused", "given-up"):
        assert None is slot_of(lived(*LIVES[name])), name


def test_what_was_given_up_for_lost_is_not_over():
    assert {"done", "refused"} == {name for name, events in LIVES.items() if over(lived(*events))}


def test_a_price_is_what_was_told():
    assert (("ttapi", "fast", "imagine"), 3.0) == price_of(lived(asked(), *sent("r"), done()))
    for quota in (None, 0.0, -1.0, float("nan"), float("inf")):
        assert None is price_of(lived(asked(), *sent("r"), done(quota=quota)))
    assert None is price_of(lived(asked()))


def test_half_a_character_can_be_stored():
    assert ("ä", "\\ud83d") == (storable("ä"), storable("\ud83d"))
    assert row_of(lived(asked("\ud83d"))).prompt.encode()


def test_a_picture_in_the_files_terms_has_a_row():
    assert "like this" == row_of(lived(picture_job())).prompt


@pytest.mark.parametrize(
    ("kind", "key"), [("QuotaExhausted", None), ("AuthError", None), ("PromptRejected", "k"), ("InvalidRequest", "k")]
)
def test_a_key_is_free_again_after_a_refusal_that_is_not_about_the_request(kind, key):
    refused = Rejected(Failure(kind=kind, what="no"))

    assert key == row_of(lived(asked(key="k"), Sending("ttapi"), refused)).user_key
    assert "k" == row_of(lived(asked(key="k"), Sending("ttapi"))).user_key
