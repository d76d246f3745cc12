"""A pasted picture → what is printed: upright, without metadata (a place where a photo was taken is nobody's business)."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

_MOST_PIXELS = 60_000_000  # larger ones are no photographs but attacks on memory
_LONGEST_SIDE = 1_400  # what half an A4 page shows at 200 dots an inch
_QUALITY = 82
_OF_JFIF = frozenset({"jfif", "jfif_version", "jfif_density", "jfif_unit", "dpi"})
_OF_A_PICTURE = frozenset({0xE0, 0xDB, 0xC0, 0xC4})  # JFIF, quantization, frame, Huffman tables


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
                if _is_prepared(opened, content):
                    return content, opened.width, opened.height
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


def _is_prepared(opened: Image.Image, content: bytes) -> bool:
    """Whether a JPEG is one that was prepared before (a form goes out with the pictures that came in): it stays as it is."""
    is_bare = opened.format == "JPEG" and opened.mode == "RGB" and opened.info.keys() <= _OF_JFIF
    return is_bare and max(opened.size) <= _LONGEST_SIDE and _has_no_more_parts(content)


def _has_no_more_parts(content: bytes) -> bool:
    """Whether a JPEG has a JFIF header, the picture and nothing else: no comment, nothing behind its end."""
    segments, at = set(), 2
    while content[at : at + 1] == b"\xff" and content[at + 1 : at + 2] != b"\xda" and at < len(content):
        segments.add(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return segments <= _OF_A_PICTURE and content.find(b"\xff\xd9", at) == len(content) - 2


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
