"""Other providers' own clients, waiting for a task as their documentation shows it, against a service in memory.

Each is installed or not; none is imported before it is driven. All of them sleep on the loop's clock, so that virtual
time drives the real loops: nothing here re-creates what a client does.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from attrs import define, field, frozen


@define
class Service:
    """Tasks that end when they end, and how often each was asked for."""

    ends: dict[str, float] = field(factory=dict)
    looks: Counter[str] = field(factory=Counter)

    def begin(self, seconds: float) -> str:
        """Accept a task that lasts so long."""
        task = f"task-{len(self.ends):06d}"
        self.ends[task] = asyncio.get_running_loop().time() + seconds
        return task

    def over(self, url: str) -> bool:
        """Answer a request for a task, whose id stands in the path."""
        task = next(part for part in urlsplit(url).path.split("/") if part.startswith("task-"))
        self.looks[task] += 1
        return asyncio.get_running_loop().time() >= self.ends[task]


Wait = Callable[[str], Awaitable[object]]


@frozen
class Client:
    """A client: its distribution, and how it waits for a task that was submitted."""

    name: str
    module: str
    #: Its own default, in words.
    looks: str
    connect: Callable[[Service], Wait]

    def installed(self) -> bool:
        """Whether it can be measured here."""
        try:
            import_module(self.module)
        except ImportError:
            return False
        return True


@frozen
class Words:
    """What the provider calls a task that runs, and one that is over."""

    running: str
    over: str


def _transport(
    service: Service, words: Words, answer: Callable[[Any, str], dict[str, object]], library: str = "httpx"
) -> Any:
    """In memory: `answer` makes the document of a request for a task with this status."""
    httpx: Any = import_module(library)

    def respond(request: Any) -> Any:
        # A submit brings the task's id with it, because the service was asked to begin it before.
        over = request.method == "GET" and service.over(str(request.url))
        return httpx.Response(200, json=answer(request, words.over if over else words.running))

    return httpx.MockTransport(respond)


def _openai(service: Service) -> Wait:
    openai: Any = import_module("openai")
    httpx: Any = import_module("httpx2")

    def answer(_request: Any, status: str) -> dict[str, object]:
        return {"id": "file", "object": "vector_store.file", "status": status}

    carrier = httpx.AsyncClient(transport=_transport(service, Words("in_progress", "completed"), answer, "httpx2"))
    client = openai.AsyncOpenAI(api_key="none", http_client=carrier)
    # The loop of all its helpers; the one for videos is the same, and warns that the videos are gone.
    return lambda task: client.vector_stores.files.poll(task, vector_store_id="store")


def _runwayml(service: Service) -> Wait:
    runwayml: Any = import_module("runwayml")
    httpx: Any = import_module("httpx")
    # The client throws the module's own dice.
    random.seed(7)

    def answer(request: Any, status: str) -> dict[str, object]:
        if request.method == "POST":
            return {"id": json.loads(request.content)["promptText"]}
        return {"id": "task", "status": status, "output": []}

    client = runwayml.AsyncRunwayML(
        api_key="none",
        http_client=httpx.AsyncClient(transport=_transport(service, Words("RUNNING", "SUCCEEDED"), answer)),
    )

    async def wait(task: str) -> None:
        made = await client.text_to_image.create(model="gen4_image", prompt_text=task, ratio="1920:1080")
        await made.wait_for_task_output(timeout=None)

    return wait


def _replicate(service: Service) -> Wait:
    replicate: Any = import_module("replicate")

    def answer(request: Any, status: str) -> dict[str, object]:
        posted = request.method == "POST"
        task = json.loads(request.content)["input"]["task"] if posted else request.url.path.rsplit("/")[-1]
        told = {"id": task, "status": status, "model": "m", "version": "v"}
        return {**told, "input": {}, "urls": {}, "output": None, "error": None, "logs": "", "created_at": ""}

    client = replicate.Client(api_token="none", transport=_transport(service, Words("processing", "succeeded"), answer))  # noqa: S106  # no secret

    async def wait(task: str) -> None:
        prediction = await client.predictions.async_create(version="v", input={"task": task})
        await prediction.async_wait()

    return wait


def _fal(service: Service) -> Wait:
    fal: Any = import_module("fal_client")
    httpx: Any = import_module("httpx")

    def answer(_request: Any, status: str) -> dict[str, object]:
        return {"status": status, "logs": None, "metrics": {}}

    carrier = httpx.AsyncClient(transport=_transport(service, Words("IN_PROGRESS", "COMPLETED"), answer))
    return lambda task: fal.AsyncRequestHandle.from_request_id(carrier, "fal-ai/some", task).get()


def _azure(service: Service) -> Wait:
    core: Any = import_module("azure.core")
    polling: Any = import_module("azure.core.polling")
    base: Any = import_module("azure.core.polling.async_base_polling")
    pipeline: Any = import_module("azure.core.pipeline")
    transport: Any = import_module("azure.core.pipeline.transport")

    class Answer(transport.AsyncHttpResponse):  # type: ignore[misc]
        """One answer, in the form that the pipeline reads."""

        def __init__(self, request: Any, status: str) -> None:
            super().__init__(request, None)
            self.status_code, self.reason, self.content_type = 202, "", "application/json"
            self.headers = {"operation-location": request.url, "content-type": "application/json"}
            self._told = json.dumps({"status": status}).encode()

        def body(self) -> bytes:
            return self._told

    class Memory(transport.AsyncHttpTransport):  # type: ignore[misc]
        """The way to the service."""

        async def send(self, request: Any, **_options: Any) -> Any:
            over = request.method == "GET" and service.over(request.url)
            return Answer(request, "Succeeded" if over else "Running")

        async def open(self) -> None: ...
        async def close(self) -> None: ...
        async def __aexit__(self, *_what: object) -> None: ...

    carrier = pipeline.AsyncPipeline(Memory(), [])
    made = core.AsyncPipelineClient("https://azure.invalid", pipeline=carrier)

    async def wait(task: str) -> None:
        submit = made.post(f"https://azure.invalid/{task}", headers={"x-ms-client-request-id": task})
        begun = await carrier.run(submit)
        await polling.AsyncLROPoller(made, begun, lambda told: told, base.AsyncLROBasePolling()).result()

    return wait


CLIENTS = (
    Client("fal-client", "fal_client", "every 0.1 s, and once more for the result", _fal),
    Client("replicate", "replicate", "every 0.5 s", _replicate),
    Client("openai", "openai", "every 1 s", _openai),
    Client("runwayml", "runwayml", "every 6 ± 1.5 s", _runwayml),
    Client("azure-core", "azure.core", "every 30 s", _azure),
)
