"""Drawn scenes instead of photographs: without real persons, a few kilobytes each."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw

_SIZE = (720, 540)
_SKIES = ((176, 208, 236), (226, 214, 190), (206, 220, 214), (222, 206, 200))
_CLOTHES = ((62, 92, 140), (150, 84, 70), (86, 128, 96), (120, 96, 150), (188, 154, 84), (70, 120, 130))
_WHITE, _DARK, _SKIN = (250, 251, 252), (40, 52, 66), (232, 200, 176)


def scene(seed: str) -> tuple[bytes, int, int]:
    """Return a JPEG, its width and its height in pixels; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 -- drawings, not secrets
    width, height = _SIZE if chance.random() < 0.75 else (_SIZE[1], _SIZE[0])  # noqa: PLR2004 -- some stand upright
    image = Image.new("RGB", (width, height), chance.choice(_SKIES))
    draw = ImageDraw.Draw(image)
    chance.choice((_meeting, _outdoors, _counter))(draw, width, height, chance)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue(), width, height


def _meeting(draw: ImageDraw.ImageDraw, width: int, height: int, chance: random.Random) -> None:
    """Draw people before a screen."""
    draw.rectangle((0, height * 0.72, width, height), fill=(168, 142, 118))
    left, right = width * 0.28, width * 0.72
    draw.rectangle((left, height * 0.12, right, height * 0.48), fill=_WHITE, outline=_DARK, width=4)
    for line in range(3):
        y = height * (0.2 + 0.09 * line)
        draw.line((left + 30, y, right - 30 - 60 * line, y), fill=(120, 150, 190), width=8)
    for row in range(2):
        count = 5 + row
        for at in range(count):
            _person(draw, width * (at + 0.5) / count, height * (0.62 + 0.2 * row), 0.8 + 0.5 * row, chance)


def _outdoors(draw: ImageDraw.ImageDraw, width: int, height: int, chance: random.Random) -> None:
    """Draw hills, a road and a van."""
    for shade in range(3):
        top = height * (0.34 + 0.13 * shade)
        colour = (110 - 18 * shade, 150 - 14 * shade, 112 - 18 * shade)
        start = chance.uniform(-0.3, 0.1) * width
        draw.ellipse((start, top, start + width * 0.9, top + height), fill=colour)
        draw.ellipse((start + width * 0.5, top + 20, start + width * 1.5, top + height), fill=colour)
    draw.polygon(((width * 0.1, height), (width * 0.9, height), (width * 0.6, height * 0.7)), fill=(136, 140, 146))
    x, y = width * 0.34, height * 0.56
    draw.rounded_rectangle((x, y, x + width * 0.36, y + height * 0.22), 14, fill=_WHITE)
    draw.rectangle((x + 24, y + 16, x + width * 0.33, y + height * 0.09), fill=(70, 96, 130))
    for wheel in (0.07, 0.29):
        centre = x + width * wheel
        draw.ellipse((centre - 24, y + height * 0.19, centre + 24, y + height * 0.19 + 48), fill=_DARK)


def _counter(draw: ImageDraw.ImageDraw, width: int, height: int, chance: random.Random) -> None:
    """Draw people at a counter with screens."""
    draw.rectangle((width * 0.08, height * 0.1, width * 0.92, height * 0.22), fill=(44, 110, 120))
    for at in range(3):
        _person(draw, width * (0.25 + 0.25 * at), height * 0.5, 1.3, chance)
    draw.rectangle((0, height * 0.62, width, height), fill=(198, 178, 150))
    for at in range(3):
        x = width * (0.25 + 0.25 * at)
        draw.rectangle((x - 46, height * 0.5, x + 30, height * 0.62), fill=_DARK)
        draw.rectangle((x - 40, height * 0.515, x + 24, height * 0.605), fill=(120, 190, 220))


def _person(draw: ImageDraw.ImageDraw, x: float, y: float, scale: float, chance: random.Random) -> None:
    head, body = 17 * scale, 30 * scale
    draw.rounded_rectangle((x - body, y, x + body, y + 4 * body), body * 0.7, fill=chance.choice(_CLOTHES))
    draw.ellipse((x - head, y - 2 * head, x + head, y + 4), fill=_SKIN)
    draw.pieslice((x - head, y - 2 * head - 3, x + head, y), 180, 360, fill=_DARK)
