"""QR codes as SVG, drawn on the server."""

from __future__ import annotations

import io

import segno


def qr_svg(text: str) -> str:
    """Black on white whatever the colour scheme, with its quiet zone: a telephone has to read it."""
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=3, dark="#10302e", light="#ffffff"
    )
    return out.getvalue().decode()
