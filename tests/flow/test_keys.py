"""Keys: one key names one request; what was never sent lets go of its key."""

import pytest
from attrs import evolve

import mjasync as mj
from mjasync.core.model import Mode, Record, Spec
from mjasync.core.operations import Blend, Imagine, lightened
from mjasync.core.pictures import Picture
from mjasync.flow.keys import Keys

CAT = Spec(operation=Imagine(prompt="a cat"), key="k")
DOG = Spec(operation=Imagine(prompt="a dog"), key="k")


class Known:
    """Stands for a job: what it was asked for."""

    def __init__(self, spec, job_id="j"):
        self.spec, self.id = spec, job_id


def keys(*specs, find=lambda key: None):
    jobs = {f"j{n}": Known(spec, f"j{n}") for n, spec in enumerate(specs)}
    made = Keys(jobs, find)
    for job_id, job in jobs.items():
        made.take(job.spec, job_id)
    return made


def test_without_a_key_nothing_is_the_same():
    made = keys(evolve(CAT, key=None))

    assert made.same(evolve(CAT, key=None)) is None
    assert made.same(CAT) is None


@pytest.mark.fault("U15")
@pytest.mark.parametrize("more", [{}, {"deadline": 5.0}, {"priority": 3}, {"accounts": ("b",)}], ids=str)
def test_one_request_under_one_key_is_one_job(more):
    assert "j0" == keys(CAT).same(evolve(CAT, **more)).id


@pytest.mark.fault("U15")
@pytest.mark.parametrize(
    "other", [DOG, evolve(CAT, mode=Mode.RELAX), evolve(CAT, parent="p"), evolve(CAT, resubmit_of="p")], ids=str
)
def test_another_request_is_refused(other):
    with pytest.raises(mj.KeyReused, match="it names job j0") as caught:
        keys(CAT).same(other)
    assert "j0" == caught.value.job.id


@pytest.mark.fault("U15")
def test_pictures_are_compared_by_their_bytes_also_when_they_are_forgotten():
    def blend(*data):
        pictures = tuple(Picture(data=each, kind="png", size=(8, 8)) for each in data)
        return Spec(operation=Blend(images=pictures), key="k")

    over = evolve(blend(b"1", b"2"), operation=lightened(blend(b"1", b"2").operation, exactly=True))
    for known in (blend(b"1", b"2"), over):
        assert "j0" == keys(known).same(blend(b"1", b"2")).id
        with pytest.raises(mj.KeyReused):
            keys(known).same(blend(b"2", b"1"))


def test_the_journal_is_asked_once():
    asked, jobs = [], {}

    def find(key):
        asked.append(key)
        jobs["old"] = Known(CAT, "old")
        return "old" if key == "k" else None

    made = Keys(jobs, find)
    assert ["old", "old"] == [made.same(CAT).id, made.same(CAT).id]
    assert made.same(evolve(CAT, key="other")) is None
    assert ["k", "other"] == asked


def test_a_forgotten_key_is_found_by_the_journal_again():
    made = keys(CAT, find=lambda key: "j0")
    made.forget(CAT)
    made.forget(evolve(CAT, key=None))

    assert "j0" == made.same(CAT).id


def test_a_key_is_free_again_only_for_the_job_that_has_it():
    made = keys(CAT)
    made.free(Record(id="another", spec=CAT))
    assert "j0" == made.same(CAT).id
    made.free(Record(id="j0", spec=CAT))
    assert made.same(DOG) is None
    made.free(Record(id="j0", spec=evolve(CAT, key=None)))


@pytest.mark.fault("U15")
def test_a_batch_is_checked_before_anything_is_asked_for():
    keys().check([CAT, evolve(DOG, key="other"), CAT, evolve(CAT, key=None), evolve(DOG, key=None)])
    keys(CAT).check([CAT])
    with pytest.raises(mj.KeyReused, match="two requests of one batch"):
        keys().check([CAT, DOG])
    with pytest.raises(mj.KeyReused, match="it names job j0"):
        keys(CAT).check([DOG])
