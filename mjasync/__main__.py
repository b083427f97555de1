"""`python -m mjasync` is the `mjasync` command."""

import sys

from mjasync.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
