"""Centre a picture in a frame at the largest size, whatever density its file gives."""

from __future__ import annotations

import io
from typing import NamedTuple

from xlsxwriter.image import Image

from kama_excel.domain.entries import Picture

EDGE = 6  # pixels between a picture and its frame


class _Unread(NamedTuple):
    """A picture in place of the stream from which XlsxWriter packs it: read only then."""

    picture: Picture

    def getvalue(self) -> bytes:
        """Return the picture's bytes."""
        return self.picture.content


def framed(picture: Picture, room: tuple[float, float]) -> tuple[Image, dict[str, object]]:
    """Return a picture of limited pixels and the options that centre it in a frame.

    `room` is the frame's width and height.
    """
    image, size = Image(io.BytesIO(picture.content)), (picture.width, picture.height)
    image.image_data = _Unread(picture)
    scale = min((frame - 2 * EDGE) / pixels for frame, pixels in zip(room, size, strict=True))
    dpi = vars(image)  # XlsxWriter scales a picture by the density in its file
    return image, {
        "x_scale": scale * dpi.get("_x_dpi", 96) / 96,
        "y_scale": scale * dpi.get("_y_dpi", 96) / 96,
        "x_offset": (room[0] - size[0] * scale) / 2,
        "y_offset": (room[1] - size[1] * scale) / 2,
    }
