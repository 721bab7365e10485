"""One step of an LSTM, written as the textbook writes it."""

from collections.abc import Callable
from typing import Literal, NamedTuple, get_args

import torch
from jaxtyping import Float
from torch import Tensor, nn

from gatescope.errors import InvalidInput

Direction = Literal["forward", "backward"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
GATES = {"forget_gate": "W_f", "input_gate": "W_i", "candidate": "W_C", "output_gate": "W_o"}  # with their weights
Hold = Callable[[str, Tensor], Tensor]


class Step(NamedTuple):
    """Everything that one step computes.

    Each tensor is (B, H), or (H) for an input without a batch; with a projection the hidden state is (B, P) or (P).
    """

    forget_gate: Tensor
    input_gate: Tensor
    candidate: Tensor
    output_gate: Tensor
    cell_state: Tensor
    hidden_state: Tensor


def as_computed(_: str, tensor: Tensor) -> Tensor:
    """No intervention: each quantity stays as it was computed."""
    return tensor


class LSTMSimpleCell(nn.Module):
    """A cell of the long short-term memory, with a forget gate.

    With [x_t, h_{t−1}] the concatenation of the input and the previous hidden state::

        f_t = σ(W_f·[x_t, h_{t−1}] + b_f)        what to keep of the memory
        i_t = σ(W_i·[x_t, h_{t−1}] + b_i)        what to write into it
        C̃_t = tanh(W_C·[x_t, h_{t−1}] + b_C)     the candidate to be written
        o_t = σ(W_o·[x_t, h_{t−1}] + b_o)        what to show of it
        C_t = f_t ⊙ C_{t−1} + i_t ⊙ C̃_t
        h_t = o_t ⊙ tanh(C_t)

    With a projection, what is passed on is smaller than the memory: h_t = W_h·(o_t ⊙ tanh(C_t)).

    Sources: Hochreiter & Schmidhuber, "Long Short-Term Memory", 1997; the forget gate: Gers, Schmidhuber & Cummins,
    "Learning to Forget", 2000; the projection: Sak, Senior & Beaufays, "Long Short-Term Memory Recurrent Neural
    Network Architectures for Large Scale Acoustic Modeling", 2014.

    Args:
        input_size: I, the number of features of x_t.
        hidden_size: H, the number of units.
        bias: whether the four gates have a bias.
        device: of the weights.
        dtype: float32 or float64.
        proj_size: P, the size of h with a projection; 0 for none, as in `torch.nn.LSTM`.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
        proj_size: int = 0,
    ) -> None:
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.proj_size = proj_size
        self.output_size = proj_size or hidden_size
        combined_size = input_size + self.output_size
        self.W_f = nn.Linear(combined_size, hidden_size, bias, device, dtype)
        self.W_i = nn.Linear(combined_size, hidden_size, bias, device, dtype)
        self.W_C = nn.Linear(combined_size, hidden_size, bias, device, dtype)
        self.W_o = nn.Linear(combined_size, hidden_size, bias, device, dtype)
        self.W_h = nn.Linear(hidden_size, proj_size, False, device, dtype) if proj_size else None

    def forward(
        self, x: Float[Tensor, "*batch feature"], state: tuple[Tensor, Tensor]
    ) -> tuple[Float[Tensor, "*batch output"], Float[Tensor, "*batch unit"]]:
        """Takes one step and gives the new state.

        Args:
            x: x_t, (B, I) or (I).
            state: (h_{t−1}, C_{t−1}), each (B, H) or (H); with a projection h is (B, P) or (P).

        Returns:
            (h_t, C_t), shaped as the state.

        Raises:
            InvalidInput: x or the state has another width than the cell.
        """
        step = self.step(x, state)
        return step.hidden_state, step.cell_state

    def step(self, x: Float[Tensor, "*batch feature"], state: tuple[Tensor, Tensor], hold: Hold = as_computed) -> Step:
        """Takes one step and gives every intermediate; arguments and errors are those of `forward`.

        `hold` gets the name and the computed value of each quantity, and returns the value to go on with.
        """
        h_prev, C_prev = state
        _check_width("x", x, self.input_size)
        _check_width("h", h_prev, self.output_size)
        _check_width("C", C_prev, self.hidden_size)
        combined = torch.cat([x, h_prev], dim=-1)  # (B, I + H)
        f = hold("forget_gate", torch.sigmoid(self.W_f(combined)))  # (B, H)
        i = hold("input_gate", torch.sigmoid(self.W_i(combined)))  # (B, H)
        C_tilde = hold("candidate", torch.tanh(self.W_C(combined)))  # (B, H)
        o = hold("output_gate", torch.sigmoid(self.W_o(combined)))  # (B, H)
        C = hold("cell_state", f * C_prev + i * C_tilde)  # (B, H)
        h = o * torch.tanh(C)  # (B, H)
        if self.W_h is not None:
            h = self.W_h(h)  # (B, P)
        return Step(f, i, C_tilde, o, C, hold("hidden_state", h))

    def extra_repr(self) -> str:
        """The sizes, as `print(cell)` shows them."""
        return f"{self.input_size}, {self.hidden_size}"


def _check_width(name: str, tensor: Tensor, width: int) -> None:
    if tensor.dim() == 0 or tensor.shape[-1] != width:
        raise InvalidInput(
            f"{name} has shape {tuple(tensor.shape)}; its last axis must be {width}",
            field=name,
            code="wrong_width",
            expected=width,
        )
