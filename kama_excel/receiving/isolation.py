"""Reading files in a process of their own, so that a hostile or broken one costs itself and nothing else.

One process reads one file after the other; one that crashes, hangs or takes too much is ended and replaced.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO, cast

from kama_excel.failure import Failure
from kama_excel.faults import reason_of
from kama_excel.findings import Code
from kama_excel.intake import limits
from kama_excel.receiving.frames import read_frame, write_frame
from kama_excel.receiving.outcome import Read, Refusal

_START = "import sys; sys.path.append(sys.argv[1]); from kama_excel.receiving.worker import main; main()"
_HOUSE = str(Path(__file__).parents[2])
_ALLOWED = frozenset(
    {
        *(("kama_excel.forms.submission", name) for name in ("Submission", "Entry", "PrintedText")),
        *(("kama_excel.forms.submission", name) for name in ("Picture", "SentPicture")),
        *(("kama_excel.intake.containers", name) for name in ("Container", "ContainedFile")),
        *(("kama_excel.receiving.outcome", name) for name in ("Photo", "Refusal")),
        *(("kama_excel.findings", name) for name in ("Finding", "Place", "Code", "Rule", "Severity")),
        *(("kama_excel.values", name) for name in ("Excluded", "Certainty")),
        *(("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")),
        *(("fractions", "Fraction"), ("kama_excel.fiscal", "Month")),
    }
)


class IsolationError(Failure):
    """The reading process cannot be started at all. The message says so in Japanese."""


class Isolation:
    """Reads files in a process of its own; `close` leaves nothing running (`contextlib.closing`).

    The process is started for the first file, not before. `seconds` is what one file may take.
    """

    def __init__(self, seconds: float = limits.SECONDS) -> None:
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, name: str, content: bytes, sent: dt.datetime | None = None) -> Read:
        """Read one file as `read_content` does. What ends the process, or keeps it too long, is a Refusal of it.

        Raises IsolationError where no process can be started.
        """
        process = self._started()
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            process.kill()

        clock = threading.Timer(self.seconds, end)
        clock.daemon = True
        clock.start()
        try:
            answer = _ask(process, name, content, sent)
        finally:
            clock.cancel()
        if answer is None or is_late.is_set():  # it may have been ended just after it answered
            self.close()
        if answer is not None:
            return answer
        if is_late.is_set():
            return Refusal(Code.FILE_STOPPED, f"{self.seconds:.0f}秒たっても読み終わりませんでした")
        return Refusal(Code.FILE_STOPPED, "読むためのプログラムが途中で止まりました")

    def close(self) -> None:
        """End the process, if there is one. It holds nothing that is to be kept."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            # -P: a file in the working folder that is called like a module of ours must not be run
            command = [sys.executable, "-P", "-X", "utf8", "-c", _START, _HOUSE]
            window = getattr(subprocess, "CREATE_NO_WINDOW", 0)
            pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
            try:
                self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter with our own words
                    command, stdin=pipe, stdout=pipe, stderr=nowhere, creationflags=window
                )
            except OSError as error:
                raise IsolationError(
                    f"ファイルを読むためのプログラム（{sys.executable}）を始められません（{reason_of(error)}）。"
                    "何も変えていません。ウイルス対策などで止められていないか、担当者に確かめてください。"
                ) from error
        return self._process


def _ask(process: subprocess.Popen[bytes], name: str, content: bytes, sent: dt.datetime | None) -> Read | None:
    """Send a file and wait for the answer; None where the process ended over it."""
    stdin, stdout = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
    try:
        write_frame(stdin, pickle.dumps((name, sent), protocol=5))
        write_frame(stdin, content)
        answer = read_frame(stdout)
        return None if answer is None else cast("Read", _Answers(io.BytesIO(answer)).load())
    except (OSError, EOFError, pickle.UnpicklingError, ValueError):
        return None


class _Answers(pickle.Unpickler):
    """Reads an answer made of nothing but the types that answers are made of: a file may have taken the process over."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) in _ALLOWED:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")
