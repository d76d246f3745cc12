"""A real browser, headless: Chromium with Playwright, and the checkers of accessibility and of HTML that npm has."""

import contextlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

NODE_MODULES = Path(__file__).parent.parent / "browser" / "node_modules"
_AXE = NODE_MODULES / "axe-core" / "axe.min.js"
_VNU = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
_PATIENCE = 180_000  # milliseconds: the first start on a busy machine
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def needs(missing, remedy):
    """Skip where something is missing, or fail where skipping is forbidden."""
    if missing:
        said = f"{missing}: {remedy}"
        (pytest.fail if os.environ.get("KAMA_NO_SKIP") else pytest.skip)(said)


@contextlib.contextmanager
def chromium():
    """Yield a browser; skips where there is none. It is talked to through a pipe: no port has to be free."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    needs("" if path else "chromium missing", "apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as program:
        browser = program.chromium.launch(executable_path=path, args=["--disable-quic"], timeout=_PATIENCE)
        yield browser
        browser.close()


def opened(browser, *, javascript=True):
    """Return an empty page of the browser."""
    page = browser.new_context(java_script_enabled=javascript).new_page()
    page.set_default_timeout(_PATIENCE)
    return page


@contextlib.contextmanager
def complaints(page):
    """Yield the list of what the browser says of a page: warnings and errors of its console, and of its scripts."""
    said = []

    def note_message(message):
        said.append(message.text)

    def note_error(error):
        said.append(str(error))

    page.on("console", note_message)
    page.on("pageerror", note_error)
    try:
        yield said
    finally:
        page.remove_listener("console", note_message)
        page.remove_listener("pageerror", note_error)


def show(page, path, *, width=1200, dark=False, anchor=""):
    """Open a file at a width, in light or dark colours."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.goto("about:blank")
    page.goto(path.as_uri() + anchor)


def violations(page):
    """Return what axe-core finds: the rule and the elements."""
    needs("" if _AXE.exists() else "axe-core missing", "npm ci --prefix tests/browser")
    page.evaluate(_AXE.read_text("utf-8"))
    found = page.evaluate("(rules) => axe.run({runOnly: rules}).then((found) => found.violations)", _RULES)
    return [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found]


def html_errors(paths):
    """Return what the Nu Html Checker finds wrong with HTML and style."""
    needs("" if shutil.which("java") else "java missing", "apt-get install default-jre-headless")
    needs("" if _VNU.exists() else "vnu-jar missing", "npm ci --prefix tests/browser")
    command = ["java", "-jar", str(_VNU), "--format", "json", *map(str, paths)]
    said = subprocess.run(command, capture_output=True, check=False).stderr
    return [
        (Path(each["url"]).name, each["lastLine"], each["message"])
        for each in json.loads(said)["messages"]
        if "Content Security Policy" not in each["message"]  # it does not compute the hashes that a policy names
    ]
