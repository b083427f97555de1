"""Every cancel point, with its count: `python -m tests.cancel`."""

import logging
import os
import sys
import tempfile
import time

from tests.cancel.plan import EVERYTHING


def main() -> int:
    """One line for each scene, and the sum."""
    with tempfile.TemporaryDirectory(prefix="mjasync-locks-") as folder:
        os.environ["MJASYNC_LOCKS"] = folder
        return _run()


def _run() -> int:
    logging.disable(logging.CRITICAL)
    total, bad, begun = 0, 0, time.perf_counter()
    for part in EVERYTHING:
        count = 0
        try:
            for _ in part.run():
                count += 1
        except BaseException as exc:  # noqa: BLE001  # told, and counted
            bad += 1
            print(f"FAILED {part}: {exc} {getattr(exc, '__notes__', '')}", flush=True)
        else:
            print(f"{count:5} {part}", flush=True)
        total += count
    print(f"{total} points, {bad} scenes went wrong, {time.perf_counter() - begun:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
