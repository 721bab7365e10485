"""The recurrence of one layer as one compiled loop that records every gate and state.

The products with x are taken for all steps at once and lie where the gates will; what remains of a step is one product
with h, added in place, and the activations. h_{t−1} and C_{t−1} are read where step t − 1 left them, so that nothing is
copied. Weights lie in blocks of units, so that reading them runs along memory. The plain loop in `layer` is the
reference; this one differs from it by rounding only.
"""

import itertools
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any, TypeVar, cast

import numpy as np
import torch
from numba import njit, types
from torch import Tensor, nn

from gatescope.lstm.activations import logistic, tanh
from gatescope.lstm.cancellation import check_cancelled, current
from gatescope.lstm.cell import GATES, LSTMSimpleCell, Step
from gatescope.lstm.intervention import Intervention
from gatescope.lstm.lanes import announce, announced, fused, load, pause, prefetch, spread, store, width

SHARED_FROM = 2 * 1024 * 1024  # bytes of recurrent weights from which two cores, each with half of them, are faster
WORTH_A_THREAD = 500_000_000  # products from which handing sequences to another thread pays
SPINS = 10_000  # looks at the other thread's counter before the processor is offered to others
LINE = 8  # counters that fill a line of the cache
Function = TypeVar("Function", bound=Callable[..., Any])
Array = np.ndarray[Any, Any]


def applies(cell: LSTMSimpleCell, x: Tensor, state: tuple[Tensor, Tensor]) -> bool:
    """Tells whether the loop can run: on the CPU, in float32 or float64."""
    tensors, dtype = (x, *state, *cell.parameters()), cell.W_f.weight.dtype
    is_plain = all(tensor.device.type == "cpu" and tensor.dtype == dtype for tensor in tensors)
    return is_plain and dtype in (torch.float32, torch.float64)


@torch.no_grad()
def run(
    cell: LSTMSimpleCell,
    x: Tensor,
    state: tuple[Tensor, Tensor],
    *,
    backward: bool,
    interventions: Sequence[Intervention] = (),
) -> Step:
    """The six tensors of a whole sequence, (T, B, H), or (T, H) for x (T, I).

    Args:
        cell: its weights; see `applies`.
        x: (T, B, I) or (T, I).
        state: (h, C) that fit.
        backward: whether the last step comes first.
        interventions: those of this layer and direction.

    Raises:
        Cancelled: it was asked to stop.
    """
    batch = x.shape[1] if x.dim() == 3 else 1
    shape = (len(x), *x.shape[1:-1])
    steps = _empty(cell, shape)
    for name, gate in zip(GATES.values(), steps, strict=False):
        _input_products(getattr(cell, name), x, gate)
    arrays = [tensor.view(len(x), batch, -1).numpy() for tensor in steps]
    weights = _blocks([getattr(cell, name).weight[:, cell.input_size :] for name in GATES.values()])
    projection = _blocks([cell.W_h.weight]) if cell.W_h is not None else weights[:0]
    start = [tensor.reshape(1, batch, -1).contiguous().numpy() for tensor in state]  # (1, B, P), (1, B, H)
    parts = _parts(cell, len(x), batch, len(weights))
    counters, cancelled = np.zeros(len(parts) * LINE, np.int64), current().flag

    holds, values = _listed(interventions, steps)
    loop = cast(Callable[..., None], _loop)
    work = partial(loop, *arrays, weights, projection, *start, holds, values, backward, cancelled, counters)
    others = [_threads().submit(work, number, *parts[number]) for number in range(1, len(parts))]
    work(0, *parts[0])
    for other in others:
        other.result()
    check_cancelled()
    return steps


def _empty(cell: LSTMSimpleCell, shape: tuple[int, ...]) -> Step:
    """Room for the six tensors: from NumPy, which asks for large pages where they are large."""
    dtype = np.float32 if cell.W_f.weight.dtype == torch.float32 else np.float64
    sizes = (*[cell.hidden_size] * 5, cell.output_size)
    return Step(*(torch.from_numpy(np.empty((*shape, size), dtype)) for size in sizes))


def _input_products(gate: nn.Linear, x: Tensor, out: Tensor) -> None:
    """W·x_t + b of all steps, (T, B, H), written where the gate will be."""
    weight = gate.weight[:, : x.shape[-1]].T  # (I, H)
    flat = out.view(-1, out.shape[-1])
    if gate.bias is None:
        torch.mm(x.reshape(-1, x.shape[-1]), weight, out=flat)
    else:
        torch.addmm(gate.bias, x.reshape(-1, x.shape[-1]), weight, out=flat)


