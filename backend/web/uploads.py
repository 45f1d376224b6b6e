"""Files from strangers: known by their bytes, decoded under limits, written anew without what they hide.

Photos keep their pixels and nothing else (EXIF knows the place, the phone, sometimes the name). Of a PDF the metadata
go. Sound and video cannot be re-encoded here; only their kind is checked.
"""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass

import pikepdf
import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_FILE = 16 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2560
IMAGE_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF", "BMP")
SOUND_AND_VIDEO = (
    (b"OggS", 0, "voice", "audio/ogg"),
    (b"ID3", 0, "voice", "audio/mpeg"),
    (b"ftypM4A", 4, "voice", "audio/mp4"),
    (b"ftyp", 4, "video", "video/mp4"),
    (b"\x1aE\xdf\xa3", 0, "video", "video/webm"),
)
# Photos decoded at the same time: each takes up to 150 MB for half a second.
DECODERS = threading.BoundedSemaphore(2)
HEIF_BRANDS = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftyphevc")


class UploadRefused(Exception):
    """The file cannot be taken; `key` names the person's sentence."""

    def __init__(self, key: str, log: str) -> None:
        super().__init__(log)
        self.key = key


@dataclass(frozen=True)
class CleanFile:
    """A file that may be stored: `kind` is photo, document, voice or video."""

    content: bytes
    kind: str
    media_type: str


def cleaned(content: bytes) -> CleanFile:
    """The file, rewritten without metadata. Blocking: call it in a thread.

    Raises:
        UploadRefused: empty, too large, of no kind we take, or not what it says it is.
    """
    if not content:
        raise UploadRefused("web_upload_empty", "empty file")
    if len(content) > LARGEST_FILE:
        raise UploadRefused("web_upload_too_large", f"{len(content)} bytes")
    if content.startswith(b"%PDF-"):
        return _document(content)
    if not any(content[4:].startswith(brand) for brand in HEIF_BRANDS):
        for magic, offset, kind, media_type in SOUND_AND_VIDEO:
            if content[offset:].startswith(magic):
                return CleanFile(content, kind, media_type)
    with DECODERS:
        return _photo(content)


def _photo(content: bytes) -> CleanFile:
    pillow_heif.register_heif_opener()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=IMAGE_FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise UploadRefused("web_upload_too_large", f"{image.width}x{image.height} pixels")
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as failure:
        raise UploadRefused("web_upload_kind", f"no image: {type(failure).__name__}") from failure
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as failure:
        raise UploadRefused("web_upload_broken", f"image broken: {type(failure).__name__}") from failure
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    pixels_only = Image.frombytes("RGB", upright.size, upright.tobytes())
    pixels_only.save(out, "JPEG", quality=82, optimize=True)
    return CleanFile(out.getvalue(), "photo", "image/jpeg")


def _document(content: bytes) -> CleanFile:
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            for key in list(document.docinfo.keys()):
                del document.docinfo[key]
            for name in ("/Metadata", "/OpenAction", "/AA", "/Names"):
                if name in document.Root:
                    del document.Root[name]
            out = io.BytesIO()
            document.save(out)
    except (pikepdf.PdfError, OSError, ValueError) as failure:
        raise UploadRefused("web_upload_broken", f"PDF broken: {type(failure).__name__}") from failure
    return CleanFile(out.getvalue(), "document", "application/pdf")
