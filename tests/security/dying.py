"""A process that dies in the middle of a save, at a line or at a byte of our choosing.

`python dying.py FOLDER` prints a JSON line for each death: where it was, and what the folder held afterwards. Each
save runs in a fork of its own, so that one start of Python serves all.
"""

import json
import os
import resource
import signal
import sys
from pathlib import Path

from mjasync.flow import files
from mjasync.sheet import saving

BODY = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 800
OLD = b"what was there before"
#: Bytes after which the disk kills us.
CUTS = (0, 1, 4096, 65_536, len(BODY) // 2, len(BODY) - 1)


def replaced(folder):
    files.replace(folder / "mine.png", BODY)


def created(folder):
    files.create(files.numbered(folder, "generated", "png"), BODY)


def kept(folder):
    aside = folder / f"{files.PREFIX}run{files.SUFFIX}"
    aside.mkdir()
    files.replace(aside / "picture.png", BODY)
    picture = saving.Picture(
        number=1,
        prompt="a cat",
        file="",
        step="imagine",
        mode="fast",
        account="a",
        job_id="1",
        remote_id="2",
        lineage=(),
        seconds=1.0,
        quota=None,
    )
    saving._placed(aside / "picture.png", folder, "0001-a-cat", picture)


def at_line(number):
    """Die by kill -9 before the n-th line of our own that writes."""
    left = [number]

    def trace(frame, event, _argument):
        if not frame.f_code.co_filename.endswith(("flow/files.py", "sheet/saving.py")):
            return None
        if event == "line":
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)


def at_byte(number):
    """Die when a file would grow beyond so many bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))


def dies(folder, save, death, where):
    """Whether the save died of it."""
    folder.mkdir(parents=True)
    (folder / "mine.png").write_bytes(OLD)
    (folder / "generated.png").write_bytes(OLD)
    child = os.fork()
    if not child:
        death(where)
        save(folder)
        sys.settrace(None)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    found = {path.name: judged(path) for path in sorted(folder.iterdir())}
    line = {"save": save.__name__, "death": death.__name__, "where": where, "died": bool(status), "found": found}
    print(json.dumps(line), flush=True)
    return bool(status)


def judged(path):
    """What a file holds."""
    if path.is_dir():
        return "folder"
    body = path.read_bytes()
    if body in (OLD, BODY):
        return "old" if body == OLD else "whole"
    if body.endswith(b"}\n") and json.loads(body):
        return "whole"
    return "open part" if body and path.stat().st_mode & 0o077 else "private part"


def main():
    root = Path(sys.argv[1])
    for save in (replaced, created, kept):
        where = 1
        while dies(root / f"{save.__name__}-line-{where}", save, at_line, where):
            where += 1
        for cut in CUTS:
            dies(root / f"{save.__name__}-byte-{cut}", save, at_byte, cut)


if __name__ == "__main__":
    main()
