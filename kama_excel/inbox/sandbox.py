"""Read files in a child process, so that a hostile file ends only that process.

One process reads one file after another. One that crashes, hangs or takes too much memory is replaced.

It is a `subprocess` with two pipes. `multiprocessing` starts its children by `python -c`, which endpoint
protection distrusts; it runs the caller's main module again in them, passes on the current search path and
environment, and unpickles any answer. It would save only the 25 lines of `pipe_frames`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, cast

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Entry, Picture, Shown, Source
from kama_excel.domain.keys import key_of
from kama_excel.domain.place import Place
from kama_excel.files import limits
from kama_excel.findings.catalogue import Code
from kama_excel.findings.failure import Failure
from kama_excel.findings.finding import Finding
from kama_excel.findings.os_errors import describe_os_error
from kama_excel.forms.submission import Submission
from kama_excel.inbox.containers import ENUMS_IN_RESULTS, ContainedFile, Container, Photo, ReadResult, Refusal
from kama_excel.inbox.pipe_frames import READY, BoundedStream, read_frame, write_frame

WORKER = "kama_excel.inbox.worker"
PACKAGE_ROOT = Path(__file__).parents[2]
POLL_SECONDS = 0.2
_START_ATTEMPTS = 2
_READ_ATTEMPTS = 2
_ANSWER_TYPES = {
    (each.__module__, each.__qualname__): each
    for each in (
        *(Submission, Entry, Shown, Source, Picture, key_of),
        *(Container, ContainedFile, Photo, Refusal),
        *(Finding, Place, Month, Fraction, *ENUMS_IN_RESULTS),
        *(dt.date, dt.datetime, dt.time, dt.timedelta, dt.timezone),
    )
}


class WorkerStartError(Failure):
    """The reading process cannot be started: nothing is known about any file."""


class SandboxedReader:
    """Read files in a child process; `close` ends it (`contextlib.closing`).

    The process is started for the first file. One file may take `seconds`, and more for its size. The process gets the environment at
    the creation of this object: numpy changes it while it is loaded, and a process started at that moment would
    get none.
    """

    def __init__(self, seconds: float = limits.SECONDS) -> None:
        self.seconds = seconds
        self._environment = _worker_environment()
        self._worker: _Worker | None = None

    def read(self, name: str, load: Callable[[], bytes], sent: dt.datetime | None = None, **wanted: bool) -> ReadResult:
        """Read one file as `worker.read_content` does, with its options; `load` returns its bytes.

        A file that ends the process or takes too long is tried once more in a new process, and is then a Refusal.
        Raises: WorkerStartError if no process becomes ready; what `load` raises.
        """
        head = pickle.dumps((name, sent, wanted), protocol=5)
        for _ in range(_READ_ATTEMPTS):
            worker = self._started()
            answer = worker.ask(head, load(), self.seconds)
            if answer is not None and not worker.is_late:
                return answer
            self.close()
        if worker.is_late:
            return Refusal(Code.FILE_STOPPED, f"{worker.seconds:.0f}秒以内に読み込みが終わりませんでした")
        return Refusal(Code.FILE_STOPPED, "読み込みのためのプログラムが途中で停止しました")

    def close(self) -> None:
        """End the process, if there is one. It holds nothing to be saved."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def _started(self) -> _Worker:
        """Return the running process, or start one and wait until it is ready."""
        if self._worker is not None and self._worker.is_running():
            return self._worker
        self.close()
        problem = ""
        end = time.monotonic() + limits.START_SECONDS
        for _ in range(_START_ATTEMPTS):
            try:
                worker = _Worker(self._environment)
            except OSError as error:
                raise _start_error(describe_os_error(error)) from error
            if worker.is_ready(end - time.monotonic()):
                self._worker = worker
                return worker
            exit_code = worker.exit_code()
            worker.end()
            if worker.is_late:
                problem = f"{limits.START_SECONDS:.0f}秒以内に準備が完了しませんでした"
                break
            problem = "準備が完了する前に停止しました" + (f"。終了コード {exit_code}" if exit_code is not None else "")
        raise _start_error(problem)


def _start_error(problem: str) -> WorkerStartError:
    return WorkerStartError(
        f"ファイルを読み込むためのプログラム（{sys.executable}）を起動できません（{problem}）。何も変更していません。"
        "ウイルス対策ソフトなどに遮断されていないか、情報システムの担当者にご確認のうえ、もう一度実行してください。"
    )


