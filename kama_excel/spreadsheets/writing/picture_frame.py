"""A picture in a frame: in its middle, as large as it may be, whatever density its file says it has."""

from __future__ import annotations

import io

from xlsxwriter.image import Image

EDGE = 6  # pixels between a picture and its frame


def framed(content: bytes, size: tuple[int, int], room: tuple[float, float]) -> tuple[Image, dict[str, object]]:
    """Return a picture of so many pixels and the options that put it into a frame; widths before heights."""
    image = Image(io.BytesIO(content))
    scale = min((frame - 2 * EDGE) / pixels for frame, pixels in zip(room, size, strict=True))
    dpi = vars(image)  # XlsxWriter draws a picture at the density that it says it has
    return image, {
        "x_scale": scale * dpi.get("_x_dpi", 96) / 96,
        "y_scale": scale * dpi.get("_y_dpi", 96) / 96,
        "x_offset": (room[0] - size[0] * scale) / 2,
        "y_offset": (room[1] - size[1] * scale) / 2,
    }
