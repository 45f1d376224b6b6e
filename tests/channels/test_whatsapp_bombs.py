"""Files made to break whoever opens them: each is refused with a sentence, none crashes, and memory stays within bounds."""

from __future__ import annotations

import functools
import io
import json
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_GROWTH_MB = 256
BIG, HUGE = 40_000_000, 300_000_000

MEASURE = """
import json, re, sys
from pathlib import Path
from backend.web.uploads import UploadRefused, cleaned
from tests.channels.test_whatsapp_bombs import jpeg
def highest_mb():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
cleaned(jpeg(64, 64))
before = highest_mb()
outcomes = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        outcomes[path.name] = cleaned(path.read_bytes()).kind
    except UploadRefused as refused:
        outcomes[path.name] = refused.key
print(json.dumps({"outcomes": outcomes, "grown_mb": highest_mb() - before}))
"""


def chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)


def png(width: int, height: int, rows: bytes, *extra: bytes) -> bytes:
    header = width.to_bytes(4) + height.to_bytes(4) + bytes([1, 0, 0, 0, 0])
    chunks = [chunk(b"IHDR", header), *extra, chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@functools.cache
def zeros(n: int) -> bytes:
    """So many zeros, packed."""
    packer, block = zlib.compressobj(1), bytes(1_000_000)
    packed = b"".join(packer.compress(block[: min(len(block), n - at)]) for at in range(0, n, len(block)))
    return packed + packer.flush()


def jpeg(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height)).save(out, "JPEG", quality=1)
    return out.getvalue()


def jpeg_said_to_be(width: int, height: int) -> bytes:
    """A small photo whose header announces another size."""
    small = bytearray(jpeg(16, 16))
    at = small.index(b"\xff\xc0") + 5
    small[at : at + 4] = height.to_bytes(2) + width.to_bytes(2)
    return bytes(small)


def saved(kind: str, width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).convert("L" if kind != "BMP" else "1").save(out, kind)
    return out.getvalue()


def gif_said_to_be(width: int, height: int) -> bytes:
    small = bytearray(saved("GIF", 4, 4))
    small[6:10] = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return bytes(small)


def gif_of(frames: int) -> bytes:
    out = io.BytesIO()
    pictures = [Image.new("P", (1000, 1000), n % 250) for n in range(frames)]
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:])
    return out.getvalue()


def pdf(fill: Callable[[pikepdf.Pdf], object]) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def deflated(document: pikepdf.Pdf, n: int, times: int = 1) -> pikepdf.Object:
    """A stream of zeros, packed once or several times."""
    data = zeros(n)
    for _ in range(times - 1):
        data = zlib.compress(data, 9)
    stream = pikepdf.Stream(document, data)
    stream.Filter = pikepdf.Array([pikepdf.Name.FlateDecode] * times)
    return document.make_indirect(stream)


def nested(document: pikepdf.Pdf, deep: int) -> pikepdf.Object:
    array = pikepdf.Array([])
    for _ in range(deep):
        array = pikepdf.Array([array])
    return array


def bombs() -> Iterator[tuple[str, bytes]]:
    """More than thirty, by name."""
    for side in (8_000, 20_000, 60_000):
        yield f"png_{side}", png(side, side, zeros((side // 8 + 1) * min(side, 20_000)))
    yield "png_wide", png(2**31 - 1, 1, zeros(BIG))
    yield "png_tall", png(1, 2**31 - 1, zeros(BIG))
    yield "png_of_nothing", png(0, 0, zeros(10))
    yield "png_rows_without_end", png(10, 10, zeros(HUGE))
    text = chunk(b"zTXt", b"Comment\x00\x00" + zeros(HUGE))
    yield "png_text", png(10, 10, zeros(30), text)
    yield "png_profile", png(10, 10, zeros(30), chunk(b"iCCP", b"p\x00\x00" + zeros(HUGE)))
    yield "png_many_texts", png(10, 10, zeros(30), *[chunk(b"zTXt", b"C\x00\x00" + zeros(10**6))] * 500)
    yield "png_cut", png(7_000, 7_000, zeros(6_000_000))[:300]
    yield "png_wrong_sum", png(10, 10, b"\x00" * 5_000)
    for width, height in ((65_000, 65_000), (65_500, 800), (30_000, 30_000)):
        yield f"jpeg_{width}", jpeg_said_to_be(width, height)
    yield "jpeg_cut", jpeg(3000, 3000)[:2000]
    yield "jpeg_only_marks", b"\xff\xd8" + b"\xff\xe1\x00\x02" * 500_000
    yield "jpeg_exif_loop", b"\xff\xd8\xff\xe1\x00\x20Exif\x00\x00II*\x00\x08\x00\x00\x00" + b"\x01\x00" * 60
    yield "gif_huge", gif_said_to_be(65_535, 65_535)
    yield "gif_frames", gif_of(50)
    yield (
        "bmp_huge",
        b"BM"
        + b"\x00" * 12
        + (40).to_bytes(4, "little")
        + (60_000).to_bytes(4, "little") * 2
        + (b"\x01\x00\x01\x00" + bytes(24)),
    )
    yield "webp_huge", b"RIFF\x20\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff"
    yield "heif_nonsense", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 500
    yield "pdf_stream", pdf(lambda one: one.Root.update({"/A": deflated(one, HUGE)}))
    yield "pdf_twice", pdf(lambda one: one.Root.update({"/A": deflated(one, HUGE, 2)}))
    yield "pdf_thrice", pdf(lambda one: one.Root.update({"/A": deflated(one, HUGE, 3)}))
    yield "pdf_metadata", pdf(lambda one: one.Root.update({"/Metadata": deflated(one, HUGE)}))
    yield "pdf_contents", pdf(lambda one: one.pages[0].obj.update({"/Contents": deflated(one, HUGE)}))
    yield "pdf_nested", pdf(lambda one: one.Root.update({"/A": nested(one, 400)}))
    yield "pdf_written_deep", b"%PDF-1.7\n1 0 obj\n" + b"[" * 500_000 + b"\nendobj\ntrailer<</Root 1 0 R>>"
    yield (
        "pdf_own_parent",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\ntrailer<</Root 1 0 R>>",
    )
    yield "pdf_objects", b"%PDF-1.4\n" + b"1 0 obj<<>>endobj\n" * 200_000 + b"trailer<</Root 1 0 R>>"
    yield (
        "pdf_prev_loop",
        b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Prev 9/Root 1 0 R>>\nstartxref\n9\n%%EOF",
    )
    yield "zip", b"PK\x03\x04" + zeros(BIG)
    yield "gzip", b"\x1f\x8b\x08\x00" + zeros(BIG)
    yield "svg", b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 10_000
    yield "tiff", b"II*\x00\x08\x00\x00\x00" + b"\xff" * 1000
    yield "eps", b"%!PS-Adobe-3.0 EPSF-3.0\n" + b"/a a def " * 1000
    yield "nothing", b""


@pytest.mark.slow
def test_bombs_are_refused_within_bounds(tmp_path: Path) -> None:
    made = dict(bombs())
    assert len(made) >= 30
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stderr[-2000:]
    told = json.loads(run.stdout)
    print(told)
    assert set(told["outcomes"]) == set(made)
    assert told["grown_mb"] <= MOST_GROWTH_MB
    huge = {"png_20000", "png_60000", "png_wide", "png_tall", "jpeg_65000", "gif_huge", "bmp_huge"}
    assert all(told["outcomes"][name].startswith("web_upload_") for name in huge)
