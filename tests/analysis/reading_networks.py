"""Networks with a read-out, drawn for the tests of what outputs depend on."""

import torch
from hypothesis import strategies as st
from torch import nn

from gatescope import LSTMNetwork


@st.composite
def reading_networks(draw: st.DrawFn) -> LSTMNetwork:
    """Any network in float64 whose read-out is not linear."""
    torch.manual_seed(draw(st.integers(0, 2**31)))
    hidden_size = draw(st.integers(2, 5))
    network = LSTMNetwork(
        draw(st.integers(1, 3)),
        hidden_size,
        draw(st.integers(1, 3)),
        batch_first=draw(st.booleans()),
        bidirectional=draw(st.booleans()),
        proj_size=draw(st.integers(0, hidden_size - 1)),
        dtype=torch.float64,
    )
    width = network.first_cell.output_size * len(network.directions)
    network.read_out = nn.Sequential(nn.Linear(width, 4), nn.Tanh()).double()
    return network
