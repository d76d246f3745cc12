"""A real browser, headless: Chromium with Selenium, and the checkers of accessibility and of HTML that npm has."""

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
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def needs(missing, remedy):
    """Skip where something is missing, or fail where skipping is forbidden."""
    if missing:
        said = f"{missing}: {remedy}"
        (pytest.fail if os.environ.get("KAMA_NO_SKIP") else pytest.skip)(said)


@contextlib.contextmanager
def chromium(*, javascript=True):
    """Yield a browser; skips where there is none."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    paths = {"chromium": browser, "chromedriver": shutil.which("chromedriver")}
    absent = [name for name, path in paths.items() if path is None]
    needs(" and ".join(absent) and f"{' and '.join(absent)} missing", "apt-get install chromium chromium-driver")
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = paths["chromium"]
    for each in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(each)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not javascript:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(paths["chromedriver"]))
    try:
        yield driver
    finally:
        driver.quit()


def show(driver, page, *, width=1200, dark=False, anchor=""):
    """Open a page at a width, in light or dark colours."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    driver.get("about:blank")
    driver.get(page.as_uri() + anchor)


def violations(driver):
    """Return what axe-core finds: the rule and the elements."""
    needs("" if _AXE.exists() else "axe-core missing", "npm ci --prefix tests/browser")
    driver.execute_script(_AXE.read_text("utf-8"))
    found = driver.execute_async_script(
        "const done = arguments[1]; axe.run({runOnly: arguments[0]}).then((found) => done(found.violations))", _RULES
    )
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
