from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from tests.models.inspection import inspect
from torch import Tensor, nn

from gatescope import LSTMNetwork, agreement, load_model, trace
from gatescope.errors import InvalidInput
from gatescope.models.checkpoint import assemble


class Tagger(nn.Module):
    """What people train: an embedding, a deep LSTM, a linear layer, and things beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(50, 12)
        self.norm = nn.BatchNorm1d(12)
        self.rnn = nn.LSTM(12, 16, 3, bidirectional=True, proj_size=5)
        self.head = nn.Linear(10, 50)
        self.other = nn.GRU(12, 8)


def load(path: Path, name: str | None = None, **parts: Any) -> LSTMNetwork:
    """As `load_model`, in this process."""
    return assemble(inspect(path), name, **parts)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    torch.manual_seed(0)
    return Tagger().eval()


def prefixed(state: dict[str, Tensor], prefix: str) -> OrderedDict[str, Tensor]:
    return OrderedDict((f"{prefix}{name}", tensor) for name, tensor in state.items())


def save(path: Path, model: nn.Module, kind: str) -> str:
    """Writes the model as people do and tells how its LSTM is called in the file."""
    state = model.state_dict()
    optimiser = torch.optim.Adam(model.parameters())
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimiser.step()
    nested = {"epoch": 3, "optimizer": optimiser.state_dict(), "loss": 0.5}
    contents: dict[str, tuple[Any, str]] = {
        "bare": (state, "rnn"),
        "data parallel": (prefixed(state, "module."), "module.rnn"),
        "beside its optimiser": ({**nested, "state_dict": state}, "state_dict.rnn"),
        "inside a trainer": ({"state": {"model": prefixed(state, "net.")}, **nested}, "state.model.net.rnn"),
    }
    if kind == "safetensors":
        save_file(state, path)
        return "rnn"
    content, name = contents[kind]
    torch.save(content, path)
    return name


@pytest.mark.parametrize("kind", ["bare", "data parallel", "beside its optimiser", "inside a trainer", "safetensors"])
def test_a_trained_lstm_is_found_with_its_neighbours_and_computes_the_same(
    tagger: Tagger, tmp_path: Path, kind: str
) -> None:
    name = save(tmp_path / "model.pt", tagger, kind)
    checkpoint = inspect(tmp_path / "model.pt")
    (lstm,) = checkpoint.lstms
    around = name.removesuffix("rnn")
    assert (lstm.name, lstm.fronts, lstm.read_outs) == (name, (f"{around}embed",), (f"{around}head",))
    assert str(lstm) == f"{name}: 12 → 16 projected to 5, 3 layers, bidirectional"
    assert checkpoint.unsupported == {f"{around}other": "a GRU"}

    network = load_model(tmp_path / "model.pt", front=f"{around}embed", read_out=f"{around}head", softmax=True)
    tokens = torch.arange(20)
    traced = trace(network, tokens)
    assert len(traced.layers) == 6
    assert agreement(network, traced).largest <= 1e-6
    expected = tagger.head(tagger.rnn(tagger.embed(tokens))[0]).softmax(dim=-1)
    torch.testing.assert_close(traced.output, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16, torch.float8_e4m3fn])
def test_other_floating_points_become_float32(tmp_path: Path, dtype: torch.dtype) -> None:
    state = nn.LSTM(3, 4).to(dtype).state_dict()
    torch.save(state, tmp_path / "model.pth")
    network = load(tmp_path / "model.pth")
    assert network.first_cell.W_f.weight.dtype == torch.float32
    torch.testing.assert_close(network.to_state_dict()["weight_hh_l0"], state["weight_hh_l0"].float())


def test_numbers_that_have_no_arithmetic_are_refused(tmp_path: Path) -> None:
    halves = {name: torch.zeros(tensor.shape, dtype=torch.uint8) for name, tensor in nn.LSTM(3, 4).state_dict().items()}
    save_file({name: tensor.view(torch.float4_e2m1fn_x2) for name, tensor in halves.items()}, tmp_path / "model")
    with pytest.raises(InvalidInput, match="is of type float4_e2m1fn_x2; save it as float32"):
        load(tmp_path / "model")


def test_one_of_several_is_chosen_by_its_name(tmp_path: Path) -> None:
    encoder, decoder = nn.LSTM(3, 4), nn.LSTM(4, 5)
    torch.save({"encoder": encoder.state_dict(), "decoder": decoder.state_dict()}, tmp_path / "model.pt")
    assert load_model(tmp_path / "model.pt", "decoder").first_cell.hidden_size == 5
    for name in (None, "middle"):
        with pytest.raises(InvalidInput, match=r"name one of .* decoder: 4 → 5, 1 layers; encoder: 3 → 4"):
            load_model(tmp_path / "model.pt", name)


def test_the_nearest_neighbour_stands_first(tmp_path: Path) -> None:
    state = {
        "other.head": nn.Linear(4, 2).state_dict(),
        "model.rnn": nn.LSTM(3, 4).state_dict(),
        "model.head": nn.Linear(4, 7).state_dict(),
    }
    torch.save(state, tmp_path / "model.pt")
    assert inspect(tmp_path / "model.pt").lstms[0].read_outs == ("model.head", "other.head")


def test_a_part_that_does_not_fit_is_refused_with_those_that_do(tagger: Tagger, tmp_path: Path) -> None:
    save(tmp_path / "model.pt", tagger, "bare")
    with pytest.raises(InvalidInput, match="head does not fit; these do: embed"):
        load(tmp_path / "model.pt", front="head")
    with pytest.raises(InvalidInput, match="embed does not fit; these do: head"):
        load(tmp_path / "model.pt", read_out="embed")


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"there is no file missing\.pt"):
        load_model("missing.pt")
