"""`python -m benchmarks.page_load`: what the public page of 300 actions costs a browser, beside an empty page.

It needs Chromium, and Playwright of the extra `test`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.made_up_city import City, lay_out

_ROUNDS = 5
_EMPTY = '<!DOCTYPE html><html lang="ja"><title>空のページ</title><body></body></html>'


def main() -> None:
    """Make a city of 300 actions and its public page, load both pages in turn, print processor seconds."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, empty = Path(temporary) / "city", Path(temporary) / "empty.html"
        lay_out(folder, City(20, tasks=15, actions=300))
        empty.write_text(_EMPTY, encoding="utf-8")
        command = [sys.executable, "-m", "kama_excel", "run", "--html", "--json", "--folder", str(folder)]
        done = subprocess.run(command, capture_output=True, check=False)
        page = folder / json.loads(done.stdout)["files"]["html"]
        ours, bare = load_seconds([page, empty])
        print(f"300 actions {ours:.2f} s, an empty page {bare:.2f} s")


def load_seconds(pages: list[Path]) -> list[float]:
    """Return the median processor seconds that a tab takes to load each page."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- may be missing

    spent: list[list[float]] = [[] for _ in pages]
    with sync_playwright() as program:
        browser = program.chromium.launch(executable_path=shutil.which("chromium"))
        for _ in range(_ROUNDS):
            for path, mine in zip(pages, spent, strict=True):
                tab = browser.new_page()
                session = tab.context.new_cdp_session(tab)
                session.send("Performance.enable", {"timeDomain": "threadTicks"})
                tab.goto(path.as_uri())
                metrics = session.send("Performance.getMetrics")["metrics"]
                mine.append(next(each["value"] for each in metrics if each["name"] == "ProcessTime"))
                tab.close()
        browser.close()
    return [median(each) for each in spent]


if __name__ == "__main__":
    main()
