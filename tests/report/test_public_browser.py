"""The page for the public in a real browser: for everybody, by keyboard, without JavaScript, with hostile texts."""

import json
import subprocess

import pytest
from support.browser import chromium, complaints, html_errors, needs, opened, show, violations
from support.public_city import HOSTILE, hostile_plan, made_up_public, with_pictures, write_site

pytestmark = pytest.mark.slow
ACTIONS = 40
PHONE = 390


@pytest.fixture(scope="module")
def source():
    return with_pictures(made_up_public(ACTIONS))


@pytest.fixture(scope="module")
def page(source, tmp_path_factory):
    return write_site(source, tmp_path_factory.mktemp("公表"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return write_site(made_up_public(len(HOSTILE) + 2, hostile_plan), tmp_path_factory.mktemp("敵対"))


@pytest.fixture(scope="module")
def program():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def browser(program):
    return opened(program)


def visible(browser, selector):
    """Return the texts of the elements that can be seen."""
    script = "(wanted) => [...document.querySelectorAll(wanted)].filter((e) => e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})).map((e) => e.innerText.trim())"
    return browser.evaluate(script, selector)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1200, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", ["index.html", "open-data.html"])
def test_axe_finds_nothing(browser, page, name, width, dark):
    show(browser, page.with_name(name), width=width, dark=dark)
    assert violations(browser) == []
    if name == "index.html":
        browser.click("#all")
        assert len(visible(browser, ".report")) == ACTIONS - 2
        assert violations(browser) == []


@pytest.mark.parametrize("width", [1200, PHONE, 320], ids=["desktop", "phone", "narrow"])
def test_nothing_is_wider_than_the_window(browser, page, width):
    for name in ("index.html", "open-data.html"):
        show(browser, page.with_name(name), width=width)
        if name == "index.html":
            browser.click("#all")
        assert browser.evaluate("document.documentElement.scrollWidth") <= width


def tabbed(browser, most):
    """Press Tab until the focus is back at the page's beginning; return what had it, in order."""
    focused = (
        "() => {const e = document.activeElement;"
        "return [e.id || e.getAttribute('aria-controls') || e.getAttribute('href') || e.tagName, getComputedStyle(e).outlineStyle]}"
    )
    reached = []
    for _ in range(most):
        browser.keyboard.press("Tab")
        reached.append(browser.evaluate(focused))
        if reached[-1][0] == "BODY":
            break
    return reached


def test_the_keyboard_alone_reaches_every_filter_and_action(browser, page):
    show(browser, page)
    reached = tabbed(browser, 200)
    names = [name for name, _ in reached]
    wanted = ["theme", "grade", "department", "words", *[f"action-{no}-block" for no in range(1, ACTIONS - 1)]]
    assert [name for name in names if name in wanted] == wanted
    assert names[0] == "#main"
    assert all(outline != "none" for name, outline in reached if name != "BODY")


def test_enter_opens_an_action_and_a_link_leads_to_it(browser, page):
    show(browser, page)
    assert visible(browser, ".report") == []
    button = browser.locator("#action-3 h3 button")
    button.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert len(visible(browser, "#action-3 .report")) == 1
    button.press("Space")
    assert (button.get_attribute("aria-expanded"), visible(browser, ".report")) == ("false", [])
    show(browser, page, anchor="#action-5")
    assert len(visible(browser, "#action-5 .report")) == 1
    assert tabbed(browser, 1)[0][0] == "action-5-block"


def test_the_filters_and_the_search_show_what_fits(browser, page, source):
    show(browser, page)
    actions = source.report.evaluation.actions
    theme = source.report.plan.themes[1]
    browser.select_option("#theme", label=theme)
    fitting = [each for each in actions if each.measure.theme == theme]
    assert len(visible(browser, ".action")) == len(fitting)
    assert visible(browser, "#shown") == [f"{len(fitting)}件を表示しています（{ACTIONS - 2}件のうち）"]
    grade = fitting[0].category
    browser.select_option("#grade", label=grade)
    assert len(visible(browser, ".action")) == sum(each.category == grade for each in fitting)
    browser.click("#clear")
    assert len(visible(browser, ".action")) == ACTIONS - 2
    department = source.report.plan.at(source.report.month).departments_of(1)[0]
    browser.select_option("#department", label=department)
    in_force = source.report.plan.at(source.report.month)
    assert len(visible(browser, ".action")) == sum(
        department in in_force.departments_of(each.action.no) for each in actions
    )
    browser.click("#clear")
    browser.fill("#words", "アクション１２ ")  # full-width digits are digits
    assert len(visible(browser, ".action")) == 1
    browser.fill("#words", "無い言葉")
    assert visible(browser, "#shown") == ["条件に合う取り組みはありません"]


def test_the_figures_that_can_be_seen_are_those_of_the_evaluation(browser, page, source):
    show(browser, page)
    actions = source.report.evaluation.actions
    assert visible(browser, ".line .rate") == [each.shown or "－" for each in actions]
    assert visible(browser, ".line .chip") == [each.category for each in actions]
    data = json.loads((page.parent / "data" / "data.json").read_text("utf-8"))
    assert [each["rate"] if each["rate"] is None else f"{each['rate']:.1f}%" for each in data["actions"]] == [
        each.shown for each in actions
    ]
    show(browser, page, width=PHONE)
    counts = visible(browser, ".grades li")
    assert [each.split() for each in counts] == [
        [name, f"{count}件"] for name, count in source.report.evaluation.count().items()
    ]


def test_everything_can_be_read_without_javascript(program, page):
    browser = opened(program, javascript=False)
    show(browser, page)
    texts = browser.locator(".block")
    assert texts.count() == ACTIONS - 2
    assert all(each.is_visible() for each in texts.all())
    assert not browser.locator("#filters").is_visible()


def test_the_browser_complains_of_nothing_and_asks_no_other_host(browser, page):
    with complaints(browser) as said:
        show(browser, page, anchor="#action-1")
        browser.evaluate("document.querySelectorAll('img').forEach((each) => each.scrollIntoView())")
        loaded = browser.evaluate(
            "Promise.all([...document.images].map((each) => each.decode())).then(() => document.images.length)"
        )
    assert (loaded, said) == (2, [])
    names = browser.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    assert all(each.startswith("file:") for each in names)


def test_a_hostile_text_stays_a_text(browser, hostile):
    with complaints(browser) as said:
        show(browser, hostile)
        browser.click("#all")
    assert browser.title().startswith(HOSTILE[-2])
    assert said == []
    assert browser.evaluate("document.scripts.length") == 1
    handlers = "[...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => a.name.startsWith('on') || a.name === 'style')).length"
    assert browser.evaluate(handlers) == 0
    links = "[...document.querySelectorAll('[href],[src]')].map((e) => e.getAttribute('href') || e.getAttribute('src'))"
    assert all(each.startswith(("#", "data/", "open-data.html", "pictures/")) for each in browser.evaluate(links))
    shown = browser.evaluate("[...document.querySelectorAll('.what h3 button')].map((e) => e.lastChild.textContent)")
    assert shown == list(HOSTILE)
    isolated = "[...document.querySelectorAll('h3,p,td,th,li,dd,bdi,figcaption,option')].every((e) => e.tagName === 'OPTION' || getComputedStyle(e).unicodeBidi === 'isolate' || getComputedStyle(e).display !== 'inline')"
    assert browser.evaluate(isolated)
    assert violations(browser) == []


def test_three_hundred_actions_are_shown(browser, tmp_path):
    show(browser, write_site(made_up_public(302), tmp_path))
    assert len(visible(browser, ".action")) == 300


def test_the_printed_page_has_every_block(browser, page, tmp_path):
    show(browser, page)
    printed = tmp_path / "page.pdf"
    browser.pdf(path=printed, print_background=True, prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-raw", printed, "-"], capture_output=True, check=True).stdout.decode()
    assert text.count("達成率の算定") == ACTIONS - 2


def test_the_html_is_valid(page, hostile):
    paths = [each.with_name(name) for each in (page, hostile) for name in ("index.html", "open-data.html")]
    assert html_errors(paths) == []


def test_the_data_package_is_valid(page, hostile):
    try:
        import frictionless  # noqa: PLC0415
    except ImportError:
        needs("frictionless missing", "pip install frictionless")
    for each in (page, hostile):
        report = frictionless.validate(str(each.parent / "data" / "datapackage.json"))
        assert report.valid, report.flatten(["title", "rowNumber", "fieldNumber", "type", "note"])