def _blocks(weights: Sequence[Tensor]) -> Array:
    """Matrices (H, P) side by side, in blocks of as many rows as two registers hold: (blocks, matrices, P, rows)."""
    rows = 64 // weights[0].element_size()
    size, columns = weights[0].shape
    packed = weights[0].new_zeros((-(-size // rows), len(weights), columns, rows)).numpy()
    for number, weight in enumerate(weights):
        _pack(weight.detach().numpy(), packed, number)
    return packed


def _parts(cell: LSTMSimpleCell, steps: int, batch: int, blocks: int) -> list[tuple[int, int, int, int]]:
    """The sequences and the blocks of units of each thread; of one thread where more are not faster."""
    threads = torch.get_num_threads()
    weights = 4 * cell.hidden_size * cell.output_size
    if batch > 1 and steps * batch * weights >= WORTH_A_THREAD:
        edges = _edges(batch, threads)
        return [(first, last, 0, blocks) for first, last in edges]
    if batch == 1 and CAN_YIELD and cell.W_h is None and weights * cell.W_f.weight.element_size() >= SHARED_FROM:
        edges = _edges(blocks, threads)
        return [(0, 1, first, last) for first, last in edges]
    return [(0, batch, 0, blocks)]


def _edges(count: int, threads: int) -> list[tuple[int, int]]:
    parts = max(1, min(threads, count))
    edges = [count * part // parts for part in range(parts + 1)]
    return list(itertools.pairwise(edges))


def _listed(interventions: Sequence[Intervention], steps: Step) -> tuple[Array, Array]:
    """For each stretch of held units: the index of its tensor, its units and steps, ends excluded, (K, 5); values."""
    rows, values = [], []
    for held in interventions:
        tensor = getattr(steps, held.quantity)
        last = len(tensor) if held.last is None else held.last + 1
        for stretch in held.stretches_of_units(tensor.shape[-1]):
            rows.append((Step._fields.index(held.quantity), *stretch, held.first, last))
            values.append(held.value)
    numbers = torch.tensor(values, dtype=steps.cell_state.dtype).numpy()
    return np.array(rows, np.int64).reshape(-1, 5), numbers


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="gatescope")


CAN_YIELD = os.name == "posix"
_yield_processor = types.ExternalFunction("sched_yield" if CAN_YIELD else "rand", types.int32())


def _compiled(function: Function) -> Function:
    """Compiled by numba at the first call, cached on disk where there is a place for it."""
    options: Any = {"nogil": True, "error_model": "numpy"}
    try:
        return njit(cache=True, **options)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # neither this folder nor the user's can be written to
        return njit(**options)(function)  # type: ignore[no-any-return]


@_compiled
def _pack(weight: Array, packed: Array, number: int) -> None:  # pragma: no cover - compiled
    """A matrix (H, P), cut into blocks of rows, each turned on its side."""
    size, columns = weight.shape
    rows = packed.shape[3]
    for block in range(len(packed)):
        for column in range(columns):
            for row in range(min(rows, size - block * rows)):
                packed[block, number, column, row] = weight[block * rows + row, column]


@_compiled
def _add_products_of_one(  # pragma: no cover - compiled
    forget_gate: Array,
    input_gate: Array,
    candidate: Array,
    output_gate: Array,
    at: int,
    weights: Array,
    panel: int,
    rows: int,
    h: Array,
    h_at: int,
    count: int,
) -> None:
    """Adds h·W to the four gates of one block of units; eight sums run side by side."""
    n = width(weights)
    f0, f1 = load(forget_gate, at, count), load(forget_gate, at + n, count - n)
    i0, i1 = load(input_gate, at, count), load(input_gate, at + n, count - n)
    g0, g1 = load(candidate, at, count), load(candidate, at + n, count - n)
    o0, o1 = load(output_gate, at, count), load(output_gate, at + n, count - n)
    size = rows * 2 * n
    for row in range(rows):
        x = spread(h, h_at + row)
        place = panel + row * 2 * n
        f0 = fused(load(weights, place, n), x, f0)
        f1 = fused(load(weights, place + n, n), x, f1)
        i0 = fused(load(weights, place + size, n), x, i0)
        i1 = fused(load(weights, place + size + n, n), x, i1)
        g0 = fused(load(weights, place + 2 * size, n), x, g0)
        g1 = fused(load(weights, place + 2 * size + n, n), x, g1)
        o0 = fused(load(weights, place + 3 * size, n), x, o0)
        o1 = fused(load(weights, place + 3 * size + n, n), x, o1)
    store(forget_gate, at, f0, count)
    store(forget_gate, at + n, f1, count - n)
    store(input_gate, at, i0, count)
    store(input_gate, at + n, i1, count - n)
    store(candidate, at, g0, count)
    store(candidate, at + n, g1, count - n)
    store(output_gate, at, o0, count)
    store(output_gate, at + n, o1, count - n)


@_compiled
def _add_products_of_four(  # pragma: no cover - compiled
    gate: Array, at: int, size: int, weights: Array, panel: int, rows: int, h: Array, h_at: int, count: int
) -> None:
    """Adds h·W to one gate of four sequences, `size` numbers apart; each weight loaded serves all four."""
    n = width(weights)
    a0, a1 = load(gate, at, count), load(gate, at + n, count - n)
    b0, b1 = load(gate, at + size, count), load(gate, at + size + n, count - n)
    c0, c1 = load(gate, at + 2 * size, count), load(gate, at + 2 * size + n, count - n)
    d0, d1 = load(gate, at + 3 * size, count), load(gate, at + 3 * size + n, count - n)
    for row in range(rows):
        place = panel + row * 2 * n
        prefetch(weights, place + rows * 2 * n)  # the next gate's or block's
        w0, w1 = load(weights, place, n), load(weights, place + n, n)
        a, b = spread(h, h_at + row), spread(h, h_at + rows + row)
        a0, a1, b0, b1 = fused(w0, a, a0), fused(w1, a, a1), fused(w0, b, b0), fused(w1, b, b1)
        c, d = spread(h, h_at + 2 * rows + row), spread(h, h_at + 3 * rows + row)
        c0, c1, d0, d1 = fused(w0, c, c0), fused(w1, c, c1), fused(w0, d, d0), fused(w1, d, d1)
    store(gate, at, a0, count)
    store(gate, at + n, a1, count - n)
    store(gate, at + size, b0, count)
    store(gate, at + size + n, b1, count - n)
    store(gate, at + 2 * size, c0, count)
    store(gate, at + 2 * size + n, c1, count - n)
    store(gate, at + 3 * size, d0, count)
    store(gate, at + 3 * size + n, d1, count - n)


@_compiled
def _gate(  # pragma: no cover - compiled
    number: int, forget_gate: Array, input_gate: Array, candidate: Array, output_gate: Array
) -> Array:
    if number == 0:
        return forget_gate
    if number == 1:
        return input_gate
    return candidate if number == 2 else output_gate


@_compiled
def _activate(  # pragma: no cover - compiled
    forget_gate: Array, input_gate: Array, candidate: Array, output_gate: Array, at: int, count: int
) -> None:
    """Turns the sums of `count` units into their gates."""
    n = width(forget_gate)
    for unit in range(0, count, n):
        here, left = at + unit, count - unit
        store(forget_gate, here, logistic(load(forget_gate, here, left)), left)
        store(input_gate, here, logistic(load(input_gate, here, left)), left)
        store(candidate, here, tanh(load(candidate, here, left)), left)
        store(output_gate, here, logistic(load(output_gate, here, left)), left)


@_compiled
def _update(  # pragma: no cover - compiled
    forget_gate: Array,
    input_gate: Array,
    candidate: Array,
    cell_state: Array,
    at: int,
    before: Array,
    before_at: int,
    count: int,
) -> None:
    """C_t = f ⊙ C_{t−1} + i ⊙ C̃."""
    n = width(forget_gate)
    for unit in range(0, count, n):
        here, left = at + unit, count - unit
        written = load(input_gate, here, left) * load(candidate, here, left)
        kept = load(before, before_at + unit, left)
        store(cell_state, here, fused(load(forget_gate, here, left), kept, written), left)


@_compiled
def _show(  # pragma: no cover - compiled
    output_gate: Array, cell_state: Array, at: int, shown: Array, shown_at: int, count: int
) -> None:
    """The output of the cell, o ⊙ tanh(C_t): h_t, or what is projected to h_t."""
    n = width(output_gate)
    for unit in range(0, count, n):
        here, left = at + unit, count - unit
        store(shown, shown_at + unit, load(output_gate, here, left) * tanh(load(cell_state, here, left)), left)


@_compiled
def _project(  # pragma: no cover - compiled
    opened: Array, opened_at: int, projection: Array, hidden_state: Array, at: int, count: int
) -> None:
    """h_t = W_h·(o ⊙ tanh(C_t))."""
    n = width(opened)
    units = projection.shape[2]
    for block in range(len(projection)):
        first = block * 2 * n
        left = count - first
        zeros = load(projection, 0, 0)
        one, other = zeros, zeros
        for unit in range(units):
            x, place = spread(opened, opened_at + unit), (block * units + unit) * 2 * n
            one = fused(load(projection, place, n), x, one)
            other = fused(load(projection, place + n, n), x, other)
        store(hidden_state, at + first, one, left)
        store(hidden_state, at + first + n, other, left - n)


@_compiled
def _hold(  # pragma: no cover - compiled
    quantity: int, tensor: Array, t: int, b: int, first: int, last: int, holds: Array, values: Array
) -> None:
    """Sets what is held of a tensor at a step, as far as it lies among the units first … last − 1."""
    for number in range(len(holds)):
        what, first_unit, last_unit, first_step, last_step = holds[number]
        if what == quantity and first_step <= t < last_step:
            for unit in range(max(first, first_unit), min(last, last_unit)):
                tensor[t, b, unit] = values[number]


@_compiled
def _loop(  # pragma: no cover - compiled
    forget_gate: Array,
    input_gate: Array,
    candidate: Array,
    output_gate: Array,
    cell_state: Array,
    hidden_state: Array,
    weights: Array,
    projection: Array,
    hidden: Array,
    cell: Array,
    holds: Array,
    values: Array,
    backward: bool,
    cancelled: Array,
    counters: Array,
    number: int,
    first_sequence: int,
    last_sequence: int,
    first_block: int,
    last_block: int,
) -> None:
    """All steps, for some sequences and some blocks of units; where units are shared, each step waits for all.

    Of one that is cancelled the rest is left out; those that would wait for it need not.
    """
    steps, batch, size = forget_gate.shape
    rows, block_size = weights.shape[2], weights.shape[3]
    first, last = first_block * block_size, min(size, last_block * block_size)
    opened = np.empty((1, size if len(projection) else 0), weights.dtype)
    h, h_row, c, c_row = hidden, 0, cell, 0
    for done in range(steps):
        if announced(cancelled, 0):
            announce(counters, number * LINE, steps)
            return
        t = steps - 1 - done if backward else done
        row = t * batch
        for block in range(first_block, last_block):
            unit, panel = block * block_size, block * 4 * rows * block_size
            count, fours = size - unit, (last_sequence - first_sequence) // 4
            for gate in range(4 if fours else 0):
                tensor = _gate(gate, forget_gate, input_gate, candidate, output_gate)
                for b in range(first_sequence, first_sequence + 4 * fours, 4):
                    at, h_at = (row + b) * size + unit, (h_row + b) * rows
                    _add_products_of_four(
                        tensor, at, size, weights, panel + gate * rows * block_size, rows, h, h_at, count
                    )
            for b in range(first_sequence + 4 * fours, last_sequence):
                at, h_at = (row + b) * size + unit, (h_row + b) * rows
                _add_products_of_one(
                    forget_gate, input_gate, candidate, output_gate, at, weights, panel, rows, h, h_at, count
                )
        for b in range(first_sequence, last_sequence):
            at = (row + b) * size + first
            _activate(forget_gate, input_gate, candidate, output_gate, at, last - first)
            _hold(0, forget_gate, t, b, first, last, holds, values)
            _hold(1, input_gate, t, b, first, last, holds, values)
            _hold(2, candidate, t, b, first, last, holds, values)
            _hold(3, output_gate, t, b, first, last, holds, values)
            _update(forget_gate, input_gate, candidate, cell_state, at, c, (c_row + b) * size + first, last - first)
            _hold(4, cell_state, t, b, first, last, holds, values)
            if len(projection) == 0:
                _show(output_gate, cell_state, at, hidden_state, at, last - first)
                _hold(5, hidden_state, t, b, first, last, holds, values)
            else:
                _show(output_gate, cell_state, at, opened, 0, size)
                _project(opened, 0, projection, hidden_state, (row + b) * rows, rows)
                _hold(5, hidden_state, t, b, 0, rows, holds, values)
        if last_block - first_block < len(weights):
            announce(counters, number * LINE, done + 1)
            _wait_for_all(counters, done + 1)
        h, h_row, c, c_row = hidden_state, row, cell_state, row


@_compiled
def _wait_for_all(counters: Array, done: int) -> None:  # pragma: no cover - compiled
    for place in range(0, len(counters), LINE):
        spins = 0
        while announced(counters, place) < done:
            spins += 1
            pause()
            if spins > SPINS:
                _yield_processor()
