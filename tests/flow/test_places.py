"""Places: one for each job, wherever it is on its way."""

from mjasync.core.slots import Slots, Wish
from mjasync.flow.places import Places


def waiting(slots, job, place):
    slots.ask(Wish(job=job, accounts=("a",), place=place))


def test_places_are_given_in_the_order_of_asking():
    places = Places(Slots({"a": 1}))
    for job in ("x", "y", "x"):
        places.give(job)

    assert (2, 1) == (places.of("x"), places.of("y"))


def test_a_job_keeps_the_place_that_it_had_in_the_queue():
    slots = Slots({"a": 1})
    slots.open("a")
    places = Places(slots)
    waiting(slots, "x", 7)
    places.keep("x")
    slots.withdraw("x")
    assert 7 == places.of("x")

    places.forget("x")
    waiting(slots, "x", 7)
    slots.lend()
    places.keep("x")
    slots.give_back("x")
    assert 7 == places.of("x")


def test_a_new_place_counts_more_than_the_one_in_the_queue():
    slots = Slots({"a": 1})
    places = Places(slots)
    waiting(slots, "x", 7)
    places.give("x")

    assert 0 == places.of("x")


def test_who_never_had_a_place_gets_one_and_keeps_it():
    places = Places(Slots({"a": 1}))

    assert [0, 1, 0] == [places.of(job) for job in ("x", "y", "x")]
