"""What an output depends on is the gradient that autograd gives."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.drawn import Drawn, runs_for_gradients
from torch import nn

from gatescope import LSTMNetwork, LSTMSimpleCell, trace
from gatescope.analysis import connectivity
from gatescope.errors import InvalidInput


@given(runs_for_gradients(reads=True), st.data())
def test_it_is_the_gradient_of_autograd_through_all_layers_and_directions(run: Drawn, data: st.DataObject) -> None:
    network, x = run.network, run.x.clone().requires_grad_()
    traced = trace(network, x, run.state)
    step, output = data.draw(st.integers(0, run.steps - 1)), data.draw(st.integers(0, 3))
    dependence = connectivity(network, traced, step=step, output=output)
    assert traced.output is not None
    (gradients,) = torch.autograd.grad(traced.output[step, output], x)
    torch.testing.assert_close(dependence.gradients, gradients, rtol=1e-9, atol=1e-13)
    torch.testing.assert_close(dependence.norms, gradients.norm(dim=1), rtol=1e-9, atol=1e-13)
    if len(network.directions) == 1:
        assert not dependence.norms[step + 1 :].any()


def test_the_largest_output_of_the_last_step_is_asked_about_by_default() -> None:
    torch.manual_seed(0)
    network = LSTMNetwork(2, 5)
    network.read_out = nn.Linear(5, 3)
    traced = trace(network, torch.randn(6, 2))
    assert traced.output is not None
    dependence = connectivity(network, traced)
    assert (dependence.step, dependence.output) == (5, int(traced.output[5].argmax()))
    assert (dependence.norms > 0).all()


def test_of_an_embedding_the_embedded_features_count() -> None:
    network = LSTMNetwork(3, 5)
    network.front, network.read_out = nn.Embedding(7, 3), nn.Linear(5, 7)
    assert connectivity(network, trace(network, torch.tensor([1, 5, 2, 6]))).gradients.shape == (4, 3)


def test_it_works_where_gradients_are_off() -> None:
    network = LSTMNetwork(2, 5)
    network.read_out = nn.Linear(5, 3)
    x = torch.randn(6, 2)
    with torch.no_grad():
        without = connectivity(network, trace(network, x), output=1)
    torch.testing.assert_close(without.norms, connectivity(network, trace(network, x), output=1).norms)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [({"step": 6}, "no_such_step"), ({"output": 3}, "no_such_output"), ({"step": -1}, "no_such_step")],
)
def test_what_is_not_there_is_refused(arguments: dict[str, int], code: str) -> None:
    network = LSTMNetwork(2, 5)
    network.read_out = nn.Linear(5, 3)
    with pytest.raises(InvalidInput) as caught:
        connectivity(network, trace(network, torch.zeros(6, 2)), **arguments)
    assert caught.value.code == code


def test_a_model_without_a_read_out_is_refused() -> None:
    cell = LSTMSimpleCell(2, 5)
    with pytest.raises(InvalidInput, match="read-out"):
        connectivity(cell, trace(cell, torch.zeros(6, 2)))
