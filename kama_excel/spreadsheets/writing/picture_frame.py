"""Centre a picture in a frame at the largest size, whatever density its file gives."""

from __future__ import annotations

import io

from xlsxwriter.image import Image

EDGE = 6  # pixels between a picture and its frame


def framed(content: bytes, size: tuple[int, int], room: tuple[float, float]) -> tuple[Image, dict[str, object]]:
    """Return a picture of limited pixels and the options that centre it in a frame.

    Sizes are width, height.
    """
    image = Image(io.BytesIO(content))
    scale = min((frame - 2 * EDGE) / pixels for frame, pixels in zip(room, size, strict=True))
    dpi = vars(image)  # XlsxWriter scales a picture by the density in its file
    return image, {
        "x_scale": scale * dpi.get("_x_dpi", 96) / 96,
        "y_scale": scale * dpi.get("_y_dpi", 96) / 96,
        "x_offset": (room[0] - size[0] * scale) / 2,
        "y_offset": (room[1] - size[1] * scale) / 2,
    }
