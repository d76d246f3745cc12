"""Reading files in a process of their own, so that a hostile or broken one costs itself and nothing else.

One process reads one file after the other; one that crashes, hangs or takes too much is ended and replaced.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import math
import os
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import BinaryIO, cast

from kama_excel.files import limits
from kama_excel.findings.catalogue import Code
from kama_excel.findings.failure import Failure, describe_os_error
from kama_excel.inbox.containers import ReadResult, Refusal
from kama_excel.inbox.pipe_frames import read_frame, write_frame

_START = (  # this very program, whichever other is installed; of all else what stands in its folder comes last
    "import sys; sys.path.insert(0, sys.argv[1]); import kama_excel; sys.path.append(sys.path.pop(0)); "
    "from kama_excel.inbox.worker import main; main()"
)
_HOUSE = str(Path(__file__).parents[2])
_LOOKS = 0.2  # seconds between two looks at the clock
_ALLOWED = frozenset(
    {
        *(("kama_excel.forms.submission", name) for name in ("Submission", "PrintedText", "SentPicture")),
        *(("kama_excel.domain.entries", name) for name in ("Entry", "Picture", "Excluded", "Certainty")),
        *(("kama_excel.inbox.containers", name) for name in ("Container", "ContainedFile")),
        *(("kama_excel.inbox.containers", name) for name in ("Photo", "Refusal")),
        *(("kama_excel.findings.catalogue", name) for name in ("Code", "Rule", "Severity")),
        *(("kama_excel.findings.finding", "Finding"), ("kama_excel.domain.place", "Place")),
        *(("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")),
        *(("fractions", "Fraction"), ("kama_excel.domain.calendar", "Month")),
    }
)


class WorkerStartError(Failure):
    """The reading process cannot be started at all. The message says so in Japanese."""


class SandboxedReader:
    """Reads files in a process of its own; `close` leaves nothing running (`contextlib.closing`).

    The process is started for the first file, not before. `seconds` is what one file may take. It begins with the
    environment of when this was made: numpy changes it while it is loaded, and a process that begins just then has none.
    """

    def __init__(self, seconds: float = limits.SECONDS) -> None:
        self.seconds = seconds
        self._environment = dict(os.environ)
        self._process: subprocess.Popen[bytes] | None = None
        self._clock = _Clock()

    def read(
        self, name: str, content: bytes, sent: dt.datetime | None = None, *, with_pictures: bool = True
    ) -> ReadResult:
        """Read one file as `read_content` does. What ends the process, or keeps it too long, is a Refusal of it.

        Raises WorkerStartError where no process can be started.
        """
        process = self._started()
        self._clock.set(self.seconds)
        answer = _ask(process, (name, sent, with_pictures), content)
        is_late = self._clock.stop()
        if answer is None or is_late:  # it may have been ended just after it answered
            self.close()
        if answer is not None:
            return answer
        if is_late:
            return Refusal(Code.FILE_STOPPED, f"{self.seconds:.0f}秒たっても読み終わりませんでした")
        return Refusal(Code.FILE_STOPPED, "読むためのプログラムが途中で止まりました")

    def close(self) -> None:
        """End the process, if there is one. It holds nothing that is to be kept."""
        process, self._process = self._process, None
        if process is None:
            return
        self._clock.end()
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
                    command, stdin=pipe, stdout=pipe, stderr=nowhere, env=self._environment, creationflags=window
                )
            except OSError as error:
                raise WorkerStartError(
                    f"ファイルを読むためのプログラム（{sys.executable}）を始められません（{describe_os_error(error)}）。"
                    "何も変えていません。ウイルス対策などで止められていないか、担当者に確かめてください。"
                ) from error
            self._clock = _Clock.of(self._process)
        return self._process


class _Clock:
    """Kills a process that is late. One thread for all of its files: to begin one for each would take longer than a form.

    It looks every now and then, so a file has up to `_LOOKS` seconds more than it is given.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._late_at = math.inf
        self._is_late = False

    @classmethod
    def of(cls, process: subprocess.Popen[bytes]) -> _Clock:
        """Return a clock that watches over a process until `end`."""
        clock = cls()
        threading.Thread(target=clock._watch, args=(process,), daemon=True).start()
        return clock

    def set(self, seconds: float) -> None:
        """Let a file take so long from now on."""
        with self._lock:
            self._late_at = time.monotonic() + seconds

    def stop(self) -> bool:
        """Return whether the process was killed; from now on it may take its time."""
        with self._lock:
            self._late_at = math.inf
            return self._is_late

    def end(self) -> None:
        """Watch no more."""
        self._ended.set()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while not self._ended.wait(_LOOKS):
            with self._lock:
                if time.monotonic() > self._late_at:
                    self._is_late = True
                    process.kill()
                    return


def _ask(process: subprocess.Popen[bytes], head: object, content: bytes) -> ReadResult | None:
    """Send a file and wait for the answer; None where the process ended over it."""
    stdin, stdout = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
    try:
        write_frame(stdin, pickle.dumps(head, protocol=5))
        write_frame(stdin, content)
        answer = read_frame(stdout)
        return None if answer is None else cast("ReadResult", _Answers(io.BytesIO(answer)).load())
    except Exception:  # noqa: BLE001 -- the pipe broke, or the answer makes no sense, which may raise anything
        return None


class _Answers(pickle.Unpickler):
    """Reads an answer made of nothing but the types that answers are made of: a file may have taken the process over."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) in _ALLOWED:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")
