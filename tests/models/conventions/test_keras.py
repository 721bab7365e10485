"""Files that Keras itself wrote compute here what Keras computes."""

import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from tests.models.inspection import inspect

from gatescope import agreement, load_model, trace
from gatescope.errors import InvalidInput
from gatescope.models.checkpoint import assemble

SCRIPT = Path(__file__).with_name("keras_reference.py")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keras")
    subprocess.run([sys.executable, SCRIPT, path], check=True, timeout=300, capture_output=True)
    return path


def test_a_file_goes_through_the_reader_of_untrusted_files(folder: Path) -> None:
    assert load_model(folder / "plain.keras").first_cell.hidden_size == 4


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        *[
            (name, suffix)
            for name in ("plain", "without_bias", "bidirectional")
            for suffix in (".keras", ".weights.h5")
        ],
        ("stacked", ".keras"),  # the weights alone do not say that one layer feeds the other
    ],
)
@torch.no_grad()
def test_the_hidden_states_are_those_of_keras(folder: Path, name: str, suffix: str) -> None:
    x = torch.from_numpy(np.load(folder / "inputs.npz")["numbers"])  # (T, I)
    network = assemble(inspect(folder / f"{name}{suffix}"))
    traced = trace(network, x)
    found = torch.cat([layer.hidden_state for layer in traced.layers[-len(network.directions) :]], dim=-1)
    expected = torch.from_numpy(np.load(folder / f"{name}.npy"))
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-6)
    assert agreement(network, traced).holds


def test_layers_of_one_size_are_one_lstm_and_others_are_offered_apart(folder: Path) -> None:
    (stacked,) = inspect(folder / "stacked.keras").lstms
    assert (stacked.name, stacked.network.num_layers) == ("lstm+lstm_1", 2)
    apart = inspect(folder / "unequal.keras").lstms
    assert [(found.name, found.network.first_cell.hidden_size) for found in apart] == [("lstm", 4), ("lstm_1", 5)]


@pytest.mark.parametrize("suffix", [".keras", ".weights.h5"])
def test_the_embedding_and_the_dense_layer_stand_around_it(folder: Path, suffix: str) -> None:
    network = assemble(inspect(folder / f"text{suffix}"), front="embedding", read_out="dense")
    output = trace(network, torch.from_numpy(np.load(folder / "inputs.npz")["tokens"])).output
    assert output is not None
    torch.testing.assert_close(output, torch.from_numpy(np.load(folder / "text.npy")), rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("relu", "lstm is an LSTM with activation relu"),
        ("hard", "lstm is an LSTM with recurrent_activation hard_sigmoid"),
        ("summed", "bidirectional is an LSTM with merge_mode sum"),
        ("turned", "lstm is an LSTM with go_backwards True"),
        ("others", "gru is a GRU, simple_rnn is a plain RNN"),
    ],
)
def test_what_is_no_textbook_lstm_is_named(folder: Path, name: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        assemble(inspect(folder / f"{name}.keras"))


def copied(folder: Path, target: Path) -> Path:
    target.write_bytes((folder / "plain.weights.h5").read_bytes())
    return target


KERNEL = "layers/lstm/cell/vars/0"


def link_outside(file: h5py.File) -> None:
    del file[KERNEL]
    file[KERNEL] = h5py.ExternalLink("/etc/passwd", "/")


def link_inside(file: h5py.File) -> None:
    del file[KERNEL]
    file[KERNEL] = h5py.SoftLink("/layers/lstm/cell/vars/1")


def virtual(file: h5py.File) -> None:
    del file[KERNEL]
    layout = h5py.VirtualLayout((3, 16), "f4")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "x", (3, 16))
    file.create_virtual_dataset(KERNEL, layout)


def external(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, (3, 16), "f4", external=[("/etc/passwd", 0, 192)])


def bomb(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, (30_000, 30_000), "f4", compression="gzip", chunks=(1000, 1000))


def swollen(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, (2**20, 2**20), "f4", chunks=(1000, 1000))


def not_finite(file: h5py.File) -> None:
    file[KERNEL][0, 0] = np.nan


def ill_fitting(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, data=np.zeros((3, 12), "f4"))


def old(file: h5py.File) -> None:
    file.create_group("model_weights")


def endless(file: h5py.File) -> None:
    file["layers/lstm/again"] = file["layers"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (link_outside, "link"),
        (link_inside, "link"),
        (virtual, "external_data"),
        (external, "external_data"),
        (bomb, "zip_bomb"),
        (swollen, "swollen_tensor"),
        (not_finite, "not_finite_tensor"),
        (ill_fitting, "broken_file"),
        (old, "old_keras"),
        (endless, "swollen_tensor"),
    ],
)
def test_a_hostile_hdf5_file_is_refused(folder: Path, tmp_path: Path, change: object, code: str) -> None:
    path = copied(folder, tmp_path / "model.weights.h5")
    with h5py.File(path, "r+") as file:
        change(file)  # type: ignore[operator]
    with pytest.raises(InvalidInput) as caught:
        inspect(path)
    assert (caught.value.field, caught.value.code) == ("file", code)


@pytest.mark.parametrize("name", ["plain.keras", "plain.weights.h5"])
def test_a_file_cut_off_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    content = (folder / name).read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(InvalidInput) as caught:
        inspect(tmp_path / name)
    assert caught.value.code == "broken_file"
