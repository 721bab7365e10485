"""All gates of a layer from the hidden states alone: for a GPU, where nn.LSTM's own kernel (cuDNN) is fastest at those.

Knowing h, no step of a gate waits for another: the products with every [x_t, h_{t−1}] are taken at once. What is left
for each step is C_t = f ⊙ C_{t−1} + i ⊙ C̃, one operation on the whole batch.
"""

import torch
from torch import Tensor

from gatescope.lstm.cell import LSTMSimpleCell, Step
from gatescope.lstm.packing import to_torch


def applies(cell: LSTMSimpleCell, x: Tensor, state: tuple[Tensor, Tensor]) -> bool:
    """Tells whether it is the fastest: on CUDA."""
    return all(tensor.is_cuda for tensor in (x, *state, *cell.parameters()))


@torch.no_grad()
def run(cell: LSTMSimpleCell, x: Tensor, state: tuple[Tensor, Tensor], *, backward: bool) -> Step:
    """The six tensors of a whole sequence, (T, B, H), or (T, H) for x (T, I); h is nn.LSTM's own.

    Args:
        cell: its weights.
        x: (T, B, I) or (T, I).
        state: (h, C) that fit.
        backward: whether the last step comes first.
    """
    x = x.flip(0) if backward else x
    hidden, previous = state
    h: Tensor = to_torch(cell)(x, (hidden[None].contiguous(), previous[None].contiguous()))[0]  # (T, B, P)
    combined = torch.cat([x, torch.cat([hidden[None], h[:-1]])], dim=-1)  # (T, B, I + P)
    f, i, o = (torch.sigmoid(gate(combined)) for gate in (cell.W_f, cell.W_i, cell.W_o))  # (T, B, H)
    candidate = torch.tanh(cell.W_C(combined))  # (T, B, H)
    C = i * candidate  # (T, B, H); each step adds f ⊙ C_{t−1}
    for t in range(len(C)):
        previous = C[t].addcmul_(f[t], previous)
    step = Step(f, i, candidate, o, C, h)
    return Step(*(tensor.flip(0) for tensor in step)) if backward else step
