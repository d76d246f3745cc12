"""Tables and commands of a page in Markdown, as a test enters them."""

import re


def tables_of(text):
    """Return the tables by the heading that they stand under, each a list of rows by column heading."""
    found, title, head = {}, "", None
    for line in text.splitlines():
        if line.startswith("#"):
            title, head = line.lstrip("# "), None
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if head is None:
                head = cells
            elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                found.setdefault(title, []).append(dict(zip(head, cells, strict=True)))
        else:
            head = None
    return found
