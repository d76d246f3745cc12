"""Run `python -m kama_excel` as the command `kama-excel`."""

import atexit
import gc
import os
import sys

_SWITCH_SECONDS = 0.001  # less than a millisecond would be a busy wait on Windows


def set_up_process() -> None:
    """Tune this short-lived process before anything else is loaded.

    Disables the cyclic garbage collector (a tenth of a run) and limits OpenBLAS to one thread. Lets threads take
    turns more often: those that pass files to reading processes need the interpreter's lock for short moments, and
    by default wait 5 ms for each while the run imports its modules. On Windows it also keeps `platform` from
    querying WMI on the import of pandas, because that query may hang.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.disable()
    atexit.register(gc.freeze)
    if sys.platform == "win32":
        sys.modules.setdefault("_wmi", None)  # type: ignore[arg-type]  # an import of it fails, and the registry is read


def main() -> None:
    """Run the command and exit with its code, or with the code that a batch file expects."""
    set_up_process()
    try:
        from kama_excel.cli import batch_file  # noqa: PLC0415 -- an interrupt is to be met from the first import on
        from kama_excel.cli.app import main as command  # noqa: PLC0415
    except KeyboardInterrupt:  # the console module is not loaded yet
        sys.exit(130)
    arguments = batch_file.arguments(sys.argv[1:])
    if not batch_file.is_started_by_batch_file():
        command(arguments, prog_name=batch_file.given_name())
    batch_file.use_one_encoding()
    try:
        command(arguments, prog_name=batch_file.given_name())
    except SystemExit as ended:
        sys.exit(batch_file.exit_code(ended.code))


if __name__ == "__main__":
    main()
