"""The `mjasync` command: `python -m mjasync`, and what the installed script runs."""

import sys

try:
    from mjasync.cli.main import main
except KeyboardInterrupt:  # Ctrl-C while it is still being loaded: nothing has begun
    sys.stderr.write("Interrupted.\n")
    sys.exit(130)

if __name__ == "__main__":
    sys.exit(main())
