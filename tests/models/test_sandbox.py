"""Hostile and broken files: each is refused with its own problem, and nothing in it runs."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from tests.models.files import ModelFile, pytorch, safetensors
from torch import nn

from gatescope.errors import InvalidInput
from gatescope.models import sandbox
from gatescope.models.reading import LSTMReading, Reading
from gatescope.models.sandbox import load, read_untrusted, save

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
        read_untrusted(path)
    assert (raised.value.code, raised.value.field) == (file.code, "file")
    assert 20 < len(raised.value.message) < 500
    assert str(tmp_path) not in raised.value.message
    assert not list(tmp_path.rglob("called")), "nothing in the file was run"


def test_a_reading_comes_out_of_the_child_as_it_was(tmp_path: Path) -> None:
    """Tensors that share memory or lie transposed, too; LSTMs stand in the order of their names."""
    weights = nn.LSTM(3, 4).state_dict()
    unnamed = LSTMReading("", dict.fromkeys(("weight_ih", "weight_hh"), weights["weight_hh_l0"].T))
    named = LSTMReading("rnn", weights, {"activation": "tanh"}, {"batch_first": False, "dropout": 0.0})
    save(Reading((unnamed, named), {"head.weight": torch.zeros(2, 4)}, {"gru": "a GRU"}), tmp_path / "file")
    reading = load(tmp_path / "file")
    assert [(lstm.name, lstm.settings, lstm.assumptions) for lstm in reading.lstms] == [
        ("rnn", named.settings, named.assumptions),
        ("", {}, {}),
    ]
    torch.testing.assert_close([dict(lstm.weights) for lstm in reading.lstms], [weights, unnamed.weights])
    assert (list(reading.others), reading.unsupported) == (["head.weight"], {"gru": "a GRU"})


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_file({"a": torch.zeros(4)}, tmp_path / "file")
    monkeypatch.setattr(sandbox, "MOST_SECONDS", 0.05)
    with pytest.raises(InvalidInput, match=r"took more than 0\.05 seconds"):
        read_untrusted(tmp_path / "file")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux caps the memory")
def test_a_reader_that_takes_too_much_memory_is_stopped(tmp_path: Path) -> None:
    """A sound file whose tensors share one storage: 200 clones of 16 MiB are more than its size allows."""
    whole = torch.zeros(2**22)
    torch.save({f"tensor_{index}": whole for index in range(200)}, tmp_path / "file")
    with pytest.raises(InvalidInput, match="more memory than allowed") as raised:
        read_untrusted(tmp_path / "file")
    assert raised.value.code == "reader_stopped"


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        file.truncate(2**30 + 1)
    with pytest.raises(InvalidInput, match="1,073,741,824 are allowed"):
        read_untrusted(tmp_path / "file")
