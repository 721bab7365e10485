"""Hostile and broken files: each is refused with its own problem, and nothing in it runs."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch
from safetensors.torch import save_file
from tests.models.files import ModelFile, pytorch, safetensors
from tests.models.small_disk import needs_mounting, on_small_disk
from torch import nn

from gatescope.errors import InvalidInput
from gatescope.models.checkpoint import MOST_LSTMS, find_lstms
from gatescope.models.neighbours import MOST_PARTS
from gatescope.models.sandbox import parent
from gatescope.models.sandbox.parent import environment_of_child, job_of, read_checkpoint
from gatescope.models.sandbox.result import load, save
from gatescope.models.sandbox.scratch import scratch_folder, sweep

HOSTILE = (*pytorch.HOSTILE, *safetensors.HOSTILE)


def corpus(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Each hostile file with the code of the problem that it must get."""
    files = {}
    for file in HOSTILE:
        file.write(folder / "upload")
        files[file.name] = ((folder / "upload").read_bytes(), file.code)
    return files


@pytest.mark.parametrize("file", HOSTILE, ids=lambda file: file.name)
def test_it_is_refused_with_a_clear_problem(file: ModelFile, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    file.write(path)
    with pytest.raises(InvalidInput) as raised:
        read_checkpoint(path)
    assert (raised.value.code, raised.value.field) == (file.code, "file")
    assert 20 < len(raised.value.message) < 500
    assert str(tmp_path) not in raised.value.message
    assert not list(tmp_path.rglob("called")), "nothing in the file was run"


def test_a_checkpoint_comes_out_of_the_child_as_it_was(tmp_path: Path) -> None:
    """Tensors that share memory or lie transposed, too."""
    weights, shared = nn.LSTM(3, 4).state_dict(), torch.rand(4, 4)
    tensors = {f"rnn.{name}": tensor for name, tensor in weights.items()}
    others = {"head.weight": shared, "next.weight": shared.T, "gru.weight_hh_l0": torch.zeros(12, 4)}
    checkpoint = find_lstms(tensors | others)
    save(checkpoint, tmp_path / "file")
    again = load(tmp_path / "file")
    (before,), (after,) = checkpoint.lstms, again.lstms
    assert (after.name, after.layout, after.fronts, after.read_outs) == ("rnn", before.layout, (), ("head", "next"))
    assert (again.unsupported, again.omitted) == ({"gru": "a GRU"}, 0)
    torch.testing.assert_close((dict(after.weights), again.tensors), (dict(weights), checkpoint.tensors))


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_file({"a": torch.zeros(4)}, tmp_path / "file")
    monkeypatch.setattr(parent, "MOST_SECONDS", 0.05)
    with pytest.raises(InvalidInput, match=r"took more than 0\.05 seconds"):
        read_checkpoint(tmp_path / "file")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux caps them")
@pytest.mark.parametrize("cap", ["memory", "seconds"])
def test_a_reader_that_takes_too_much_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cap: str) -> None:
    """A sound file, whose child may take less than it needs."""
    lstms = nn.ModuleDict({f"lstm_{number}": nn.LSTM(400, 800) for number in range(16)})
    save_file(lstms.state_dict(), tmp_path / "file")
    less: dict[str, Any] = {cap: -1}
    monkeypatch.setattr(parent, "job_of", lambda path, name: replace(job_of(path, name), **less))
    with pytest.raises(InvalidInput) as raised:
        read_checkpoint(tmp_path / "file")
    assert raised.value.code == "reader_stopped"


def test_tensors_that_share_memory_do_not_swell_without_end(tmp_path: Path) -> None:
    """100 LSTMs of one storage: read alone each is sound, but what comes back has a cap."""
    weights = nn.LSTM(100, 200).state_dict()
    torch.save({f"lstm_{number}": weights for number in range(100)}, tmp_path / "file")
    with pytest.raises(InvalidInput, match="are allowed for a file of this size") as raised:
        read_checkpoint(tmp_path / "file")
    assert raised.value.code == "swollen_file"
    assert [lstm.name for lstm in read_checkpoint(tmp_path / "file", "lstm_7").lstms] == ["lstm_7"]


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        file.truncate(2**30 + 1)
    with pytest.raises(InvalidInput, match="1,073,741,824 are allowed"):
        read_checkpoint(tmp_path / "file")


def cpu_seconds(path: Path) -> tuple[float, float]:
    """What reading a file takes of this process and of its child."""
    before = os.times()
    with suppress(InvalidInput):
        read_checkpoint(path)
    after = os.times()
    ours = after.user + after.system - before.user - before.system
    return ours, after.children_user + after.children_system - before.children_user - before.children_system


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> float:
    """What the child takes for a usual file."""
    path = tmp_path_factory.mktemp("harmless") / "file"
    save_file(nn.LSTM(3, 4).state_dict(), path)
    return cpu_seconds(path)[1]


