"""Texts over the cells of an .xlsx: comments and their threads, text boxes, diagrams."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from kama_excel.spreadsheets.cells import Note, position
from kama_excel.spreadsheets.reading.xlsx_parts import Parts
from kama_excel.spreadsheets.reading.xml_documents import local


def read_comments(parts: Parts, sheet_part: str) -> Iterator[Note]:
    """Yield the comments of a sheet by cell; for a thread, the thread's text."""
    plain: dict[str, str] = {}
    threads: dict[str, str] = {}
    for kind, part in sorted(parts.relations(sheet_part).values()):
        if part not in parts.names:
            continue
        if kind == "comments":
            plain |= dict(_comments(parts.xml(part)))
        elif kind == "threadedComment":
            for address, text in _comments(parts.xml(part)):
                threads[address] = f"{threads[address]}\n{text}" if address in threads else text
    for address, text in (plain | threads).items():  # the plain copy of a thread only announces the thread
        if (place := position(address)) and text:
            yield Note("コメント", *place, text)


def _comments(root: Element) -> Iterator[tuple[str, str]]:
    """Yield address and text of every comment, threaded ones included."""
    for comment in root.iter():
        if local(comment) in ("comment", "threadedComment"):
            yield comment.get("ref", ""), words_of(comment).strip()


def diagram_words(parts: Parts, part: str) -> str:
    """Return the text in the boxes of a diagram (SmartArt), a line for each."""
    paragraphs = (each for each in parts.xml(part).iter() if local(each) == "p") if part in parts.names else ()
    return "\n".join(filter(None, (words_of(each).strip() for each in paragraphs)))


def words_of(element: Element) -> str:
    """Join the runs of a text, one line per paragraph, without phonetic guides (furigana)."""
    pieces: list[str] = []
    for each in element:
        match local(each):
            case "t":
                pieces.append(each.text or "")
            case "text":  # of a thread the text itself, of a plain comment the parent of its runs
                pieces += ((each.text or "").strip(), words_of(each))
            case "rPh":
                pass
            case name:
                pieces.append(words_of(each))
                if name == "p" and pieces[-1]:
                    pieces.append("\n")
    return "".join(pieces)
