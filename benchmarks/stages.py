"""One run of the program with a watch at the doors of its stages.

`python -m benchmarks.stages WORKING_FOLDER` prints per stage, as JSON, the seconds, and the memory in MiB that the
process itself had held at most when the stage ended.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kama_excel.__main__ import set_up_process

DOORS = {
    "plan": ("kama_excel.plan.reader", "plan_of"),
    "read": ("kama_excel.inbox.receive", "intake_of_months"),
    "history": ("kama_excel.history.timeline", "history"),
    "merge": ("kama_excel.history.timeline", "merge_months"),
    "evaluate": ("kama_excel.history.timeline", "evaluate"),
    "write": ("kama_excel.report.outputs", "report_files"),
    "publish": ("kama_excel.files.publish", "publish"),
}
"""A stage, and the module in which the function is found that is the whole of it."""
_WITHIN_HISTORY = ("merge", "evaluate")


class Watch:
    """Sums up the seconds within functions."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(DOORS, 0.0)
        self.memory = dict.fromkeys(DOORS, 0.0)

    def at(self, stage: str, module: str, name: str) -> None:
        """Put the watch at a function's door. Raises AttributeError where the module has none of that name."""
        place = importlib.import_module(module)
        function: Callable[..., Any] = getattr(place, name)

        def timed(*arguments: Any, **named: Any) -> Any:
            begun = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds[stage] += time.perf_counter() - begun
                self.memory[stage] = _most_held()

        setattr(place, name, timed)


def _most_held() -> float:
    """Return the MiB that this process has held at most.

    `ru_maxrss` would include the process that started it, before the start of Python.
    """
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def main() -> None:
    """Run and print. What a run loads while the files are being read is loaded before it, so that each has its own time."""
    set_up_process()
    from kama_excel import report  # noqa: F401, PLC0415 -- as the command does, once it is needed
    from kama_excel.commands.run import run  # noqa: PLC0415 -- likewise
    from kama_excel.files import publish as output  # noqa: F401, PLC0415 -- as the command does, once it is needed
    from kama_excel.history import timeline as history  # noqa: F401, PLC0415 -- as the command does, once it is needed
    from kama_excel.inbox import receive as month  # noqa: F401, PLC0415 -- likewise
    from kama_excel.plan import reader as file  # noqa: F401, PLC0415 -- likewise
    from kama_excel.workspace.folders import Workspace  # noqa: PLC0415 -- likewise

    watch = Watch()
    for stage, (module, name) in DOORS.items():
        watch.at(stage, module, name)
    begun = time.perf_counter()
    run(Workspace.of(Path(sys.argv[1])))
    whole = time.perf_counter() - begun
    watch.seconds["history"] -= sum(watch.seconds[each] for each in _WITHIN_HISTORY)
    watch.seconds["rest"] = whole - sum(watch.seconds.values())
    print(json.dumps({"seconds": watch.seconds, "memory": watch.memory}))


if __name__ == "__main__":
    main()
