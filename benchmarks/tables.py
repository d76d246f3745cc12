"""Figures → what is read: Markdown for `docs/performance.md`, and the ratios that README quotes."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks.figures import Figures, Growth

_LIBRARIES = ("pandas", "openpyxl", "python-calamine", "xlsxwriter", "pillow")
_MUNICIPALITIES, _FORMS = 1741, 20


def markdown(figures: Figures) -> str:
    """Return all tables."""
    parts = (
        _machine(),
        _beside_peer(figures),
        _stages(figures),
        _growth(figures),
        _on_demand(figures),
        _nation(figures),
    )
    return "\n\n".join(parts)


def quoted(figures: Figures) -> str:
    """Return the ratios for README."""
    beside = ", ".join(f"{each.city.forms} forms in {each.ratio:.2f}" for each in figures.beside_peer)
    memory = max(each.memory / each.peer_memory for each in figures.beside_peer)
    return (
        f"Of the time that an afternoon's script (pandas, openpyxl) takes, a whole run takes: {beside}; of its memory at "
        f"most {memory:.2f}. How it was measured, and how it grows: [docs/performance.md](docs/performance.md)."
    )


def put_between(path: Path, name: str, text: str) -> None:
    """Write a text between `<!-- name -->` and `<!-- end -->`. Raises ValueError where the marks are not there once."""
    old = path.read_text(encoding="utf-8")
    marked = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    new, count = marked.subn(lambda match: f"{match[1]}{text}\n{match[2]}", old)
    if count != 1:
        raise ValueError(f"{path}: {name}")
    path.write_text(new, encoding="utf-8")


def _machine() -> str:
    processor = next(
        (line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")), ""
    )
    memory = psutil.virtual_memory().total / 2**30
    libraries = ", ".join(f"{each} {version(each)}" for each in _LIBRARIES)
    return (
        f"{processor}, {psutil.cpu_count()} processors, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, {libraries}."
    )


def _beside_peer(figures: Figures) -> str:
    rows = [
        (
            each.city.forms,
            who,
            f"{whose.wall:.2f} s",
            f"**{ratios[0]:.2f}**" if ratios else "",
            f"{whose.cpu:.2f} s",
            f"{ratios[1]:.2f}" if ratios else "",
            f"{memory:.0f} MiB",
        )
        for each in figures.beside_peer
        for who, whose, ratios, memory in (
            ("the run", each.ours, (), each.memory),
            ("the peer", each.peer, (each.ratio, each.cpu_ratio), each.peer_memory),
            ("the faster peer", each.fast, (each.fast_ratio, each.fast_cpu_ratio), each.fast_memory),
        )
    ]
    heading = ("forms", "of", "time", "the run to it", "processors", "the run to it", "memory")
    shown = (
        f"`--help` takes {figures.help.wall:.2f} s where `import pandas` takes {figures.pandas.wall:.2f} s: "
        f"{figures.help_ratio:.2f} of it."
    )
    return f"### Beside the peer\n\n{_table(heading, rows)}\n\n{shown}"


def _stages(figures: Figures) -> str:
    stages = list(figures.stages[0].seconds)
    rows: list[Sequence[object]] = [
        (stage, *(f"{each.seconds[stage]:.2f} s" for each in figures.stages)) for stage in stages
    ]
    rows.append(("whole", *(f"{sum(each.seconds.values()):.2f} s" for each in figures.stages)))
    rows.append(("calamine alone", *(f"{each.bare_calamine:.2f} s" for each in figures.stages)))
    times = [each.seconds["read"] / each.bare_calamine for each in figures.stages]
    rows.append(("read ÷ calamine alone", *(f"{each:.1f}" for each in times)))
    rows.append(("memory held when read", *(f"{each.memory_read:.0f} MiB" for each in figures.stages)))
    return f"### Stages\n\n{_table(('', *(f'{each.city.forms} forms' for each in figures.stages)), rows)}"


def _growth(figures: Figures) -> str:
    return "### How it grows\n\n" + "\n\n".join(map(_grows, figures.growth))


def _grows(growth: Growth) -> str:
    rows = [
        (amount, f"{cost.wall:.2f} s", f"{cost.cpu:.2f} s", f"{memory:.0f} MiB", f"{ratio:.2f}")
        for amount, cost, memory, ratio in zip(
            growth.amounts, growth.costs, growth.memories, growth.ratios, strict=True
        )
    ]
    slope, start = growth.line
    line = (
        f"A line of {start:.2f} s and {slope * 1000:.1f} ms for each of the {growth.of}; "
        f"no run lies farther from it than {growth.farthest:.0%}."
    )
    table = _table((growth.of, "run", "processors", "memory", "to the first"), rows)
    pictured = min(city.pictures for city in growth.cities)
    return f"Of forms with {pictured} photo each:\n\n{table}\n\n{line}" if pictured else f"{table}\n\n{line}"


def _on_demand(figures: Figures) -> str:
    rows = [
        (
            f"{each.city.forms} forms, {each.city.actions} actions",
            *(f"{cost.wall:.2f} s" for cost in (each.plain, each.html, each.csv)),
        )
        for each in figures.on_demand
    ]
    return f"### On demand\n\n{_table(('', 'the workbook', 'and the public page', 'and CSV'), rows)}"


def _nation(figures: Figures) -> str:
    first = figures.growth[0].costs[0]
    wall, cpu = (_MUNICIPALITIES * seconds / 3600 for seconds in (first.wall, first.cpu))
    count = figures.growth[0].amounts[0]
    return (
        "### A whole nation, by calculation\n\n"
        f"{_MUNICIPALITIES:,} municipalities are {_MUNICIPALITIES:,} runs, each of its own plan. At the cost of a run of "
        f"{count} forms above, this machine does all of them one after the other in {wall:.1f} hours "
        f"({cpu:.1f} hours of processors)."
    )


def _table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heading, ["---", *("---:" for _ in heading[1:])], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
