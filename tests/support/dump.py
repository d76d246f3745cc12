"""A sheet as text that a person can review: addresses, values, formulas, formats, merges."""

import functools
import io
import warnings

import openpyxl


@functools.cache
def _opened(content):
    """Return the workbook with its formulas and with its values."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return tuple(openpyxl.load_workbook(io.BytesIO(content), data_only=values) for values in (False, True))


def dump(content, sheet):
    """Return the dump of a sheet of a workbook."""
    formulas, values = (book[sheet] for book in _opened(content))
    lines = [f"print {formulas.print_area} breaks {[each.id for each in formulas.row_breaks.brk]}"]
    lines += [f"freeze {formulas.freeze_panes} filter {formulas.auto_filter.ref} tables {list(formulas.tables)}"]
    lines += [f"row {row} {size.height}" for row, size in sorted(formulas.row_dimensions.items()) if size.height]
    lines += [f"column {name} {size.width:.2f}" for name, size in sorted(formulas.column_dimensions.items())]
    lines += ["merged " + " ".join(sorted(map(str, formulas.merged_cells.ranges)))]
    for area in formulas.conditional_formatting:
        lines += [f"rule {area.sqref} {rule.type} {'; '.join(rule.formula)}" for rule in area.rules]
    for row in formulas.iter_rows():
        lines += [_line(cell, values[cell.coordinate].value) for cell in row if cell.value is not None]
    return "\n".join(lines) + "\n"


def _line(cell, value):
    look = [f"{cell.font.sz:g}" + ("b" if cell.font.b else "") + ("i" if cell.font.i else ""), _colour(cell.font.color)]
    look += ["on " + _colour(cell.fill.fgColor)] if cell.fill.fill_type else []
    look += [cell.alignment.horizontal or "", "wrap" if cell.alignment.wrap_text else "", cell.number_format]
    said = " ".join(part for part in look if part and part != "General")
    shown = f"{cell.value} → {value!r}" if cell.data_type == "f" else repr(cell.value)
    link = f" ⇒ {cell.hyperlink.location}" if cell.hyperlink else ""
    return f"{cell.coordinate} [{said}] {shown}{link}"


def _colour(colour):
    return f"#{colour.rgb[2:]}" if colour is not None and isinstance(colour.rgb, str) else ""
