"""Conditional formats of a sheet of an .xls."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kama_excel.spreadsheets.cells import Range
from kama_excel.spreadsheets.reading.built_in_formats import BUILT_IN
from kama_excel.spreadsheets.reading.conditional_formats import Conditional, Criterion, Effect, Operand
from kama_excel.spreadsheets.reading.xls_globals import long_text

_RANGES, _FORMAT, _RANGES_2007, _FORMAT_2007 = 0x1B0, 0x1B1, 0x879, 0x87A
_HEADER_2007 = 12
_COMPARES, _BAR, _ICONS = 1, 4, 6
"""Kinds of conditions; the last two are of Excel 2007."""
_SHOWS_VALUE, _ICON_ONLY = 0x02, 0x01
_BETWEEN, _NOT_BETWEEN = 1, 2
_SIGNS = {3: "=", 4: "<>", 5: ">", 6: "<", 7: ">=", 8: "<="}
_HAS_NUMBER, _HAS_FONT, _HAS_ALIGNMENT, _HAS_BORDER, _HAS_GROUND = (1 << bit for bit in range(25, 30))
_AT_FLAGS, _AT_COLOUR, _AT_UNSET, _FONT_LENGTH = 68, 80, 88, 118
_STRIKES = 0x80
_UNSET = 0xFFFFFFFF
_UNKNOWN = "[不明]"


def legacy_conditions(records: Sequence[tuple[int, bytes]], colours: Mapping[int, str]) -> Iterator[Conditional]:
    """Yield the conditional formats that may change what is read.

    Raises: struct.error and IndexError for truncated records.
    """
    areas: list[Range] = []
    for number, data in records:
        if number in (_RANGES, _RANGES_2007):
            areas = list(_areas(data[_HEADER_2007 if number == _RANGES_2007 else 0 :]))
        elif number in (_FORMAT, _FORMAT_2007):
            rule = _Rule.of(data, is_2007=number == _FORMAT_2007)
            effect = rule.effect(colours)
            yield from (Conditional(area, effect, rule.criterion) for area in areas if effect != Effect())


def _areas(data: bytes) -> Iterator[Range]:
    (count,) = struct.unpack_from("<H", data, 12)
    for offset in range(14, min(14 + 8 * count, len(data) - 7), 8):
        top, bottom, left, right = struct.unpack_from("<HHHH", data, offset)
        yield top + 1, left + 1, bottom + 1, right + 1


class _Rule(NamedTuple):
    """A rule: its kind and sign, its format, its formulas, and what follows them."""

    kind: int
    sign: int
    look: bytes
    formulas: tuple[bytes, bytes]
    rest: bytes

    @classmethod
    def of(cls, data: bytes, *, is_2007: bool) -> _Rule:
        """Split a record: Excel 2007 writes a header before the rule and more behind it."""
        data = data[_HEADER_2007 if is_2007 else 0 :]
        kind, sign, first, second = struct.unpack_from("<BBHH", data)
        if is_2007:
            (length,) = struct.unpack_from("<I", data, 6)
            look, end = data[10 : 10 + length], 10 + (length or 2)
        else:
            end = len(data) - first - second
            look = data[6:end]
        return cls(
            kind,
            sign,
            look,
            (data[end : end + first], data[end + first : end + first + second]),
            data[end + first + second :],
        )

    @property
    def criterion(self) -> Criterion | None:
        """The condition; None if it cannot be decided."""
        operands = tuple(each for each in map(_constant, self.formulas) if each is not None)
        if self.kind != _COMPARES:
            return None
        if self.sign in (_BETWEEN, _NOT_BETWEEN) and len(operands) == 2:  # noqa: PLR2004 -- from and to
            return Criterion("between", operands, self.sign == _NOT_BETWEEN)
        return Criterion(_SIGNS[self.sign], operands) if self.sign in _SIGNS and len(operands) == 1 else None

    def effect(self, colours: Mapping[int, str]) -> Effect:
        """Return what the rule does to a cell."""
        if self.kind in (_BAR, _ICONS):
            return Effect(hides_figures=self._hides_figures())
        return _effect(self.look, colours) if len(self.look) >= 6 else Effect()  # noqa: PLR2004 -- its flags

    def _hides_figures(self) -> bool:
        """Return whether a bar or an icon stands in place of the figure.

        Before its own fields are a formula, the order of the rules, and a template with its parameters.
        """
        at = 2 + struct.unpack_from("<H", self.rest)[0]
        at += 6 + self.rest[at + 5]
        options = self.rest[at + (3 if self.kind == _BAR else 5)]
        return not options & _SHOWS_VALUE if self.kind == _BAR else bool(options & _ICON_ONLY)


def _constant(formula: bytes) -> Operand | None:
    """Return the number or the text that a formula consists of; None for any other formula."""
    match formula[:1], len(formula):
        case b"\x1e", 3:
            return float(struct.unpack_from("<H", formula, 1)[0])
        case b"\x1f", 9:
            return float(struct.unpack_from("<d", formula, 1)[0])
        case b"\x17", length if length == 3 + formula[1] * (1 + formula[2]):
            return formula[3:].decode("utf-16-le" if formula[2] else "latin-1")
        case _:
            return None


def _effect(look: bytes, colours: Mapping[int, str]) -> Effect:
    """Return what a format does to a cell.

    Its flags tell which of number, font, alignment, border and fill follow.
    """
    flags, is_own = struct.unpack_from("<IH", look)
    code, at = None, 6
    if flags & _HAS_NUMBER and is_own & 1:
        code, at = long_text(look, at + 2), at + struct.unpack_from("<H", look, at)[0]
    elif flags & _HAS_NUMBER:
        code, at = BUILT_IN.get(look[at + 1], _UNKNOWN) if look[at + 1] else "", at + 2
    is_struck, letters, ground = False, None, None
    if flags & _HAS_FONT:
        strikes, unset = (struct.unpack_from("<I", look, at + each)[0] & _STRIKES for each in (_AT_FLAGS, _AT_UNSET))
        is_struck = bool(strikes) and not unset
        (number,) = struct.unpack_from("<I", look, at + _AT_COLOUR)
        letters = None if number == _UNSET else colours.get(number, "")
        at += _FONT_LENGTH
    at += sum(8 for each in (_HAS_ALIGNMENT, _HAS_BORDER) if flags & each)
    if flags & _HAS_GROUND:
        ground = colours.get(struct.unpack_from("<I", look, at)[0] >> 23 & 0x7F, "")
    return Effect(code, is_struck, letters, ground)
