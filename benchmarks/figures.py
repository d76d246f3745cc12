"""What is measured: the run beside the peer, its stages, and how its cost grows."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import linear_regression, median

from benchmarks.made_up_city import City, lay_out
from benchmarks.measure import ENVIRONMENT, Cost, cost, costs, cpu_ratio, medians, memory, ratio
from benchmarks.stages import DOORS

_HERE = Path(__file__).parent
_WITH_ERRORS = 1  # the exit code of a run that was written and names errors


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: the cities beside the peer, and the cities along each measure that a city grows in.

    Large cities are run half as often as `rounds`.
    """

    beside_peer: tuple[City, ...]
    growth: tuple[tuple[str, tuple[City, ...]], ...]
    on_demand: tuple[City, ...]
    rounds: int

    @property
    def cities(self) -> list[City]:
        """Every city, once."""
        return list(
            dict.fromkeys((*self.beside_peer, *self.on_demand, *(city for _, along in self.growth for city in along)))
        )

    def rounds_of(self, cities: Sequence[City]) -> int:
        """Return how often cities are run that are compared with each other."""
        return max(self.rounds // 2, 1) if any(city.is_large for city in cities) else self.rounds


FULL = Size(
    beside_peer=(City(20), City(200)),
    growth=(
        ("forms", (City(20), City(100), City(200), City(500), City(1000))),
        ("tasks", (City(20), City(20, tasks=8), City(20, tasks=16), City(20, tasks=32))),
        ("months", (City(20), City(20, months=12), City(20, months=24), City(20, months=36))),
        ("pictures", (City(20), City(20, pictures=1), City(20, pictures=2), City(20, pictures=4))),
        ("months", tuple(City(20, months=months, pictures=1) for months in (1, 12, 24, 36))),
        ("findings", tuple(City(20, tasks=84, findings=findings) for findings in (0, 125, 250))),
        ("actions", (City(20), City(20, tasks=5, actions=100), City(20, tasks=15, actions=300))),
        ("years", tuple(City(20, tasks=15, actions=300, years=years) for years in (3, 6, 10))),
    ),
    on_demand=(City(20), City(20, tasks=15, actions=300)),
    rounds=4,
)
SMALLEST = Size(
    beside_peer=(City(1),),
    growth=(("pictures", (City(1), City(1, pictures=1, pixels=320))),),
    on_demand=(City(1),),
    rounds=1,
)


@dataclass(frozen=True, slots=True)
class BesidePeer:
    """A city, run and evaluated by the peers in turn. Memory in MiB."""

    city: City
    ours: Cost
    peer: Cost
    fast: Cost
    """The faster peer."""
    ratio: float
    """Of the time to the peer's, `cpu_ratio` of the processor time."""
    cpu_ratio: float
    fast_ratio: float
    fast_cpu_ratio: float
    memory: float
    peer_memory: float
    fast_memory: float


@dataclass(frozen=True, slots=True)
class Stages:
    """Seconds by stage, and the memory in MiB that the process had held at most when reading was done."""

    city: City
    seconds: dict[str, float]
    memory_read: float
    bare_calamine: float


@dataclass(frozen=True, slots=True)
class Growth:
    """How the cost grows along one measure of the city: its runs, and their ratios to the first one's wall time."""

    of: str
    cities: tuple[City, ...]
    costs: tuple[Cost, ...]
    ratios: tuple[float, ...]
    memories: tuple[float, ...]

    @property
    def amounts(self) -> list[int]:
        """What is there more and more of, in the whole city: forms, tasks, months, pictures, findings, actions, years."""
        return [
            getattr(city, self.of) * (city.forms if self.of in ("tasks", "pictures", "findings") else 1)
            for city in self.cities
        ]

    @property
    def line(self) -> tuple[float, float]:
        """Seconds for one more, and seconds for none, by least squares."""
        return tuple(linear_regression(self.amounts, [each.wall for each in self.costs]))  # type: ignore[return-value]

    @property
    def farthest(self) -> float:
        """How far the farthest run lies from the line, as a part of its own time."""
        slope, start = self.line
        return max(
            abs(each.wall - start - slope * amount) / each.wall
            for amount, each in zip(self.amounts, self.costs, strict=True)
        )


@dataclass(frozen=True, slots=True)
class OnDemand:
    """A city's run without and with what is written on demand only."""

    city: City
    plain: Cost
    html: Cost
    """With the page for the public and its open data."""
    csv: Cost


@dataclass(frozen=True, slots=True)
class Figures:
    """All that was measured."""

    beside_peer: tuple[BesidePeer, ...]
    stages: tuple[Stages, ...]
    growth: tuple[Growth, ...]
    on_demand: tuple[OnDemand, ...]
    help_ratio: float
    """`--help` to `import pandas`."""
    help: Cost
    pandas: Cost


def measure(size: Size, cities: Path) -> Figures:
    """Lay out the cities that are not there yet, and measure. Says on standard error how far it is."""
    for city in size.cities:
        if not (cities / city.folder).exists():
            _say(f"laying out {city.folder}")
            unfinished = cities / f"{city.folder}.unfinished"
            lay_out(unfinished, city)
            unfinished.rename(cities / city.folder)
    beside = tuple(_beside_peer(cities, city, size.rounds_of([city])) for city in size.beside_peer)
    largest = max(size.cities, key=lambda city: city.forms)
    staged = dict.fromkeys((*size.beside_peer, largest))
    stages = tuple(_stages(cities, city, size.rounds_of([city])) for city in staged)
    growth = tuple(_growth(cities, of, along, size.rounds_of(along)) for of, along in size.growth)
    on_demand = tuple(_on_demand(cities, city, size.rounds_of([city])) for city in size.on_demand)
    commands = (_program("--help"), _python("-c", "import pandas"))
    shown, imported = costs([partial(cost, each) for each in commands], size.rounds)
    return Figures(beside, stages, growth, on_demand, ratio(shown, imported), medians(shown), medians(imported))


def _beside_peer(cities: Path, city: City, rounds: int) -> BesidePeer:
    _say(f"beside the peer: {city.folder}")
    peer, fast = (
        _python("-m", f"benchmarks.{name}", str(_input(cities, city)), str(cities / "peer.xlsx"))
        for name in ("afternoon", "fast_afternoon")
    )
    run = _run(cities, city)
    held = memory(run), memory(peer), memory(fast)  # the first runs compile what the timed ones load
    ours, peers, fasts = costs(
        [partial(cost, run, (0, _WITH_ERRORS)), partial(cost, peer), partial(cost, fast)], rounds
    )
    ratios = ratio(ours, peers), cpu_ratio(ours, peers), ratio(ours, fasts), cpu_ratio(ours, fasts)
    return BesidePeer(city, medians(ours), medians(peers), medians(fasts), *ratios, *held)


def _stages(cities: Path, city: City, rounds: int) -> Stages:
    _say(f"stages: {city.folder}")
    seconds: list[dict[str, float]] = []
    memories: list[float] = []
    bare: list[float] = []
    for _ in range(rounds):
        begun = time.perf_counter()
        said = json.loads(_output_of(_python("-m", "benchmarks.stages", str(cities / city.folder))))
        wall = time.perf_counter() - begun
        seconds.append({"start": wall - sum(said["seconds"].values())} | said["seconds"])
        memories.append(said["memory"]["read"])
        bare.append(float(_output_of(_python(str(_HERE / "bare_calamine.py"), str(_input(cities, city))))))
    middle = {stage: median(each[stage] for each in seconds) for stage in ("start", *DOORS, "rest")}
    return Stages(city, middle, median(memories), median(bare))


def _growth(cities: Path, of: str, along: Sequence[City], rounds: int) -> Growth:
    _say(f"growth with {of}")
    runs = [_run(cities, city) for city in along]
    found = costs([partial(cost, run, (0, _WITH_ERRORS)) for run in runs], rounds)
    ratios = tuple(ratio(each, found[0]) for each in found)
    return Growth(of, tuple(along), tuple(map(medians, found)), ratios, tuple(map(memory, runs)))


def _on_demand(cities: Path, city: City, rounds: int) -> OnDemand:
    _say(f"on demand: {city.folder}")
    runs = [_run(cities, city, *options) for options in ([], ["--html"], ["--csv"])]
    return OnDemand(city, *map(medians, costs([partial(cost, run, (0, _WITH_ERRORS)) for run in runs], rounds)))


def _input(cities: Path, city: City) -> Path:
    return cities / city.folder / "input" / str(city.newest)


def _run(cities: Path, city: City, *options: str) -> list[str]:
    return _program("run", "--folder", str(cities / city.folder), *options)


def _program(*arguments: str) -> list[str]:
    return _python("-m", "kama_excel", *arguments)


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _output_of(command: Sequence[str]) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, env=ENVIRONMENT).stdout


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
