"""What waiting jobs will take, asked once for each kind."""

from mjasync.core.machine import Bounced, Sending
from mjasync.core.model import Failure, Mode, Spec
from mjasync.core.operations import Describe, Imagine
from mjasync.core.pictures import Picture
from mjasync.flow.books import Books
from mjasync.flow.expecting import Expectations
from mjasync.journal.memory import MemoryJournal
from mjasync.testing import run


def test_jobs_of_one_kind_are_asked_about_once_and_told_the_same():
    async def story():
        books, asked = Books(MemoryJournal(), lambda: 0.0, lambda record, error: None), []

        def expected(record):
            asked.append(record.id)
            return float(len(asked))

        for number in range(3):
            books.ask(f"fast{number}", Spec(operation=Imagine(prompt=f"{number}"), accounts=("a",)))
        books.ask("relax", Spec(operation=Imagine(prompt="x"), mode=Mode.RELAX, accounts=("a",)))
        books.ask("text", Spec(operation=Describe(image=Picture(url="https://x.example/1.png")), accounts=("a",)))
        await books.note("fast2", Sending("a"))
        await books.note("fast2", Bounced(Failure(kind="Unreachable", what="no")))

        names = ["fast0", "relax", "fast1", "text", "fast2"]
        assert [1.0, 2.0, 1.0, 3.0, 1.0] == Expectations(books, expected).of(names)
        assert ["fast0", "relax", "text"] == asked

    run(story())
