"""A pasted picture → what is printed: upright, without metadata (a place where a photo was taken is nobody's business)."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

_MOST_PIXELS = 60_000_000  # larger ones are no photographs but attacks on memory
_LONGEST_SIDE = 1_400  # what half an A4 page shows at 200 dots an inch
_QUALITY = 82


class PictureError(Exception):
    """The bytes are no picture that can be printed; the message says why, in Japanese."""


def prepare_picture(content: bytes) -> tuple[bytes, int, int]:
    """Return a JPEG, or a PNG where the picture has transparent parts, with its width and height in pixels.

    Raises PictureError.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as opened:
                if opened.width * opened.height > _MOST_PIXELS:
                    raise PictureError("大きすぎます")
                opened.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
                upright = ImageOps.exif_transpose(opened)
                upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
                return _saved(upright)
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise PictureError("この形式の画像は開けません") from error


def _saved(image: Image.Image) -> tuple[bytes, int, int]:
    """Save the pixels alone: a new image has none of the old one's metadata."""
    has_transparency = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if has_transparency else "RGB"
    bare = Image.new(mode, image.size)
    bare.paste(image.convert(mode))
    buffer = io.BytesIO()
    if has_transparency:
        bare.save(buffer, "PNG", optimize=True)
    else:
        bare.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue(), bare.width, bare.height
