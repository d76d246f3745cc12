"""Read the files of months, and those inside mails and archives, in child processes.

The results are in the order of the files' names.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from kama_excel.domain.entries import Picture
from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.files.retry import Retry
from kama_excel.files.temporary import Storage
from kama_excel.findings.catalogue import Code
from kama_excel.forms.submission import Submission
from kama_excel.inbox.containers import Container, Photo, ReadResult, Refusal
from kama_excel.inbox.process_limits import return_large_blocks
from kama_excel.inbox.sandbox import SandboxedReader
from kama_excel.workspace.sent_files import SentFiles, read_file, was_sent

_TOO_SLOW = Refusal(Code.FILE_NOT_REACHED, "一緒に届いたほかのファイルに時間がかかったため")
_BYTES_PER_PROCESS = 1_000_000  # forty forms or two photos: one process reads them while this one loads the rest


class IncomingFile(NamedTuple):
    """A file and the result of reading it; `mail.eml!form.xlsx` is inside another.

    `came_in` is the file on disk that contains it; '' for a file on disk. `is_inline` marks one that is part of a
    mail's text.
    """

    name: str
    result: ReadResult
    sha256: str = ""
    came_in: str = ""
    is_inline: bool = False
    sender: str = ""
    """The address of the sender of the mail that contained it."""


class FileToRead(NamedTuple):
    """A file on disk: name for messages, path below its month's folder, options.

    With `photos` only the photos of these names in it are read.
    """

    path: Path
    name: str
    below: str
    with_pictures: bool = True
    photos: frozenset[str] = frozenset()


def files_to_read(sent: SentFiles) -> list[FileToRead]:
    """Return the files of several months, those of the newest two with their pictures.

    `receive.intake_of_months`, which is loaded meanwhile, decides which older forms need pictures.
    """
    pictured = sent.newest_months
    return [FileToRead(each.path, each.name, each.below, each.month in pictured) for each in sent.files]


class ReadSession(NamedTuple):
    """Files being read: each file, in order, followed by all that is inside it."""

    first: Iterator[list[IncomingFile]]
    """The files that the session was started with."""
    more: Callable[[Iterable[FileToRead]], Iterator[list[IncomingFile]]]
    """Start to read others."""


@contextmanager
def start_reading(files: Sequence[FileToRead]) -> Iterator[ReadSession]:
    """Start to read files in child processes; unused results are dropped at the end.

    The results have the bytes of their pictures in a temporary file.

    Raises: WorkerStartError, when a result is taken, if no process can be started.
    """
    return_large_blocks()
    is_given_up, retry, storage = threading.Event(), Retry(), Storage()
    processes = max(1, min(limits.PROCESSES, os.cpu_count() or 1, _bytes(files) // _BYTES_PER_PROCESS + 1))
    with ExitStack() as stack:
        readers = [stack.enter_context(closing(SandboxedReader())) for _ in range(processes)]
        mine = threading.local()

        def read(file: FileToRead) -> list[IncomingFile]:
            if not hasattr(mine, "reader"):
                mine.reader = readers.pop()
            arrived = _ContainerWalker(mine.reader, file, retry, is_given_up).walk()
            return [each._replace(result=_without_bytes(each.result, storage)) for each in arrived]

        threads = ThreadPoolExecutor(processes)
        try:
            yield ReadSession(threads.map(read, files), partial(threads.map, read))
        finally:
            is_given_up.set()
            threads.shutdown(cancel_futures=True)


def _without_bytes(read: ReadResult, storage: Storage) -> ReadResult:
    """Return a result whose pictures are in `storage`, not in memory."""

    def kept(picture: Picture) -> Picture:
        return picture._replace(stored=storage.keep(picture.content))

    match read:
        case Submission(pictures=pictures):
            kept_ones = (each._replace(value=kept(each.picture)) if each.picture else each for each in pictures)
            return read._replace(pictures=tuple(kept_ones)) if pictures else read
        case Photo(picture=Picture() as picture):
            return Photo(kept(picture))
    return read


def _bytes(files: Sequence[FileToRead]) -> int:
    """Return the total size of files; an inaccessible one counts 0 and is reported when read."""
    size = 0
    for each in files:
        with suppress(OSError):
            size += each.path.lstat().st_size
    return size


@dataclass(slots=True)
class _ContainerWalker:
    """Read one file on disk, what is inside it, and so on."""

    reader: SandboxedReader
    on_disk: FileToRead
    retry: Retry
    is_given_up: threading.Event
    """Set when the results are no longer needed."""
    count: int = 0
    """How many files were inside it so far."""
    seconds_refused: float = 0.0
    """Seconds spent on contained files that could not be read."""

    def walk(self) -> Iterator[IncomingFile]:
        """Yield the file and all that is inside it."""
        path, name = self.on_disk.path, self.on_disk.name
        if not was_sent(self.on_disk.below):
            yield IncomingFile(name, Refusal(Code.FILE_PASSED_OVER))
            return
        yield from self.walk_file(name, partial(read_file, path, self.retry))

    def walk_file(
        self,
        name: str,
        load: Callable[[], bytes],
        sent: dt.datetime | None = None,
        sender: str = "",
        depth: int = 0,
        *,
        is_inline: bool = False,
    ) -> Iterator[IncomingFile]:
        """Yield a file, whose bytes `load` returns, and all files inside it.

        `sent` and `sender` are of the mail that contains it. Containers nested too deep are refused.
        """
        photos = self.on_disk.photos
        if photos and name not in photos and not any(each.startswith(f"{name}!") for each in photos):
            return
        began = time.monotonic()
        wanted = {"with_pictures": self.on_disk.with_pictures, "is_photo_wanted": name in photos}
        sha256 = ""

        def load_and_hash() -> bytes:
            nonlocal sha256
            content = load()
            sha256 = hashlib.sha256(content).hexdigest()
            return content

        try:
            read = self.reader.read(name, load_and_hash, sent, **wanted)
        except RefusedError as error:
            read = Refusal.of(error)
        if isinstance(read, Refusal):
            self.seconds_refused += time.monotonic() - began
        if isinstance(read, Container) and depth >= limits.NESTED:
            read = Refusal(Code.FILE_TOO_LARGE, "メールやZIPが何重にも入れ子になっています")
        came_in, held = self.on_disk.name if depth else "", read
        if isinstance(read, Container):
            held = read._replace(
                files=()
            )  # the contained files are yielded separately; a year's mails must not be in memory twice
        yield IncomingFile(name, held, sha256, came_in, is_inline, sender)
        if isinstance(read, Container):
            mail = read._replace(sent=read.sent or sent, sender=read.sender or sender)
            yield from self.walk_container(name, mail, depth + 1)

    def walk_container(self, name: str, container: Container, depth: int) -> Iterator[IncomingFile]:
        """Yield the content of a container."""
        came_in, sender = self.on_disk.name, container.sender
        for at, each in enumerate(container.files):
            if self.is_given_up.is_set():
                return
            if self.count >= limits.CONTAINED:
                reason = f"中のファイルのうち、{limits.CONTAINED:,}個より後の{len(container.files) - at:,}個"
                yield IncomingFile(name, Refusal(Code.FILE_NOT_REACHED, reason), came_in=came_in, sender=sender)
                return
            self.count += 1
            inner = f"{name}!{each.name}"
            refused = partial(IncomingFile, inner, came_in=came_in, is_inline=each.is_inline, sender=sender)
            if not was_sent(each.name):
                yield refused(Refusal(Code.FILE_PASSED_OVER))
            elif each.content is None:
                yield refused(Refusal(Code.CONTAINER_UNREADABLE, each.reason))
            elif self.seconds_refused > limits.REFUSED_SECONDS:
                yield refused(_TOO_SLOW)
            else:
                load = partial(bytes, each.content)
                yield from self.walk_file(inner, load, container.sent, sender, depth, is_inline=each.is_inline)
