"""Mail texts: the division's own (`workbook_templates/mail/`), else the bundled ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from kama_excel.files.decoding import decode_text
from kama_excel.findings.failure import Failure

_BUNDLED = resources.files("kama_excel.outbox") / "mail_texts"
_SUBJECT = re.compile(r"件名\s*[:：]\s*(.+)")
_FIELD = re.compile(r"\{([^{}\n]+)\}")


class TemplateError(Failure):
    """A mail text cannot be used; the message names it and the reason in Japanese."""


class Template(NamedTuple):
    """A mail's subject and body with fields in braces: {担当課}."""

    file: str
    subject: str
    body: str

    def filled(self, fields: Mapping[str, str]) -> tuple[str, str]:
        """Return subject and body with the fields filled in.

        Raises: TemplateError for an unknown field.
        """
        return self._fill(self.subject, fields), self._fill(self.body, fields)

    def _fill(self, text: str, fields: Mapping[str, str]) -> str:
        def value(match: re.Match[str]) -> str:
            name = match[1].strip()
            if name not in fields:
                known = "・".join(f"{{{each}}}" for each in fields)
                raise TemplateError(f"メールの文面（{self.file}）の {{{name}}} は使えません。使えるのは {known} です。")
            return fields[name]

        return _FIELD.sub(value, text)


def bundled_templates() -> dict[str, str]:
    """Return the bundled texts by file name."""
    return {
        each.name: each.read_text(encoding="utf-8") for each in sorted(_BUNDLED.iterdir(), key=lambda each: each.name)
    }


def read_template(folder: Path, kind: str) -> Template:
    """Read the text of a kind of mail: the division's `folder/kind.txt`, else the bundled one.

    Raises: TemplateError.
    """
    own = folder / f"{kind}.txt"
    if own.is_file():
        text, file = _decoded(own), own.name
    else:
        file = f"{kind}.txt"
        text = (_BUNDLED / file).read_text(encoding="utf-8")
    first, _, body = text.lstrip("\ufeff\n").partition("\n")
    subject = _SUBJECT.fullmatch(first.strip())
    if subject is None:
        raise TemplateError(f"メールの文面（{file}）の1行目は「件名: …」にしてください。")
    return Template(file, subject[1], body.strip("\n") + "\n")


def _decoded(path: Path) -> str:
    """Read a text saved by Windows' editor."""
    try:
        return decode_text(path.read_bytes()).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise TemplateError(f"メールの文面（{path.name}）を読み取れません。UTF-8で保存し直してください。") from error
