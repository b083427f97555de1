"""How long a task took by the server's own clock."""

import pytest

from mjasync.core.wire import HttpResponse
from mjasync.dialects._mjproxy_answers import Task, snapshot


@pytest.mark.parametrize(
    ("submitted", "finished", "status", "expected"),
    [
        (1741531578038.0, 1741531608566.0, "SUCCESS", 30.528),
        (1741531578038.0, 0.0, "SUCCESS", None),
        (None, 1741531608566.0, "SUCCESS", None),
        (1741531608566.0, 1741531578038.0, "SUCCESS", None),
        (1741531578.0, 1741531608566.0, "SUCCESS", None),
        (1741531578038.0, 1741531608566.0, "IN_PROGRESS", None),
    ],
    ids=["done", "no end", "no beginning", "ends before it begins", "seconds and milliseconds", "goes on"],
)
def test_only_a_duration_is_believed(submitted, finished, status, expected):
    task = Task(status=status, submitTime=submitted, finishTime=finished)

    assert expected == snapshot(task, HttpResponse(status=200), {}, "imagine").took
