"""TTAPI's tables: closed under their own laws."""

from mjasync.core.model import Status
from mjasync.dialects import _ttapi_tables as tables
from mjasync.dialects._verdict import Row, Verdict


def test_the_seeds_four_states():
    seed = {
        "PENDING_QUEUE": Status.QUEUED,
        "ON_QUEUE": Status.RUNNING,
        "SUCCESS": Status.DONE,
        "FAILED": Status.FAILED,
    }

    assert seed == {word: tables.STATUS[word] for word in seed}
    assert {Status.FAILED} == {status for word, status in tables.STATUS.items() if word not in seed}
    assert tables.STATUS.keys() >= tables.NO
    assert "SUCCESS" not in tables.NO


def test_names_go_both_ways():
    assert {theirs: ours for ours, theirs in tables.ACTIONS.items()} == tables.OURS
    assert len(tables.ACTIONS) == len(tables.OURS)


def test_every_action_of_the_contract_has_a_name():
    documented = {
        *(f"{name}{n}" for name in ("upsample", "variation") for n in (1, 2, 3, 4)),
        *("reroll", "upscale_subtle", "upscale_creative", "high_variation", "low_variation"),
        *("zoom_out_2", "zoom_out_1_5", "pan_left", "pan_right", "pan_up", "pan_down", "make_square"),
        *("vary_region", "Custom Zoom", "upscale2", "upscale4"),
    }

    assert documented == set(tables.OURS), "contracts_ttapi §4"
    assert set(tables.LABELS) <= documented


def test_rows_keep_the_order_of_money():
    assert all(isinstance(row, Row) for row in (*tables.SUBMIT, *tables.FAILED))
    assert {"REFUSED", "BUSY", "UNCLEAR"} == {row.verdict.name for row in tables.SUBMIT}
    free = [row for row in tables.SUBMIT if row.verdict is not Verdict.UNCLEAR and row.status is not None]
    assert all(status < 500 or status == 503 for row in free for status in row.status), (
        "reliability §1.3: 5xx is unclear"
    )
    assert all(row.shaped for row in free if 200 in row.status), "no HTML with 200 is refused"
    assert [] == [row for row in tables.SUBMIT if row.status is None], "every row names its statuses"


def test_refusals_say_what_to_do_and_failures_end_with_a_last_word():
    assert all(row.hint for row in (*tables.SUBMIT, *tables.FAILED) if row.verdict is Verdict.REFUSED)
    assert (None, None, None) == (tables.FAILED[-1].status, tables.FAILED[-1].code, tables.FAILED[-1].says)


def test_a_refused_key_is_no_unknown_job():
    assert tables.UNKNOWN_STATUS.isdisjoint({401, 402, 403, 407, 429, 500, 503})