def of_layer(number: str) -> Callable[[Path], object]:
    """A small file with the tensor of a layer of that number."""
    names = (f"l.weight_ih_l{number}", "l.weight_hh_l0")
    return lambda path: save_file({name: torch.zeros(4, 1) for name in names}, path)


def of_many(path: Path) -> None:
    """600 LSTMs, and 1,800 linear layers that fit each of them."""
    modules: dict[str, nn.Module] = {f"lstm_{number}": nn.LSTM(1, 1) for number in range(600)}
    modules |= {f"head_{number}": nn.Linear(1, 2, bias=False) for number in range(1800)}
    save_file(nn.ModuleDict(modules).state_dict(), path)


def of_parts_deep(path: Path) -> None:
    """Modules inside modules, each with recurrent weights, to which any further part might belong."""
    save_file({f"{'a.' * depth}weight_hh_l0": torch.zeros(4, 1) for depth in range(200)}, path)


@pytest.mark.parametrize(
    "write",
    [of_layer("999999999999"), of_layer("9" * 5000), of_many, of_parts_deep],
    ids=["a trillion layers", "a number of 5,000 digits", "many LSTMs", "LSTMs inside LSTMs"],
)
def test_what_a_file_costs_does_not_grow_with_what_its_names_claim(
    tmp_path: Path, write: Callable[[Path], object], harmless: float
) -> None:
    write(tmp_path / "hostile")
    ours, of_child = cpu_seconds(tmp_path / "hostile")
    assert of_child < 3 * harmless
    assert ours < 0.2 * harmless, "this process only takes what comes back"


def test_of_very_many_lstms_and_parts_the_first_are_described_and_the_others_counted(tmp_path: Path) -> None:
    of_many(tmp_path / "file")
    checkpoint = read_checkpoint(tmp_path / "file")
    assert (len(checkpoint.lstms), checkpoint.omitted) == (MOST_LSTMS, 600 - MOST_LSTMS)
    for lstm in checkpoint.lstms:
        assert (len(lstm.fronts), len(lstm.read_outs)) == (MOST_PARTS, MOST_PARTS)
        assert lstm.omitted_parts == 2 * (1800 - MOST_PARTS)


HANG = """
import sys
from pathlib import Path
from gatescope.models.sandbox import child, parent
child.__file__ = sys.argv[2]
parent.read_checkpoint(Path(sys.argv[1]))
"""
TIED = """
import sys, time
from pathlib import Path
from gatescope.models.sandbox import child
child.tie(int(sys.argv[3]))
(Path(sys.argv[1]) / "tied").touch()
time.sleep(600)
"""


@pytest.mark.parametrize("by", ["the signal of Linux", "the pipe of its input"])
def test_a_child_ends_with_its_parent_and_the_next_start_sweeps_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    if by == "the signal of Linux" and sys.platform != "linux":
        pytest.skip("other systems have no such signal")
    save_file(nn.LSTM(3, 4).state_dict(), tmp_path / "file")
    elsewhere = "" if by == "the signal of Linux" else "import sys; sys.platform = 'elsewhere'"
    (tmp_path / "child.py").write_text(f"{elsewhere}\n{TIED}")
    (tmp_path / "tmp").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp"), "COVERAGE_PROCESS_CONFIG": ""}
    command = [sys.executable, "-c", HANG, str(tmp_path / "file"), str(tmp_path / "child.py")]
    with subprocess.Popen(command, env=environment) as process:
        try:
            while not list((tmp_path / "tmp").glob("*/tied")):
                assert process.poll() is None
                time.sleep(0.05)
            (child,) = psutil.Process(process.pid).children()
            if not elsewhere:
                child.suspend()  # so that it cannot see the pipe close
        finally:
            process.kill()
    child.wait(60)
    assert {path.suffix for path in (tmp_path / "tmp").iterdir()} == {"", ".lock"}
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    with scratch_folder() as used:
        sweep()
        assert {path.name for path in (tmp_path / "tmp").iterdir()} == {used.name, f"{used.name}.lock"}
    assert not list((tmp_path / "tmp").iterdir())


READ_ON_SMALL_DISK = """
import sys, tempfile
from pathlib import Path
from gatescope.errors import TemporaryFolderUnavailable
from gatescope.models.sandbox.parent import read_checkpoint
tempfile.tempdir = sys.argv[1]
try:
    read_checkpoint(Path(sys.argv[2]))
except TemporaryFolderUnavailable as error:
    print(error)
assert not list(Path(sys.argv[1]).iterdir())
"""


@needs_mounting
def test_a_temporary_folder_that_is_full_is_said_and_nothing_is_left_in_it(tmp_path: Path) -> None:
    save_file(nn.LSTM(300, 300).state_dict(), tmp_path / "file")
    (tmp_path / "disk").mkdir()
    command = on_small_disk(str(tmp_path / "disk"), READ_ON_SMALL_DISK, str(tmp_path / "file"))
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "the file cannot be read: the temporary folder is full\n"), ran.stderr


def test_the_child_gets_no_secret_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GATESCOPE_TOKEN", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "secret")
    assert "secret" not in environment_of_child().values()
