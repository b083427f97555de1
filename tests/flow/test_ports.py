"""What handles may ask of the pool is what the desk can do."""

import inspect

from mjasync.flow.desk import Desk as RealDesk
from mjasync.flow.ports import Desk


def test_the_desk_keeps_the_port():
    asked = {name for name, value in vars(Desk).items() if inspect.isfunction(value) and not name.startswith("_")}

    assert asked == {"job", "looks", "eta", "explain", "result", "step", "picture", "cancel"}
    for name in asked - {"explain"}:  # made of the books, see `Desk.__init__`
        asked_for, given = (inspect.signature(getattr(kind, name)).parameters for kind in (Desk, RealDesk))
        assert list(asked_for) == list(given)


def test_the_port_has_no_behaviour_of_its_own():
    assert {name for name in vars(Desk) if name.startswith("__") and callable(vars(Desk)[name])} <= {
        "__init__",
        "__subclasshook__",
    }
