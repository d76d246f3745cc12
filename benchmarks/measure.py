"""What a process costs: wall and processor time, and the most memory that it and its children held together."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import psutil

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""What the processes run in: as it is where the program is installed, modules are compiled once."""
_PAUSE = 0.01  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one process, from its start to its end; `cpu` is of all processors and of its children too."""

    wall: float
    cpu: float


def cost(command: Sequence[str], allowed: Sequence[int] = (0,)) -> Cost:
    """Run a command. Raises RuntimeError with what it said where its exit code is not one of the allowed."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT) as process:
        said = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begun
    if process.returncode not in allowed:
        raise RuntimeError(f"{' '.join(command)}: {process.returncode}\n{said.decode()}")
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def costs(commands: Sequence[Callable[[], Cost]], rounds: int) -> list[list[Cost]]:
    """Run commands in turn, in every other round backwards; return of each command its costs by round.

    A machine that does other things meanwhile slows neighbours in time alike: a ratio is taken within a round.
    """
    found: list[list[Cost]] = [[] for _ in commands]
    for each in range(rounds):
        turn = list(zip(commands, found, strict=True))
        for command, mine in reversed(turn) if each % 2 else turn:
            mine.append(command())
    return found


def medians(of: Sequence[Cost]) -> Cost:
    """Return the medians of wall and processor time."""
    return Cost(median(each.wall for each in of), median(each.cpu for each in of))


def ratio(ours: Sequence[Cost], peers: Sequence[Cost]) -> float:
    """Return the median of the ratios of wall time within a round."""
    return median(mine.wall / other.wall for mine, other in zip(ours, peers, strict=True))


def cpu_ratio(ours: Sequence[Cost], peers: Sequence[Cost]) -> float:
    """Return the median of the ratios of processor time within a round."""
    return median(mine.cpu / other.cpu for mine, other in zip(ours, peers, strict=True))


def memory(command: Sequence[str]) -> float:
    """Run a command and return the most memory in MiB; what processes share counts once.

    It is a run of its own, as looking takes time.
    """
    most = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT) as process:
        while process.poll() is None:
            most = max(most, _held(process.pid))
            time.sleep(_PAUSE)
    return most / 2**20


def _held(pid: int) -> int:
    held = 0
    try:
        parent = psutil.Process(pid)
        for each in (parent, *parent.children(recursive=True)):
            held += each.memory_full_info().pss
    except psutil.Error:
        pass  # it has just ended
    return held
