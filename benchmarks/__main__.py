"""`python -m benchmarks` measures and prints; `--write` also puts the figures into the documents that quote them."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.figures import FULL, SMALLEST, measure
from benchmarks.tables import markdown, put_between, quoted

_PROJECT = Path(__file__).parent.parent


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true", help="renew docs/performance.md and README.md")
    parser.add_argument("--smallest", action="store_true", help="only see whether everything still runs")
    parser.add_argument(
        "--cities", type=Path, help="keep the made-up cities in this folder, and take those that it has"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        cities = arguments.cities or Path(temporary)
        cities.mkdir(parents=True, exist_ok=True)
        figures = measure(SMALLEST if arguments.smallest else FULL, cities)
    print(markdown(figures))
    if arguments.write:
        put_between(_PROJECT / "docs" / "performance.md", "figures", markdown(figures))
        put_between(_PROJECT / "README.md", "performance", quoted(figures))


if __name__ == "__main__":
    main()
