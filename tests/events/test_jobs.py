"""What is told of a job shows no prompt."""

import logging

import attrs

import mjasync as mj
from mjasync import events
from mjasync.events import Hidden

PROMPT = "a black cat"


def test_no_way_to_print_an_event_shows_its_prompt(caplog):
    event = events.JobQueued(
        at=0.0, wall=0.0, job="j", kind="imagine", mode=mj.Mode.FAST, account=None, parent=None, prompt=Hidden(PROMPT)
    )

    with caplog.at_level(logging.DEBUG, "mine"):
        logging.getLogger("mine").info("%s %r", event, attrs.asdict(event), extra={"event": event})

    assert PROMPT not in repr(event) + caplog.text + str(attrs.asdict(event)) + str(attrs.astuple(event))
    assert PROMPT == event.prompt.text
