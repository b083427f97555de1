"""The verbs of the pool: what can be asked for without a picture to begin from. Each returns a `Job` at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, Unpack

from mjasync.core.model import Spec
from mjasync.core.operations import Operation
from mjasync.core.prompt import Prompt
from mjasync.errors import ConfigError
from mjasync.flow import asking
from mjasync.flow.batch import Batch, Then
from mjasync.flow.desk import Desk
from mjasync.flow.job import Job
from mjasync.flow.verbs import StepOptions


class RequestOptions(StepOptions, total=False):
    """Keyword arguments of every request of its own."""

    #: "relax", "fast" (default) or "turbo".
    mode: str
    #: Name of the account that has to do it; default: any that can.
    account: str
    #: midjourney-proxy: "MID_JOURNEY" or "NIJI_JOURNEY".
    bot_type: str
    #: midjourney-proxy: choose among the relay's own accounts.
    account_filter: Mapping[str, Any]


class ImagineOptions(RequestOptions, total=False):
    """Keyword arguments of `imagine`; every job of a `batch` takes them too."""

    #: Pictures to begin from: paths, bytes, files, addresses, data URIs, PIL images. TTAPI takes addresses only.
    images: Sequence[object]
    #: TTAPI: translate the prompt (its own default is to translate).
    translation: bool


class Requests:
    """What a pool can be asked for."""

    def _open(self) -> Desk:
        raise NotImplementedError

    def _withdraw(self, job: Job) -> None:
        raise NotImplementedError

    def imagine(self, prompt: str | Prompt, **options: Unpack[ImagineOptions]) -> Job:
        """A grid of four pictures from a text. Queued at once, and driven by the pool, whoever awaits it or not.

        Raises `ConfigError` for anything that can be known now: nothing was sent then. A prompt that `lint` finds
        fault with gets a `PromptWarning`, or with `strict=True` a `ConfigError`.
        """
        return self._open().ask(asking.imagine(prompt, options, self._open().sessions))

    def blend(
        self,
        images: Sequence[object],
        *,
        dimensions: Literal["portrait", "square", "landscape"] = "square",
        **options: Unpack[RequestOptions],
    ) -> Job:
        """A grid from two to five pictures: paths, bytes, files, addresses, data URIs, PIL images."""
        return self._ask(lambda: asking.blend(images, dimensions), options)

    def describe(self, image: object, **options: Unpack[RequestOptions]) -> Job:
        """Four prompts for a picture, as `result.texts`; `job.imagine(1)` to `(4)` make pictures from them."""
        return self._ask(lambda: asking.describe(image), options)

    def shorten(self, prompt: str | Prompt, **options: Unpack[RequestOptions]) -> Job:
        """Up to five shorter prompts, as `result.texts`; `job.imagine(1)` to `(5)` use them. midjourney-proxy only."""
        return self._ask(lambda: asking.shorten(prompt), options)

    def swap_face(self, source: object, target: object, **options: Unpack[RequestOptions]) -> Job:
        """The face of `source` in the picture `target`; only behind relays that have it (`insight-face/swap`)."""
        return self._ask(lambda: asking.swap_face(source, target), options)

    def upload(self, images: Sequence[object], **options: Unpack[RequestOptions]) -> Job:
        """Give pictures public addresses, as `result.images`, in their order; only behind relays that have it."""
        return self._ask(lambda: asking.upload(images), options)

    def batch(
        self,
        prompts: Iterable[str | Prompt | Mapping[str, Any]] | str | Prompt,
        *,
        then: Then | None = None,
        errors: Literal["return", "raise"] = "return",
        expand: bool = True,
        **options: Unpack[ImagineOptions],
    ) -> Batch:
        """Many prompts at once: `async for outcome in batch` as they end, or `await batch` for all in order.

        An item may be a mapping of `imagine`'s arguments, with its own mode for example. `a {red, blue} bird` is two
        prompts (`expand=False`: one, as it stands). `then=lambda job: job.upscale(1)` chains a step to every job.
        Every item is checked before the first is queued. Awaited with `errors="raise"`, failures raise one
        `BatchError` after all have ended.
        """
        if errors not in ("return", "raise"):
            raise ConfigError(f"errors={errors!r} is neither 'return' nor 'raise'.", hint="use one of the two")
        desk = self._open()
        items = asking.items(prompts, options, expand=expand)
        specs = [_checked(n, item, desk) for n, item in enumerate(items)]
        desk.check_keys(specs)
        others = frozenset(desk.jobs)

        def withdraw(job: Job) -> None:
            if job.id not in others:  # somebody else wants it, who gave the same key
                self._withdraw(job)

        jobs: list[Job] = []
        try:
            specs.reverse()
            while specs:  # each makes room for its job
                jobs.append(desk.ask(specs.pop()))
            return Batch(jobs, then=then, errors=errors, withdraw=withdraw)
        except BaseException:
            for job in tuple(desk.jobs.values()):  # steps of somebody else's job, that `then` made, too
                withdraw(job)
            raise

    def _ask(self, operation: Callable[[], Operation], options: Mapping[str, Any]) -> Job:
        desk = self._open()
        return desk.ask(asking.new(operation(), options, desk.sessions))


def _checked(number: int, item: tuple[object, dict[str, Any]], desk: Desk) -> Spec:
    """One item of a batch as a spec; an error names its place."""
    try:
        return asking.imagine(item[0], item[1], desk.sessions)
    except ConfigError as exc:
        exc.what = f"Item {number} of the batch: {exc.what}"
        raise
