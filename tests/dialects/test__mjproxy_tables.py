"""midjourney-proxy's tables: closed under their own laws."""

import pytest

from mjasync.core.model import Status
from mjasync.dialects import _mjproxy_tables as tables
from mjasync.dialects._verdict import Verdict


def test_the_seeds_states():
    """seed 001 line 468, and "" for a relay's first answer."""
    seed = {
        "": Status.QUEUED,
        "MODAL": Status.QUEUED,
        "NOT_START": Status.QUEUED,
        "SUBMITTED": Status.QUEUED,
        "IN_PROGRESS": Status.RUNNING,
        "FAILURE": Status.FAILED,
        "SUCCESS": Status.DONE,
    }

    assert seed == {word: tables.STATUS[word] for word in seed}
    assert {"CANCEL", "CANCELLED", "CANCELED"} == set(tables.STATUS) - set(seed)
    assert tables.MODAL in seed


def test_the_codes_that_take_a_job():
    assert {"1", "21", "22"} == tables.TAKEN


def test_no_row_refuses_what_may_run():
    free = [row for row in tables.SUBMIT if row.verdict is not Verdict.UNCLEAR]
    for row in free:
        assert not row.code or not {"1", "22", "5", "0"} & set(row.code), "reliability §1.3"
        assert row.status is None or all(status < 500 or status == 503 for status in row.status)
        assert not row.status or 200 not in row.status or row.code or row.shaped
    assert [True] == [row.relayed for row in free if row.status and 503 in row.status]


@pytest.mark.parametrize("text", ["insert_midjourney_task_failed", "do_request_failed", "close_response_body_failed"])
def test_what_happened_afterwards_is_read_before_any_refusal_by_code(text):
    verdicts = [row.verdict for row in tables.SUBMIT]
    unclear = verdicts.index(Verdict.UNCLEAR)

    assert tables.SUBMIT[unclear].says.search(text)
    assert all(row.code is None for row in tables.SUBMIT[:unclear])


def test_refusals_say_what_to_do_and_failures_end_with_a_last_word():
    assert all(row.hint for row in (*tables.SUBMIT, *tables.FAILED) if row.verdict is Verdict.REFUSED)
    assert (None, None, None) == (tables.FAILED[-1].status, tables.FAILED[-1].code, tables.FAILED[-1].says)


def test_a_button_has_one_name():
    token = "MJ::JOB::upsample_v6r1_2x_subtle::1::h::SOLO"

    assert ["upscale_subtle"] == [m.expand(name) for pattern, name in tables.BUTTONS if (m := pattern.match(token))]


def test_a_refused_key_is_no_unknown_task():
    assert tables.UNKNOWN_STATUS.isdisjoint({401, 402, 403, 407, 429, 500, 503})
