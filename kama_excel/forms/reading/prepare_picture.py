"""Prepare a picture for print: upright, limited in size, and without metadata.

Metadata is removed because it may contain the location of a photo.
"""

from __future__ import annotations

import importlib.util
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

from PIL import Image, ImageOps

from kama_excel.files import limits
from kama_excel.files.signatures import HEIC_BRANDS
from kama_excel.spreadsheets.cells import AS_STORED, UNCROPPED, Drawn

_FORMATS = ("JPEG", "MPO", "PNG", "GIF", "BMP", "DIB", "TIFF", "WEBP", "AVIF", "HEIF")
_DRAWN = ("PNG", "GIF", "BMP", "DIB")  # a diagram keeps its edges as PNG; a file as large as a photo is one
_PHOTO_PIXELS = 1_000_000
_QUALITY = 82
_OF_JFIF = frozenset({"jfif", "jfif_version", "jfif_density", "jfif_unit", "dpi"})
_OF_A_PICTURE = frozenset({0xE0, 0xDB, 0xC0, 0xC4})  # JFIF, quantization, frame, Huffman tables


class PictureError(Exception):
    """The bytes are no printable picture; the message gives the reason in Japanese."""


def prepare_picture(content: bytes, drawn: Drawn = AS_STORED) -> tuple[bytes, int, int]:
    """Return a JPEG, or PNG for a diagram or transparency, with width and height in pixels.

    It looks as on the sheet (`drawn`). Cropped parts are removed: they may show a face. Raises: PictureError,
    MemoryError.
    """
    with _opened(content) as opened:
        if drawn == AS_STORED and _is_prepared(opened, content):
            opened.load()  # a broken one raises here
            return content, opened.width, opened.height
        return _printed(opened, drawn)


def check_picture(content: bytes) -> None:
    """Check the first bytes of a picture without decoding it.

    Raises: PictureError if it cannot be printed.
    """
    with _opened(content):
        pass


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    """Open a picture of printable size; bad data, also in the context, is a PictureError."""
    _check_kind(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's warnings concern the metadata, which is removed anyway
            Image.MAX_IMAGE_PIXELS = None  # our own limit applies
            with Image.open(io.BytesIO(content), formats=_readable()) as opened:
                _check_size(opened)
                yield opened
    except (OSError, ValueError, SyntaxError, EOFError, KeyError) as error:
        raise PictureError("写真のデータが壊れています") from error


def _check_kind(content: bytes) -> None:
    """Reject kinds that can never be printed, by name."""
    head = content[:256].lstrip()
    if content[:4] == b"\x01\x00\x00\x00" and content[40:44] == b" EMF":
        raise PictureError("EMF形式の図は写真に変換できません")
    if content[:4] in (b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00"):
        raise PictureError("WMF形式の図は写真に変換できません")
    if head.startswith((b"<?xml", b"<svg")):
        raise PictureError("SVG形式の図は写真に変換できません")
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        _learn_heic()


def _learn_heic() -> None:
    """Enable HEIC in Pillow if the optional package is installed."""
    if importlib.util.find_spec("pillow_heif") is None:
        raise PictureError("HEIC形式（iPhoneの写真）を読み込むための部品がありません")
    from pillow_heif import register_heif_opener  # noqa: PLC0415 -- an extra

    register_heif_opener()


def _readable() -> tuple[str, ...]:
    Image.init()
    return tuple(each for each in _FORMATS if each in Image.OPEN)


def _check_size(opened: Image.Image) -> None:
    if opened.width * opened.height > limits.PICTURE_PIXELS:
        raise PictureError(f"写真が大きすぎます（{opened.width:,}×{opened.height:,}画素）")


def _is_prepared(opened: Image.Image, content: bytes) -> bool:
    """Return whether a JPEG is already prepared, as in issued forms: it stays unchanged."""
    is_bare = opened.format == "JPEG" and opened.mode == "RGB" and opened.info.keys() <= _OF_JFIF
    return is_bare and max(opened.size) <= limits.PICTURE_SIDE and _has_no_more_parts(content)


def _has_no_more_parts(content: bytes) -> bool:
    """Return whether a JPEG has only a JFIF header and the picture: no comment, no trailer."""
    segments, at = set(), 2
    while content[at : at + 1] == b"\xff" and content[at + 1 : at + 2] != b"\xda" and at < len(content):
        segments.add(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return segments <= _OF_A_PICTURE and content.find(b"\xff\xd9", at) == len(content) - 2


def _printed(opened: Image.Image, drawn: Drawn) -> tuple[bytes, int, int]:
    pixels, kind = opened.width * opened.height, opened.format
    left, top, right, bottom = drawn.cropped
    scale = limits.PICTURE_SIDE / max(opened.width * (1 - left - right), opened.height * (1 - top - bottom))
    opened.draft(
        "RGB", (ceil(opened.width * scale), ceil(opened.height * scale))
    )  # decodes a large JPEG at a small size directly
    if drawn.cropped != UNCROPPED:  # before rotation: programs crop the stored picture
        sides = (left * opened.width, top * opened.height, (1 - right) * opened.width, (1 - bottom) * opened.height)
        box = [round(each) for each in sides]
        opened = opened.crop((box[0], box[1], max(box[2], box[0] + 1), max(box[3], box[1] + 1)))
    if (
        drawn._replace(cropped=UNCROPPED) == AS_STORED
    ):  # Office turns a camera's photo on the sheet and leaves its file unchanged
        ImageOps.exif_transpose(opened, in_place=True)
    opened = _as_shown(opened, drawn)
    has_transparency = "A" in opened.getbands() or "transparency" in opened.info
    mode = "RGBA" if has_transparency else "RGB"
    flat = opened if opened.mode == mode else opened.convert(mode)
    flat.thumbnail((limits.PICTURE_SIDE, limits.PICTURE_SIDE))
    bare = Image.new(mode, flat.size)  # only the pixels: a new image has none of the metadata
    bare.paste(flat)
    buffer = io.BytesIO()
    if has_transparency or (kind in _DRAWN and pixels < _PHOTO_PIXELS):
        bare.save(buffer, "PNG", optimize=True)
    else:
        bare.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue(), bare.width, bare.height


def _as_shown(opened: Image.Image, drawn: Drawn) -> Image.Image:
    """Return a picture mirrored and rotated as on the sheet, with white corners."""
    if drawn.is_mirrored:
        opened = opened.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if drawn.is_upside_down:
        opened = opened.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    if not drawn.turned:
        return opened
    quarters = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    if drawn.turned in quarters:
        return opened.transpose(quarters[int(drawn.turned)])
    opened.thumbnail((2 * limits.PICTURE_SIDE, 2 * limits.PICTURE_SIDE))
    has_transparency = "A" in opened.getbands() or "transparency" in opened.info
    flat = opened.convert("RGBA" if has_transparency else "RGB")
    white = (255, 255, 255, 0) if has_transparency else (255, 255, 255)
    return flat.rotate(-drawn.turned, Image.Resampling.BICUBIC, expand=True, fillcolor=white)
