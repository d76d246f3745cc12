"""Write docs/handbook/ from the Japanese pages: `python docs/handbook.py`. The kit carries it for PCs where nothing shows Markdown.

Two pages in HTML: 手引き is all of it in one, 様式の記入方法 the one page for departments, to be mailed along. Pictures stay
files beside them; `kama_excel.commands.kit.handbook` puts them into the page.
"""

from __future__ import annotations

import argparse
import html
import re
from pathlib import Path

from markdown_it import MarkdownIt

DOCS = Path(__file__).parent
FOLDER = DOCS / "handbook"
PAGES = {
    "手引き.html": (
        *("manual/README.md", "manual/department.md", "manual/division.md", "manual/web.md"),
        "manual/administrator.md",
        *("another-plan.md", "rules.md", "findings.md", "glossary.md"),
    ),
    "様式の記入方法.html": ("manual/department.md",),
}
_BROKEN_LINE = re.compile(r"(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])")  # a browser would show it as a space
_STYLE = """
body { font-family: "BIZ UDPGothic", "Yu Gothic", Meiryo, sans-serif; line-height: 1.7; color: #1d2733; max-width: 60rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
h1 { color: #12324f; border-bottom: 3px solid #12324f; margin-top: 4rem; } h2 { color: #12324f; border-bottom: 1px solid #b9c4cf; margin-top: 2.2rem; }
h1:first-of-type { margin-top: 1rem; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { border: 1px solid #b9c4cf; padding: .3rem .6rem; text-align: left; vertical-align: top; } th { background: #ecf1f6; }
img { max-width: 100%; border: 1px solid #b9c4cf; margin: .5rem 0; } code { background: #f2f4f6; padding: 0 .25rem; } pre { background: #f2f4f6; padding: .6rem .8rem; }
@media print { h1 { break-before: page; } h1:first-of-type { break-before: auto; } img, tr { break-inside: avoid; } }
"""


def page(name: str) -> str:
    """Return one of the pages. Links within it become anchors; what a link outside it says stays as text."""
    sources = PAGES[name]
    parts = [_part(source, sources) for source in sources]
    title = re.sub("<[^>]+>", "", parts[0].split("</h1>")[0])
    return (
        '<!DOCTYPE html>\n<html lang="ja">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{''.join(parts)}</body>\n</html>\n"
    )


def _part(source: str, sources: tuple[str, ...]) -> str:
    text = _BROKEN_LINE.sub("", (DOCS / source).read_text(encoding="utf-8"))
    made = MarkdownIt("commonmark").enable("table").render(text)
    made = re.sub(r"<h([1-6])>(.*?)</h\1>", lambda found: _heading(found, source), made)
    made = re.sub(r'<a href="([^"]*)">(.*?)</a>', lambda found: _link(found, source, sources), made)
    return re.sub(r'src="(?:\.\./)*images/', 'src="../images/', made)


def _heading(found: re.Match[str], source: str) -> str:
    level, said = found[1], found[2]
    anchor = source if level == "1" else f"{source}#{re.sub('<[^>]+>', '', html.unescape(said))}"
    return f'<h{level} id="{html.escape(anchor)}">{said}</h{level}>'


def _link(found: re.Match[str], source: str, sources: tuple[str, ...]) -> str:
    file, _, heading = _decoded(found[1]).partition("#")
    target = str((DOCS / source).parent.joinpath(file).resolve().relative_to(DOCS.parent.resolve())) if file else ""
    target = target.replace("\\", "/").removeprefix("docs/") if file else source
    if target not in sources:
        return found[2]
    return f'<a href="#{html.escape(target + (f"#{heading}" if heading else ""))}">{found[2]}</a>'


def _decoded(link: str) -> str:
    return re.sub(
        "(?:%[0-9A-F]{2})+", lambda found: bytes.fromhex(found[0].replace("%", "")).decode(), html.unescape(link)
    )


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    FOLDER.mkdir(exist_ok=True)
    for each in PAGES:
        (FOLDER / each).write_text(page(each), encoding="utf-8")
