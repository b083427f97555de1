"""From a method of an async class to the same method of its blocking twin: name, arguments and words stay.

Each is a line in the twin: `upscale = job_from(Job.upscale)`. A type checker reads the arguments there.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from mjasync.blocking.thread import LoopThread

if TYPE_CHECKING:
    from mjasync.blocking.handles import SyncJob
    from mjasync.flow.job import Job

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")


class Twin(Generic[R]):
    """Something of a pool, and the thread in which it lives."""

    def __init__(self, real: R, thread: LoopThread) -> None:
        self._real = real
        self._thread = thread

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._thread.call(lambda: repr(self._real))}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Twin) and bool(self._real == other._real)

    def __hash__(self) -> int:
        return hash(self._real)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        real: Any = self._real
        bundle: dict[str, str] = self._thread.call(real._repr_mimebundle_)
        return bundle

    def read(self, name: str) -> Any:
        """An attribute of the real one, as the loop sees it."""
        return self._thread.call(lambda: getattr(self._real, name))

    def _job(self, job: "Job") -> "SyncJob":
        raise NotImplementedError


class Reads(Generic[T]):
    """An attribute of the real one, read in the loop: `phase = Reads[Phase]()`."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name
        self.__doc__ = f"As `{name}` of the async one."

    @overload
    def __get__(self, twin: None, owner: type) -> "Reads[T]": ...

    @overload
    def __get__(self, twin: Twin[Any], owner: type) -> T: ...

    def __get__(self, twin: Twin[Any] | None, owner: type) -> "Reads[T] | T":
        """The attribute's value."""
        if twin is None:
            return self
        value: T = twin.read(self._name)
        return value


def job_from(verb: "Callable[Concatenate[Any, P], Job]") -> "Callable[Concatenate[Twin[Any], P], SyncJob]":
    """A verb: its job, at once."""

    @wraps(verb)
    def asked(self: Twin[Any], /, *args: P.args, **kwargs: P.kwargs) -> "SyncJob":
        return self._job(self._thread.call(lambda: verb(self._real, *args, **kwargs)))

    return asked


def told_by(method: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Twin[Any], P], T]:
    """A plain method: what it says."""

    @wraps(method)
    def called(self: Twin[Any], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._thread.call(lambda: method(self._real, *args, **kwargs))

    return called


def waits_for(method: Callable[Concatenate[Any, P], Coroutine[Any, Any, T]]) -> Callable[Concatenate[Twin[Any], P], T]:
    """A coroutine: what it brings, after waiting for it."""

    @wraps(method)
    def waited(self: Twin[Any], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._thread.wait(lambda: method(self._real, *args, **kwargs))

    return waited


def each_of(thread: LoopThread, items: AsyncIterator[T]) -> Generator[T, None, None]:
    """What an async iterator brings, one by one. Leaving early ends it, as there."""

    async def step() -> tuple[T, ...]:
        async for item in items:
            return (item,)
        return ()

    async def leave() -> None:
        if isinstance(items, AsyncGenerator):
            await items.aclose()

    try:
        while found := thread.wait(step):
            yield found[0]
    finally:
        if not thread.closed:
            thread.wait(leave)


def iterates(method: Callable[[Any], AsyncIterator[T]]) -> Callable[[Twin[Any]], Iterator[T]]:
    """An async iterator: what it brings, one by one."""

    @wraps(method)
    def iterated(self: Twin[Any]) -> Iterator[T]:
        return each_of(self._thread, method(self._real))

    return iterated
