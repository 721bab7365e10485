"""The recurrence of one layer as one compiled loop that keeps everything.

The products with x are taken for many steps at once; what remains is one product with h a step, and the activations.
Weights lie so that the inner loop runs along memory, with the gates in the order f, i, o, C̃ side by side. The plain
loop in `layer` is the reference; this one differs from it by rounding only.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any, TypeVar, cast

import numpy as np
import torch
from numba import njit, types
from numba.extending import overload
from torch import Tensor

from gatescope.lstm.cell import LSTMSimpleCell, Step

GATES = ("W_f", "W_i", "W_o", "W_C")
CHUNK = 512  # steps whose products with x are kept at a time
# Of the fast-math flags never nnan or ninf: what overflows must be seen.
OPTIONS: Any = {"fastmath": {"contract", "reassoc", "nsz", "arcp"}, "nogil": True, "error_model": "numpy"}
Function = TypeVar("Function", bound=Callable[..., Any])
Array = np.ndarray[Any, Any]


def applies(cell: LSTMSimpleCell, x: Tensor, state: tuple[Tensor, Tensor]) -> bool:
    """Whether the loop can stand in: on the CPU, in float32 or float64, where no gradient is asked for."""
    tensors = (x, *state, *cell.parameters())
    wants_gradient = torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors)
    dtype = cell.W_f.weight.dtype
    is_plain = all(tensor.device.type == "cpu" and tensor.dtype == dtype for tensor in tensors)
    return is_plain and dtype in (torch.float32, torch.float64) and not wants_gradient


@torch.no_grad()
def run(cell: LSTMSimpleCell, x: Tensor, state: tuple[Tensor, Tensor], *, backward: bool) -> Step:
    """The six tensors of a whole sequence, (T, B, H), or (T, H) for x (T, I).

    Args:
        cell: its weights; see `applies`.
        x: (T, B, I) or (T, I).
        state: (h, C) that fit.
        backward: whether the last step comes first.
    """
    single = x.dim() == 2
    x = x.unsqueeze(1) if single else x  # (T, B, I)
    steps, batch, input_size = x.shape
    from_input, from_hidden, bias = _weights(cell)
    projection = cell.W_h.weight if cell.W_h is not None else x.new_empty((0, 0))  # (P, H)
    sizes = [cell.hidden_size] * 5 + [cell.output_size]
    kept = [x.new_empty((steps, batch, size)) for size in sizes]
    hidden, previous = (tensor.reshape(batch, -1).clone() for tensor in state)  # (B, P), (B, H)
    starts = range(0, steps, CHUNK)
    for start in reversed(starts) if backward else starts:
        part = x[start : start + CHUNK].reshape(-1, input_size)  # (N·B, I)
        products = torch.addmm(bias, part, from_input).reshape(-1, batch, 4 * cell.hidden_size)  # (N, B, 4H)
        window = [tensor[start : start + CHUNK] for tensor in kept]
        arrays = [t.numpy() for t in (products, from_hidden, projection, hidden, previous, *window)]
        _in_parts(batch, partial(cast(Callable[..., None], _loop), *arrays, backward))
    return Step(*(tensor.squeeze(1) if single else tensor for tensor in kept))


def _in_parts(batch: int, work: Callable[[int, int], None]) -> None:
    """Gives each thread that PyTorch may use its share of the sequences; they know nothing of one another."""
    parts = min(torch.get_num_threads(), batch)
    if parts == 1:
        return work(0, batch)
    edges = [batch * part // parts for part in range(parts + 1)]
    list(_threads().map(work, edges[:-1], edges[1:]))
    return None


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="gatescope")


def _weights(cell: LSTMSimpleCell) -> tuple[Tensor, Tensor, Tensor]:
    """The weights of x (I, 4H), of h (P, 4H), and the biases (4H)."""
    gates = [getattr(cell, name) for name in GATES]
    weight = torch.cat([gate.weight for gate in gates]).T  # (I + P, 4H)
    bias = gates[0].bias is not None
    biases = torch.cat([gate.bias for gate in gates]) if bias else weight.new_zeros(weight.shape[1])
    return weight[: cell.input_size].contiguous(), weight[cell.input_size :].contiguous(), biases


def _compiled(function: Function) -> Function:
    """Compiled by numba at the first call, kept on disk where there is a place for it."""
    try:
        return njit(cache=True, **OPTIONS)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # neither this folder nor the user's can be written to
        return njit(**OPTIONS)(function)  # type: ignore[no-any-return]


def _logistic(x: Any, scale: Any) -> Any:
    """``scale · σ(scale · x) − (scale − 1)``: σ for a scale of 1, tanh for 2; no branch, so that it is vectorised.

    e^z = 2^n · e^r with |r| ≤ ln 2 / 2, and e^r by a polynomial.
    """
    raise NotImplementedError


# Cephes' minimax coefficients of e^r in single precision (Moshier 1989), from the highest power down to r².
_SINGLE = tuple(
    np.float32(value)
    for value in (1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)
)
_P0, _P1, _P2, _P3, _P4, _P5 = _SINGLE
_LOG2E, _LN2_HIGH, _LN2_LOW = np.float32(1.44269504), np.float32(0.693359375), np.float32(-2.12194440e-4)
_ONE, _HALF, _LARGEST = np.float32(1), np.float32(0.5), np.float32(87)
_BIAS, _SHIFT = np.int32(127), np.int32(23)
_LN2_HIGH_64, _LN2_LOW_64 = 6.93145751953125e-1, 1.42860682030941723212e-6
_BIAS_64, _SHIFT_64 = np.int64(1023), np.int64(52)


@overload(_logistic, jit_options=OPTIONS)
def _overload_logistic(x: Any, scale: Any) -> Any:  # pragma: no cover - runs while numba compiles
    del scale
    return _logistic_single if x == types.float32 else _logistic_double


def _logistic_single(x: Any, scale: Any) -> Any:  # pragma: no cover - compiled
    z = min(max(-scale * x, -_LARGEST), _LARGEST)
    n = np.floor(z * _LOG2E + _HALF)
    r = z - n * _LN2_HIGH - n * _LN2_LOW
    p = ((((_P0 * r + _P1) * r + _P2) * r + _P3) * r + _P4) * r + _P5
    power = np.int32((np.int32(n) + _BIAS) << _SHIFT).view(np.float32)
    value = scale / (_ONE + (p * r * r + r + _ONE) * power) - (scale - _ONE)
    return x if x != x else value  # not a number stays so


def _logistic_double(x: Any, scale: Any) -> Any:  # pragma: no cover - compiled
    z = min(max(-scale * x, -708.0), 708.0)
    n = np.floor(z * 1.4426950408889634 + 0.5)
    r = z - n * _LN2_HIGH_64 - n * _LN2_LOW_64
    p = 1 / 479001600.0  # Taylor's, 1/12! to 1/2!: the next term is below 1e-16
    p = (((p * r + 1 / 39916800.0) * r + 1 / 3628800.0) * r + 1 / 362880.0) * r + 1 / 40320.0
    p = (((p * r + 1 / 5040.0) * r + 1 / 720.0) * r + 1 / 120.0) * r + 1 / 24.0
    p = (p * r + 1 / 6.0) * r + 0.5
    power = np.int64((np.int64(n) + _BIAS_64) << _SHIFT_64).view(np.float64)
    value = scale / (1.0 + (p * r * r + r + 1.0) * power) - (scale - 1.0)
    return x if x != x else value  # not a number stays so


@_compiled
def _add_one(sums: Array, weights: Array, h: Array) -> None:  # pragma: no cover - compiled
    """Adds h·W, (P) × (P, 4H), to the sums (4H); eight rows at a time, so that these are loaded an eighth as often."""
    rows, row = len(weights), 0
    while row + 8 <= rows:
        h0, h1, h2, h3 = h[row], h[row + 1], h[row + 2], h[row + 3]
        h4, h5, h6, h7 = h[row + 4], h[row + 5], h[row + 6], h[row + 7]
        for column in range(len(sums)):
            sums[column] += (
                weights[row, column] * h0
                + weights[row + 1, column] * h1
                + weights[row + 2, column] * h2
                + weights[row + 3, column] * h3
            ) + (
                weights[row + 4, column] * h4
                + weights[row + 5, column] * h5
                + weights[row + 6, column] * h6
                + weights[row + 7, column] * h7
            )
        row += 8
    while row < rows:
        h0 = h[row]
        for column in range(len(sums)):
            sums[column] += weights[row, column] * h0
        row += 1


@_compiled
def _add_four(sums: Array, weights: Array, h: Array) -> None:  # pragma: no cover - compiled
    """Adds h·W, (4, P) × (P, 4H), to the sums (4, 4H); each weight that is loaded serves four sequences."""
    rows, row = len(weights), 0
    while row + 2 <= rows:
        a0, a1, b0, b1 = h[0, row], h[0, row + 1], h[1, row], h[1, row + 1]
        c0, c1, d0, d1 = h[2, row], h[2, row + 1], h[3, row], h[3, row + 1]
        for column in range(sums.shape[1]):
            w0, w1 = weights[row, column], weights[row + 1, column]
            sums[0, column] += w0 * a0 + w1 * a1
            sums[1, column] += w0 * b0 + w1 * b1
            sums[2, column] += w0 * c0 + w1 * c1
            sums[3, column] += w0 * d0 + w1 * d1
        row += 2
    if row < rows:
        for sequence in range(4):
            _add_one(sums[sequence], weights[row:], h[sequence, row:])


@_compiled
def _loop(  # pragma: no cover - compiled
    products: Array,
    weights: Array,
    projection: Array,
    hidden: Array,
    previous: Array,
    forget_gate: Array,
    input_gate: Array,
    candidate: Array,
    output_gate: Array,
    cell_state: Array,
    hidden_state: Array,
    backward: bool,
    first: int,
    last: int,
) -> None:
    """All steps of a chunk for some sequences; `products` is used up, `hidden` (B, P) and `previous` (B, H) move on."""
    steps, _, width = products.shape
    size, rows = width // 4, len(weights)
    one, two = products.dtype.type(1), products.dtype.type(2)
    opened = np.empty_like(previous)
    for number in range(steps):
        t = steps - 1 - number if backward else number
        b = first
        while b + 4 <= last:
            _add_four(products[t, b : b + 4], weights, hidden[b : b + 4])
            b += 4
        while b < last:
            _add_one(products[t, b], weights, hidden[b])
            b += 1
        for b in range(first, last):
            for unit in range(size):
                f = _logistic(products[t, b, unit], one)
                i = _logistic(products[t, b, size + unit], one)
                o = _logistic(products[t, b, 2 * size + unit], one)
                g = _logistic(products[t, b, 3 * size + unit], two)
                c = f * previous[b, unit] + i * g
                forget_gate[t, b, unit] = f
                input_gate[t, b, unit] = i
                output_gate[t, b, unit] = o
                candidate[t, b, unit] = g
                cell_state[t, b, unit] = c
                previous[b, unit] = c
                opened[b, unit] = o * _logistic(c, two)
            if len(projection) == 0:
                for unit in range(size):
                    hidden[b, unit] = opened[b, unit]
                    hidden_state[t, b, unit] = opened[b, unit]
            else:
                for place in range(rows):
                    total = products.dtype.type(0)
                    for unit in range(size):
                        total += projection[place, unit] * opened[b, unit]
                    hidden[b, place] = total
                    hidden_state[t, b, place] = total
