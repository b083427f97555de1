"""What is open in this process: tasks, file descriptors, threads. Everything has to be back where it began."""

import asyncio
import gc
import threading
from pathlib import Path


def open_files() -> set[str]:
    """What the open file descriptors are of; a descriptor that is closed while we look is not counted."""
    found = set()
    for path in Path("/proc/self/fd").iterdir():
        try:
            found.add(f"{path.name} → {path.readlink()}")
        except OSError:
            continue
    return found


def threads() -> set[str]:
    """Names of the threads that live."""
    return {thread.name for thread in threading.enumerate()}


def tasks() -> set[str]:
    """Names of the tasks that are not over, but for the current one."""
    return {task.get_name() for task in asyncio.all_tasks() - {asyncio.current_task()}}


class Census:
    """What was open before."""

    def __init__(self) -> None:
        self.files, self.threads = open_files(), threads()

    def leaked(self) -> set[str]:
        """What is open now, and was not."""
        new = (open_files() - self.files) | (threads() - self.threads)
        if new:
            gc.collect()
            new = (open_files() - self.files) | (threads() - self.threads)
        return new
