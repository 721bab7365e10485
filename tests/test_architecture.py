"""Imports point one way, in Python and in JavaScript, and words stand where they are translated."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "backend" / "gatescope"
FRONTEND = ROOT / "frontend"

# What each part of the package may import of the others, and which libraries it must do without.
OF_STRANGERS = {"bounded_json", "unicode", "errors"}  # how a text that is not trusted is read and refused
MAY_IMPORT = {
    "lstm": {"lstm", "errors"},
    "analysis": {"analysis", "lstm", "errors"},
    "models": {"models", "lstm", *OF_STRANGERS},
    "sequences": {"sequences", *OF_STRANGERS},
    "training": {"training", "models", "lstm", "sequences", "errors"},
    "web": {"web", "analysis", "training", "models", "lstm", "sequences", *OF_STRANGERS, "__version__"},
}
WITHOUT = {
    "lstm": {"fastapi", "starlette", "pydantic", "scipy"},
    "analysis": {"fastapi", "starlette", "pydantic", "numpy", "scipy"},
    "models": {"fastapi", "starlette", "pydantic"},
    "sequences": {"fastapi", "starlette", "pydantic", "torch"},
    "training": {"fastapi", "starlette", "pydantic"},
    "web": set(),
}
# What each file and room of models/ may import of the others.
MODELS_MAY_IMPORT: dict[str, set[str]] = {
    **{alone: set() for alone in ("content", "reading", "gate_orders", "neighbours", "vocabulary")},
    "containers": {"content"},
    "conventions": {"content", "reading", "gate_orders"},
    "checkpoint": {"content", "reading", "conventions", "neighbours"},
    "sandbox": {"content", "reading", "containers", "conventions", "checkpoint"},
    "loading": {"checkpoint", "sandbox"},
    "sources": {"checkpoint", "neighbours"},
}
# Rooms of the web, a folder or a module, from below: each imports only of those named, and of itself.
WEB_ROOMS: dict[str, tuple[str, ...]] = {
    "problems": (),
    "guards": ("problems",),
    "settings": ("guards",),
    "requests": (),
    "run": ("requests", "settings"),
    "admission": ("requests",),
    "answers": ("requests", "run"),
    "questions": ("requests", "run", "answers"),
    "routes": ("problems", "settings", "requests", "run", "admission", "answers", "questions"),
    "app": ("problems", "guards", "settings", "run", "admission", "routes"),
}
SCRIPTS = [*FRONTEND.rglob("*.js")]
SOURCES = [*SCRIPTS, *PACKAGE.rglob("*.py")]
FOLDERS = sorted({path.parent for path in SOURCES})
# Rooms of the page from below: each imports only of those named, and of itself.
BELOW = ("base", "state", "server", "charts", "controls")
TABS = tuple(f"tabs/{folder.name}" for folder in (FRONTEND / "tabs").iterdir() if folder.is_dir())
ON_PAGE = tuple(f"page/{name}" for name in ("canvas", "drops", "notices", "player", "toolbar"))
ROOMS: dict[str, tuple[str, ...]] = {
    "base": (),
    "state": ("base",),
    "server": ("base", "state"),
    "charts": ("base", "state"),
    "controls": ("base", "state"),
    "step": ("base", "state", "charts", "controls"),
    **dict.fromkeys(("inputs/model", "inputs/sequence"), ("base", "state", "server", "controls")),
    "inputs": ("server", "inputs/model", "inputs/sequence"),
    "two_runs": ("base", "state", "charts", "controls"),
    **dict.fromkeys(TABS, (*BELOW, "two_runs")),
    "tabs": TABS,
    "tour": ("base", "state", "charts"),
    "address": ("base", "state", "step", "tabs", "tour"),
    "workspace": ("base", "state", "server", "address"),
    "page/player": ("base", "state"),
    "page/notices": ("base", "state", "controls"),
    "page/drops": ("base", "state", "controls", "inputs/model", "inputs/sequence", "workspace"),
    "page/toolbar": (*BELOW, "inputs", "tabs", "workspace"),
    "page/canvas": (*BELOW, "step", "inputs", "tabs", "page/notices"),
    "page": ("base", "state", "inputs/model", "inputs/sequence", "tabs", "tour", *ON_PAGE),
}

MOST_LINES = 250
LONG_FILES = {"kernel.py", "lanes.py"}  # one compiled loop each, which reads best as a whole
MOST_COLUMNS = 120
MOST_ENTRIES = 12
LONG_FOLDERS = {
    FRONTEND,  # the rooms themselves
    PACKAGE / "analysis",  # a file a question
    PACKAGE / "web" / "questions",  # a file a question
    PACKAGE / "lstm",  # the mathematics, which knows nothing else
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


def test_rooms_of_models_import_one_way() -> None:
    rooms: dict[str, set[str]] = {}
    for path in (PACKAGE / "models").rglob("*.py"):
        room = path.relative_to(PACKAGE / "models").with_suffix("").parts[0]
        names = [name.split(".") for name in imports(path) if name.startswith("gatescope.models.")]
        rooms.setdefault(room, set()).update(name[2] for name in names)
    assert set(rooms) - {"__init__"} == set(MODELS_MAY_IMPORT)
    for room, allowed in MODELS_MAY_IMPORT.items():
        assert rooms[room] <= {room, *allowed}, room


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


def room_of(path: Path) -> str:
    return path.parent.relative_to(FRONTEND).as_posix()


def test_every_room_of_the_page_has_its_rule() -> None:
    assert {room_of(path) for path in SCRIPTS if path.parent != FRONTEND} == set(ROOMS)
    assert [path.name for path in FRONTEND.glob("*.js")] == ["main.js"]


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_of_the_page_import_one_way(room: str) -> None:
    for path in (path for path in SCRIPTS if room_of(path) == room):
        for imported in script_imports(path):
            assert imported.is_relative_to(FRONTEND), path
            assert room_of(imported) in (room, *ROOMS[room]), f"{path.name} imports {imported.name}"


def test_no_rule_allows_a_room_to_be_reached_from_itself() -> None:
    TopologicalSorter(ROOMS).prepare()


def test_the_root_of_the_page_fits_on_a_few_screens() -> None:
    assert len((FRONTEND / "main.js").read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_source_file_is_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES or path.name in LONG_FILES


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_line_of_a_script_is_wide(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert max(map(len, lines)) <= MOST_COLUMNS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_folder_holds_more_than_a_reader_takes_in(folder: Path) -> None:
    entries = [entry for entry in folder.iterdir() if entry.name != "__pycache__"]
    assert len(entries) <= MOST_ENTRIES or folder in LONG_FOLDERS


def test_only_the_plot_module_touches_plotly_and_nothing_imports_the_root() -> None:
    assert len(SCRIPTS) > 20
    for path in SCRIPTS:
        assert FRONTEND / "main.js" not in script_imports(path), path
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert ("Plotly" in code) == (path.name == "plot.js"), path


def test_only_the_makers_of_traces_name_a_type_of_trace() -> None:
    makers = FRONTEND / "charts" / "traces.js"
    for path in SCRIPTS:
        named = re.search(r'type\b\W*"(heatmap|scatter|bar)"|= "heatmap"', path.read_text(encoding="utf-8"))
        assert bool(named) == (path == makers), path


def test_the_page_knows_no_tab_by_its_name() -> None:
    tabs = [path.read_text(encoding="utf-8") for path in FRONTEND.glob("tabs/*/tab.js")]
    names = {name for text in tabs for name in re.findall(r'^  name: "(\w+)"', text, re.MULTILINE)}
    assert len(names) == len(tabs)
    for path in (FRONTEND / "page").rglob("*.js"):
        assert not names & set(re.findall(r'"(\w+)"', path.read_text(encoding="utf-8"))), path


def test_colours_stand_in_one_sheet() -> None:
    colour = re.compile(r"#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch|lab)\(", re.IGNORECASE)
    sheets = [*FRONTEND.rglob("*.css")]
    assert FRONTEND / "styles" / "colours.css" in sheets
    for path in [*sheets, *SCRIPTS]:
        is_of_colours = path.name == "colours.css"
        assert bool(colour.search(path.read_text(encoding="utf-8"))) == is_of_colours, path


def test_the_page_links_every_sheet_and_none_imports_another() -> None:
    linked = re.findall(r'<link rel="stylesheet" href="([^"]+\.css)" />', (FRONTEND / "index.html").read_text("utf-8"))
    assert sorted(linked) == sorted(path.relative_to(FRONTEND).as_posix() for path in FRONTEND.rglob("*.css"))
    assert not [name for name in linked if "@import" in (FRONTEND / name).read_text(encoding="utf-8")]


def test_no_words_stand_outside_the_translations() -> None:
    for path in SCRIPTS:
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for text in re.findall(r'"((?:[^"\\\n]|\\.)*)"', code):
            sentence = re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}|[A-Z][a-z]+ [a-z]+$", text)
            hangul = re.search(r"[가-힣]", text)
            assert text in ALLOWED or not (sentence or hangul), f"{path.name}: {text}"
    body = (FRONTEND / "index.html").read_text(encoding="utf-8").split("<body>")[1]
    assert re.sub(r"<[^>]*>", "", body).strip() == ""


# What a program reads, or a developer where no page can be drawn.
ALLOWED = {"The server does not answer."}
