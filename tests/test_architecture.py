"""Imports point one way, in Python and in JavaScript, and words stand where they are translated."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "backend" / "gatescope"
FRONTEND = ROOT / "frontend"

# What each part of the package may import of the others, and which libraries it must do without.
MAY_IMPORT = {
    "lstm": {"lstm", "errors"},
    "analysis": {"analysis", "lstm", "errors"},
    "models": {"models", "lstm", "errors"},
    "sequences": {"sequences", "errors"},
    "training": {"training", "models", "lstm", "sequences", "errors"},
    "web": {"web", "analysis", "training", "models", "lstm", "sequences", "errors", "__version__"},
}
WITHOUT = {
    "lstm": {"fastapi", "starlette", "pydantic", "scipy"},
    "analysis": {"fastapi", "starlette", "pydantic", "numpy", "scipy"},
    "models": {"fastapi", "starlette", "pydantic"},
    "sequences": {"fastapi", "starlette", "pydantic", "torch"},
    "training": {"fastapi", "starlette", "pydantic"},
    "web": set(),
}
# Rooms of the web, a folder or a module, from below: each imports only of those named, and of itself.
WEB_ROOMS: dict[str, tuple[str, ...]] = {
    "problems": (),
    "guards": ("problems",),
    "settings": ("guards",),
    "requests": (),
    "run": ("requests", "settings"),
    "answers": ("requests", "run"),
    "questions": ("requests", "run", "answers"),
    "routes": ("problems", "settings", "requests", "run", "answers", "questions"),
    "app": ("problems", "guards", "settings", "run", "routes"),
}
LONG_FILES = {"kernel.py", "lanes.py"}  # compiled code that is read as one
SCRIPTS = [*FRONTEND.rglob("*.js")]
# Rooms of the page from below: each imports only of those named, and of itself.
BELOW = ("base", "state", "server", "charts", "controls")
ROOMS: dict[str, tuple[str, ...]] = {
    "base": (),
    "state": ("base",),
    "server": ("base", "state"),
    "charts": ("base", "state"),
    "controls": ("base", "state"),
    "step": ("base", "state", "charts", "controls"),
    "inputs": ("base", "state", "server", "controls"),
    **dict.fromkeys(("compare", "gates", "gradients", "health", "memory", "what_if"), BELOW),
    "tabs": ("compare", "gates", "gradients", "health", "memory", "what_if"),
    "tour": ("base", "state", "charts"),
    "address": ("base", "state", "step", "tabs", "tour"),
    "workspace": ("base", "state", "server", "inputs", "address"),
    "page": (*BELOW, "step", "inputs", "tabs", "gates", "tour", "address", "workspace"),
}


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def script_imports(path: Path) -> set[Path]:
    """The modules that a script imports; types, which stand in comments, do not count."""
    found = re.findall(r'^import [^;]*?"([^"]+)";', path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return {(path.parent / name).resolve() for name in found}


def test_every_part_of_the_package_has_its_rule() -> None:
    assert {path.parent.name for path in PACKAGE.glob("*/__init__.py")} == set(MAY_IMPORT)


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_parts_of_the_package_import_one_way(part: str) -> None:
    for path in (PACKAGE / part).rglob("*.py"):
        names = imports(path)
        inside = {name.split(".")[1] for name in names if name.startswith("gatescope.")}
        assert inside <= MAY_IMPORT[part], path
        assert not {name.split(".")[0] for name in names} & WITHOUT[part], path


def test_every_room_of_the_web_has_its_rule() -> None:
    inside = [path.stem for path in (PACKAGE / "web").iterdir() if path.is_dir() or path.suffix == ".py"]
    assert set(inside) - {"__init__", "__pycache__"} == set(WEB_ROOMS)


@pytest.mark.parametrize("room", WEB_ROOMS)
def test_rooms_of_the_web_import_one_way(room: str) -> None:
    place = PACKAGE / "web" / room
    for path in place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]:
        inside = {name.split(".")[2] for name in imports(path) if name.startswith("gatescope.web.")}
        assert inside <= {room, *WEB_ROOMS[room]}, path


def test_a_question_imports_no_other_question() -> None:
    for path in (PACKAGE / "web" / "questions").glob("[!_]*.py"):
        inside = {name.split(".")[3] for name in imports(path) if name.startswith("gatescope.web.questions.")}
        assert inside <= {"question"}, path


def test_no_file_of_the_package_is_long() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert path.name in LONG_FILES or len(path.read_text(encoding="utf-8").splitlines()) <= 250, path


def test_every_room_of_the_page_has_its_rule() -> None:
    assert {path.parent.name for path in SCRIPTS if path.parent != FRONTEND} == set(ROOMS)
    assert [path.name for path in FRONTEND.glob("*.js")] == ["main.js"]


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_of_the_page_import_one_way(room: str) -> None:
    for path in (path for path in SCRIPTS if path.parent.name == room):
        for imported in script_imports(path):
            assert imported.is_relative_to(FRONTEND), path
            assert imported.parent.name in (room, *ROOMS[room]), f"{path.name} imports {imported.name}"


def test_only_the_plot_module_touches_plotly_and_nothing_imports_the_root() -> None:
    assert len(SCRIPTS) > 20
    for path in SCRIPTS:
        assert FRONTEND / "main.js" not in script_imports(path), path
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert ("Plotly" in code) == (path.name == "plot.js"), path


def test_no_words_stand_outside_the_translations() -> None:
    names_of_languages = {"한국어", "English"}
    for path in SCRIPTS:
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for text in re.findall(r'"((?:[^"\\\n]|\\.)*)"', code):
            sentence = re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}|[A-Z][a-z]+ [a-z]+$", text)
            hangul = re.search(r"[가-힣]", text)
            allowed = text in names_of_languages or text in ALLOWED
            assert allowed or not (sentence or hangul), f"{path.name}: {text}"
    body = (FRONTEND / "index.html").read_text(encoding="utf-8").split("<body>")[1]
    assert re.sub(r"<[^>]*>", "", body).strip() == ""


# What a program reads, or a developer where no page can be drawn.
ALLOWED = {"The server does not answer."}
