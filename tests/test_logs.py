"""The log: what is written of each event, and that no key, token or prompt is in it."""

import logging
import re
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

import mjasync as mj
from mjasync import events
from mjasync.logs import LINES, NAMES, REDACTION, Logs, redacted
from mjasync.testing import Sim, run

ROOT = Path(mj.__file__).parent
PROMPT = "a secret lighthouse"
#: A value for each field of any event.
VALUES = {
    "at": 1.0,
    "wall": 2.0,
    "job": "0123abcd",
    "kind": "imagine",
    "mode": mj.Mode.FAST,
    "account": "ttapi",
    "parent": None,
    "accounts": {"ttapi": 10},
    "why": "full",
    "was": mj.Phase.HELD,
    "phase": mj.Phase.SENDING,
    "ticket": mj.Ticket("ttapi", "r1"),
    "error": "AuthError",
    "verb": "one",
    "saw": "running",
    "charged": "yes",
    "what": "something",
    "ok": True,
    "hope": False,
    "taken": None,
    "verdict": "looked",
    "prompt": events.Hidden(PROMPT),
    "quota": 3.0,
    "progress": 40,
}


def example(kind):
    """One of these events, whose other fields are numbers."""
    return kind(**{field.name: VALUES.get(field.name, 4) for field in attrs.fields(kind)})


@pytest.fixture
def lines(caplog):
    with caplog.at_level(logging.DEBUG, "mjasync"):
        yield caplog


def test_every_event_has_a_line_or_is_a_figure():
    assert {events.MoneyMoved} == set(events.ALL) - set(LINES)


@pytest.mark.parametrize("kind", LINES, ids=lambda kind: kind.__name__)
def test_a_line_can_be_written_and_shows_what_it_says(kind, lines):
    Logs()(example(kind))

    (line,) = lines.records
    assert line.name == f"mjasync.{LINES[kind].logger}"
    assert LINES[kind].level == line.levelno
    assert "%" not in line.getMessage()
    assert PROMPT not in line.getMessage() + str(line.__dict__)


@pytest.mark.parametrize("kind", LINES, ids=lambda kind: kind.__name__)
def test_the_extras_are_the_fields(kind, lines):
    Logs()(example(kind))

    extras = {name: value for name, value in vars(lines.records[0]).items() if name.startswith("mj_")}
    assert {"mj_event", *(f"mj_{field.name}" for field in attrs.fields(kind))} == set(extras)
    assert kind.__name__ == extras["mj_event"]
    assert all(value is None or isinstance(value, str | int | float | bool | dict) for value in extras.values())


def test_a_mode_and_a_ticket_are_plain_words(lines):
    Logs()(example(events.Accepted))

    (line,) = lines.records
    assert ("fast", "ttapi:r1") == (line.mj_mode, line.mj_ticket)
    assert {str} == {type(line.mj_mode), type(line.mj_ticket)}


def test_prompts_are_shown_to_whoever_asks_for_them(lines):
    Logs(prompts=True)(example(events.JobQueued))

    assert PROMPT == lines.records[0].mj_prompt


def test_what_is_not_enabled_is_not_wanted(caplog):
    logs = Logs()
    with caplog.at_level(logging.ERROR, "mjasync"):
        assert not logs.wants(events.OutcomeUnknown)
        logs(example(events.OutcomeUnknown))
    assert [] == caplog.records
    assert not logs.wants(events.MoneyMoved)


@pytest.mark.parametrize("kind", [kind for kind, line in LINES.items() if line.logger == "money"])
def test_money_is_a_warning(kind):
    assert logging.WARNING == LINES[kind].level


def test_every_logger_of_the_package_is_known_and_has_the_filter():
    named = set()
    for path in ROOT.rglob("*.py"):
        named |= set(re.findall(r'getLogger\("mjasync\.(\w+)"\)', path.read_text(encoding="utf-8")))

    assert named | {line.logger for line in LINES.values()} <= set(NAMES)
    assert all(REDACTION in logging.getLogger(f"mjasync.{name}").filters for name in NAMES)


def test_a_program_without_logging_hears_of_paid_jobs_that_run_on():
    script = """
import mjasync as mj
from mjasync.testing import Sim, run

async def story():
    async with mj.Pool(Sim().ttapi()) as pool:
        await pool.imagine("a cat").accepted()
        raise KeyError

try:
    run(story())
except KeyError:
    pass
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT.parent)

    assert "1 paid job(s) run on at the provider" in done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authorization: Bearer abcdefghij", "Authorization: Bearer ***"),
        ("authorization: 0123456789 and more", "authorization: *** and more"),
        ("{'Authorization': 'Bearer abcdefghij'}", "{'Authorization': 'Bearer ***'}"),
        ("key sk-0123456789abcdef, no more", "key sk-***, no more"),
        ("{'TT-API-KEY': '0123456789'}", "{'TT-API-KEY': '***'}"),
        ("mj-api-secret=0123456789", "mj-api-secret=***"),
        (f"https://me.example/mj/{'a1_-' * 10}xyz rang", "https://me.example/mj/*** rang"),
        ("see https://cdn.example/a.png?ex=1&is=2&hm=3 now", "see https://cdn.example/a.png?*** now"),
        ("job 0123456789abcdef was accepted as ttapi:r1", "job 0123456789abcdef was accepted as ttapi:r1"),
        ("nothing to hide? no", "nothing to hide? no"),
    ],
)
def test_what_looks_like_a_key_is_not_shown(text, expected):
    assert expected == redacted(text)


def test_the_filter_works_on_any_line_of_ours(caplog):
    logger = logging.getLogger("mjasync.jobs")

    logger.warning("%s failed with Bearer abcdefghij after %.1f s", ValueError("sk-0123456789"), 2.5)
    logger.warning("all %(key)s", {"key": "sk-0123456789"})

    assert ["sk-*** failed with Bearer *** after 2.5 s", "all sk-***"] == [line.getMessage() for line in caplog.records]


def test_a_whole_story_shows_neither_key_nor_prompt(lines):
    async def story():
        sim = Sim(seed=7)
        account = sim.ttapi()
        async with mj.Pool(account) as pool:
            await pool.imagine(PROMPT, key="a-users-key").upscale(1)
        return account.key.spellings()

    spellings = run(story())
    shown = "".join(str(vars(line)) + line.getMessage() for line in lines.records)
    assert "was accepted as" in shown
    assert [PROMPT in shown, *(each in shown for each in spellings)] == [False] * (1 + len(spellings))
