"""Boxes are burnt into a photo: the pixels under them are replaced before it is written anew, so nothing of them is in the copy."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from backend.cases.field_copy import Box
from backend.web.uploads import DECODERS, MOST_PIXELS

COVER = (31, 36, 33)


class CannotBeCovered(Exception):
    """The stored photo cannot be read as a picture."""


def covered(content: bytes, boxes: Sequence[Box]) -> bytes:
    """The field copy: a JPEG of the pixels that are left, without metadata. Blocking: call it in a thread.

    Raises:
        CannotBeCovered: what is stored is no picture.
    """
    with DECODERS:
        try:
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise CannotBeCovered("too many pixels")
                picture = image.convert("RGB")
        except (OSError, SyntaxError, ValueError) as failure:
            raise CannotBeCovered(type(failure).__name__) from failure
        for box in boxes:
            picture.paste(COVER, box.in_pixels(picture.width, picture.height))
        pixels_only = Image.frombytes("RGB", picture.size, picture.tobytes())
        out = io.BytesIO()
        pixels_only.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()
