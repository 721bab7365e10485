"""Why an LSTM and no plain RNN? The same sequence through an RNN, a GRU and an LSTM, and how far gradients reach."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from gatescope.analysis.backpropagation import CHUNK, walk
from gatescope.analysis.places import check_index
from gatescope.errors import InvalidInput
from gatescope.lstm.cancellation import check_cancelled
from gatescope.lstm.cell import LSTMSimpleCell
from gatescope.lstm.initialisation import DEFAULT_FORGET_BIAS, initialise
from gatescope.lstm.trace import trace


@dataclass(frozen=True)
class GradientReach:
    """‖∂h_end/∂h_t‖ at each step t up to the end, (end + 1), for each of the three, in float64.

    For all units it is the Frobenius norm, √H at the end; for one unit the Euclidean norm, 1 at the end. For the LSTM
    C_t is constant in ∂h_end/∂h_t: only the path through later gates counts; `lstm_cell_state` is ‖∂h_end/∂C_t‖.
    """

    seed: int
    forget_bias: float
    unit: int | None
    end: int
    rnn: Tensor
    gru: Tensor
    lstm: Tensor
    lstm_cell_state: Tensor


@torch.no_grad()
def gradient_reach(
    x: Tensor,
    hidden_size: int,
    *,
    seed: int | None = None,
    forget_bias: float = DEFAULT_FORGET_BIAS,
    unit: int | None = None,
    end: int | None = None,
) -> GradientReach:
    """Runs a sequence through an untrained tanh RNN, GRU and LSTM of one size, and measures how far gradients reach.

    All weights and biases are uniform in ±1/√H, as PyTorch draws them, each network from a generator of its own that
    starts at the seed; then the LSTM's forget bias is set. This tells nothing about trained networks. With larger
    recurrent weights a plain RNN's gradient lives longer or explodes.

    Everything is in float64: float32 ends at 1e−45, which an RNN reaches within 200 steps.

    Sources: Hochreiter 1991; Bengio, Simard & Frasconi, "Learning Long-Term Dependencies with Gradient Descent is
    Difficult", 1994; the GRU: Cho et al. 2014; the bias: Gers et al. 2000, Jozefowicz et al. 2015.

    Args:
        x: the sequence, (T, I).
        hidden_size: H of each.
        seed: 0 … 2³² − 1; drawn if None.
        forget_bias: b_f of the LSTM.
        unit: whose gradient; of all units if None, which takes about H times the work.
        end: the step whose hidden state is asked about; the last if None.

    Raises:
        InvalidInput: x is not one sequence of at least one step, or the size, the bias, the seed, the unit or the
            step is out of range.
    """
    _check(x, hidden_size, forget_bias)
    steps, input_size = x.shape
    end = steps - 1 if end is None else end
    check_index("step", end, steps)
    x = x.detach().double()[: end + 1]
    cell = LSTMSimpleCell(input_size, hidden_size, device="meta", dtype=torch.float64).to_empty(device="cpu")
    seed = initialise(cell, "pytorch", seed=seed)
    cell.W_f.bias.fill_(forget_bias)
    start = torch.eye(hidden_size, dtype=torch.float64)  # (H, H)
    if unit is not None:
        check_index("unit", unit, hidden_size)
        start = start[unit : unit + 1]  # (1, H)
    lstm = lstm_reach(cell, x, start)  # first: it needs the most memory
    rnn = rnn_reach(drawn(nn.RNN, input_size, hidden_size, seed), x, start)
    gru = gru_reach(drawn(nn.GRU, input_size, hidden_size, seed), x, start)
    return GradientReach(seed, forget_bias, unit, end, rnn, gru, *lstm)


def drawn(kind: type[nn.RNN] | type[nn.GRU], input_size: int, hidden_size: int, seed: int) -> nn.RNN | nn.GRU:
    """A layer in float64 with all weights and biases uniform in ±1/√H; the global generator is left alone."""
    layer = kind(input_size, hidden_size, device="meta", dtype=torch.float64).to_empty(device="cpu")
    generator = torch.Generator().manual_seed(seed)
    bound = 1 / math.sqrt(hidden_size)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-bound, bound, generator=generator)
    return layer


def rnn_reach(layer: nn.RNN | nn.GRU, x: Tensor, start: Tensor) -> Tensor:
    """‖∂h_T/∂h_t‖ of h_t = tanh(W·x_t + U·h_{t−1} + b), (T), with ∂h_t/∂h_{t−1} = diag(1 − h_t²)·U."""
    slope = 1 - _states(layer, x) ** 2  # (T, H)
    recurrent = layer.get_parameter("weight_hh_l0")  # (H, H)
    return _norms(len(x), start, lambda jacobian, t: (jacobian * slope[t]) @ recurrent)[0]


def gru_reach(layer: nn.RNN | nn.GRU, x: Tensor, start: Tensor) -> Tensor:
    """‖∂h_T/∂h_t‖, (T), of h_t = (1 − z) ⊙ n + z ⊙ h_{t−1} with n = tanh(W·x_t + r ⊙ (U·h_{t−1} + b))."""
    h = _states(layer, x)
    before = torch.cat([torch.zeros_like(h[:1]), h[:-1]])  # (T, H)
    recurrent = layer.get_parameter("weight_hh_l0")  # (3H, H)
    norms: list[Tensor] = []
    jacobian = start
    for first in reversed(range(0, len(x), CHUNK)):
        part = slice(first, first + CHUNK)
        factors, z = _gru_factors(layer, x[part], before[part])

        def back(jacobian: Tensor, t: int, factors: Tensor = factors, z: Tensor = z) -> Tensor:
            through_gates = (jacobian.unsqueeze(1) * factors[t]).flatten(1)  # (H, 3H)
            return through_gates @ recurrent + jacobian * z[t]

        of_chunk, jacobian = _norms(len(z), jacobian, back)
        norms.append(of_chunk)
    return torch.cat(norms[::-1])


def _states(layer: nn.RNN | nn.GRU, x: Tensor) -> Tensor:
    """All hidden states, (T, H); chunk by chunk, since the layer needs far more memory while it runs."""
    state, states = None, []
    for part in torch.split(x, CHUNK):
        check_cancelled()
        of_chunk, state = layer(part, state)
        states.append(of_chunk)
    return torch.cat(states)


def _gru_factors(layer: nn.RNN | nn.GRU, x: Tensor, before: Tensor) -> tuple[Tensor, Tensor]:
    """The factors of the gradient of each step at r, z and n, (T, 3, H), and the update gate z, (T, H)."""
    x_weights, h_weights = (
        [layer.get_parameter(f"{kind}_{of}_l0") for kind in ("weight", "bias")] for of in ("ih", "hh")
    )
    from_x = functional.linear(x, *x_weights).chunk(3, 1)  # r, z, n
    from_h = functional.linear(before, *h_weights).chunk(3, 1)  # each (T, H)
    r, z = torch.sigmoid(from_x[0] + from_h[0]), torch.sigmoid(from_x[1] + from_h[1])  # (T, H)
    n = torch.tanh(from_x[2] + r * from_h[2])  # (T, H)
    of_n = (1 - z) * (1 - n**2)  # (T, H)
    return torch.stack([of_n * from_h[2] * r * (1 - r), (before - n) * z * (1 - z), of_n * r], 1), z


def lstm_reach(cell: LSTMSimpleCell, x: Tensor, start: Tensor) -> tuple[Tensor, Tensor]:
    """‖∂h_T/∂h_t‖ with C_t constant, and ‖∂h_T/∂C_t‖, each (T)."""
    layer = trace(cell, x).layers[0]
    norms = torch.zeros(2, len(x), dtype=torch.float64)
    for arrived in walk(cell, layer, hidden_state=start):
        norms[0, arrived.step] = arrived.hidden_state.norm()
        norms[1, arrived.step] = arrived.cell_state.norm()
    return norms[0], norms[1]


def _norms(steps: int, jacobian: Tensor, back: Callable[[Tensor, int], Tensor]) -> tuple[Tensor, Tensor]:
    """The norms of the Jacobian, (T), which `back` carries over one step against the time, and the last one."""
    norms = torch.zeros(steps, dtype=torch.float64)
    for t in range(steps - 1, -1, -1):
        check_cancelled()
        norms[t] = jacobian.norm()
        jacobian = back(jacobian, t)
    return norms, jacobian


def _check(x: Tensor, hidden_size: int, forget_bias: float) -> None:
    if x.dim() != 2 or 0 in x.shape:
        raise InvalidInput(
            f"x has shape {tuple(x.shape)}; it must be (T, I) with at least one step", field="x", code="not_a_sequence"
        )
    if hidden_size < 1:
        raise InvalidInput(
            f"hidden_size is {hidden_size}; it must be at least 1", field="hidden_size", code="hidden_size_range"
        )
    if not math.isfinite(forget_bias):
        raise InvalidInput(
            f"forget_bias is {forget_bias}; it must be finite", field="forget_bias", code="not_finite_forget_bias"
        )
