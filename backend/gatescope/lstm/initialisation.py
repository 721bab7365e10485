"""Initial weights of a cell, drawn from a seed and never from the global generator."""

import math
import secrets
from typing import Literal, get_args

import torch
from torch import nn

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import LSTMSimpleCell

Initialisation = Literal["pytorch", "xavier", "chrono"]
INITIALISATIONS: tuple[Initialisation, ...] = get_args(Initialisation)
SEEDS = 2**32  # seeds are smaller; JSON and JavaScript hold them exactly
DEFAULT_FORGET_BIAS = 1.0


@torch.no_grad()
def initialise(
    cell: LSTMSimpleCell,
    method: Initialisation = "pytorch",
    *,
    seed: int | None = None,
    forget_bias: float | None = None,
    longest_dependency: int | None = None,
) -> int:
    """Draws all weights of a cell anew.

    - ``pytorch``: every weight and bias uniform in ±1/√H, as `torch.nn.LSTM` draws them (there each of two biases
      is drawn so; here the one that they add up to).
    - ``xavier``: each gate's matrix uniform after Glorot & Bengio 2010; biases 0, but the forget gate's
      `forget_bias`; 1 lets memory live from the start (Jozefowicz, Zaremba & Sutskever 2015).
    - ``chrono``: matrices as in ``xavier``; b_f = log u with u uniform in [1, T_max − 1], and b_i = −b_f, so that
      memories fade over times up to T_max (Tallec & Ollivier 2018).

    Args:
        cell: the cell, changed in place.
        method: one of the three.
        seed: 0 … 2³² − 1; drawn if None.
        forget_bias: for ``xavier`` only; 1 if None.
        longest_dependency: T_max in steps, for ``chrono`` only and required there.

    Returns:
        The seed used.

    Raises:
        InvalidInput: an argument is missing, out of range, or belongs to another method.
    """
    _check(method, forget_bias, longest_dependency, cell.W_f.weight.dtype)
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    if not 0 <= seed < SEEDS:
        raise InvalidInput(f"seed is {seed}; it must be 0 … {SEEDS - 1}", field="seed", code="seed_range", actual=seed)
    generator = torch.Generator(device=cell.W_f.weight.device).manual_seed(seed)
    gates = [cell.W_f, cell.W_i, cell.W_C, cell.W_o]
    if method == "pytorch":
        bound = 1 / math.sqrt(cell.hidden_size)
        for parameter in cell.parameters():
            parameter.uniform_(-bound, bound, generator=generator)
        return seed
    for gate in gates:
        nn.init.xavier_uniform_(gate.weight, generator=generator)
        if gate.bias is not None:
            gate.bias.zero_()
    if cell.W_f.bias is None:
        return seed
    if method == "xavier":
        cell.W_f.bias.fill_(DEFAULT_FORGET_BIAS if forget_bias is None else forget_bias)
    elif longest_dependency is not None:
        # For T_max ≤ 2 the interval is the point 1, whose logarithm is 0.
        times = torch.empty_like(cell.W_f.bias).uniform_(1, max(1, longest_dependency - 1), generator=generator)
        cell.W_f.bias.copy_(times.log())
        cell.W_i.bias.copy_(-times.log())
    return seed


def _check(method: str, forget_bias: float | None, longest_dependency: int | None, dtype: torch.dtype) -> None:
    if method not in INITIALISATIONS:
        raise InvalidInput(
            f"initialisation is {method!r}; it must be one of {', '.join(INITIALISATIONS)}",
            field="initialisation",
            code="unknown_initialisation",
        )
    if forget_bias is not None and method != "xavier":
        raise InvalidInput(
            f"forget_bias goes with the initialisation xavier only, not with {method}",
            field="forget_bias",
            code="forget_bias_unused",
            initialisation=method,
        )
    if forget_bias is not None and not abs(forget_bias) <= torch.finfo(dtype).max:
        raise InvalidInput(
            f"forget_bias is {forget_bias}; it must be a finite {str(dtype).removeprefix('torch.')} number",
            field="forget_bias",
            code="not_finite_forget_bias",
        )
    if method == "chrono" and (longest_dependency is None or longest_dependency < 1):
        raise InvalidInput(
            "chrono needs longest_dependency, the longest time to remember, of at least 1 step",
            field="longest_dependency",
            code="longest_dependency_missing",
        )