def _worker_environment() -> Mapping[str, str]:
    """Return an environment in which `-m` finds this program, whatever else is installed.

    A run that ignores Python's variables (`-I`, `-E`) passes none of them on.
    """
    is_ignored = sys.flags.ignore_environment
    kept = {name: text for name, text in os.environ.items() if not (is_ignored and name.upper().startswith("PYTHON"))}
    paths = [str(PACKAGE_ROOT), kept.get("PYTHONPATH", "")]
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


class _Worker:
    """A reading process and the watchdog that kills it when it exceeds its time."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Start the process.

        Raises: OSError if the system cannot start it.
        """
        # -P: a file in the working folder with the name of one of our modules must not be run
        options = ["-P", "-X", "utf8", *(["-s"] if sys.flags.no_user_site else [])]
        self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and our own module
            [sys.executable, *options, "-m", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._watchdog = _Watchdog(self._process.kill)
        self.seconds = 0.0
        """The seconds that the last file was allowed."""
        self._requests = cast("BinaryIO", self._process.stdin)
        self._answers = cast("BinaryIO", self._process.stdout)

    @property
    def is_late(self) -> bool:
        """Whether the watchdog has killed the process."""
        return self._watchdog.has_fired

    def exit_code(self) -> int | None:
        """Return the exit code of a process that ended by itself; None if it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(POLL_SECONDS)
        return None

    def is_running(self) -> bool:
        """Whether the process can take another file."""
        return self._process.poll() is None

    def is_ready(self, seconds: float) -> bool:
        """Wait until the process is ready; False if it ends or exceeds its time before."""
        with self._watchdog.limit(seconds):
            return self._first_message() == READY and not self.is_late

    def _first_message(self) -> bytes | None:
        """Return the first message of the process; None if it ended."""
        try:
            return read_frame(self._answers)
        except (OSError, MemoryError):
            return None

    def ask(self, head: bytes, content: bytes, seconds: float) -> ReadResult | None:
        """Send a file and return the answer; None if the process ended or answered nonsense.

        The file may take `seconds`, and more for its size. Its clock starts when the process has received all its
        bytes.
        """
        self.seconds = seconds + limits.more_seconds(len(content))
        try:
            with self._watchdog.limit(limits.START_SECONDS):
                write_frame(self._requests, head)
                write_frame(self._requests, content)
            del content  # the process has it now
            with self._watchdog.limit(self.seconds):
                return cast("ReadResult", _AnswerUnpickler(cast("BinaryIO", BoundedStream(self._answers))).load())
        except Exception:  # noqa: BLE001 -- the pipe broke, or the answer makes no sense, which may raise anything
            return None

    def end(self) -> None:
        """Kill the process and wait for its end."""
        self._watchdog.end()
        self._process.kill()
        for stream in (self._requests, self._answers):
            with contextlib.suppress(OSError):
                stream.close()
        self._process.wait()


class _Watchdog:
    """Kill a process that exceeds a time limit, up to `POLL_SECONDS` late.

    One thread serves all files of a process: starting one per file would take longer than reading a form.
    """

    def __init__(self, kill: Callable[[], None]) -> None:
        self.has_fired = False
        self._kill = kill
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._late_at = math.inf
        threading.Thread(target=self._watch, daemon=True).start()

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Limit the time of this context."""
        self._set(time.monotonic() + seconds)
        try:
            yield
        finally:
            self._set(math.inf)

    def end(self) -> None:
        """Stop watching."""
        self._ended.set()

    def _set(self, late_at: float) -> None:
        with self._lock:
            self._late_at = late_at

    def _watch(self) -> None:
        while not self._ended.wait(POLL_SECONDS):
            with self._lock:
                if time.monotonic() > self._late_at:
                    self.has_fired = True
                    self._kill()
                    return


class _AnswerUnpickler(pickle.Unpickler):
    """Unpickle an answer of known types only: a hostile file may control the process."""

    def find_class(self, module: str, name: str) -> object:
        if known := _ANSWER_TYPES.get((module, name)):
            return known
        raise pickle.UnpicklingError(f"{module}.{name}")
