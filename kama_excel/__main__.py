"""`python -m kama_excel` is the command `kama-excel`."""

import atexit
import gc
import os
import sys


def set_up_process() -> None:
    """Set up a process that does one command and ends, before anything else is loaded.

    It makes what it needs and ends: to look through that for circles, again and again and at the end once more, would
    take a tenth of a run. numpy would begin threads for matrices, and there are none here.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()
    atexit.register(gc.freeze)


def main() -> None:
    """Run the command."""
    set_up_process()
    try:
        from kama_excel.cli.app import main as command  # noqa: PLC0415 -- an interrupt is to be met from the first import on
    except KeyboardInterrupt:  # before there is anything to say it with
        sys.exit(130)
    command()


if __name__ == "__main__":
    main()
