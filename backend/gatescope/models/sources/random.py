"""A cell with weights drawn from a seed."""

from dataclasses import dataclass

from gatescope.lstm.cell import LSTMSimpleCell
from gatescope.lstm.initialisation import DEFAULT_FORGET_BIAS, Initialisation, initialise


@dataclass(frozen=True)
class RandomModel:
    """A cell and all that is needed to draw it again."""

    cell: LSTMSimpleCell
    initialisation: Initialisation
    forget_bias: float | None
    seed: int


def random_model(
    input_size: int,
    hidden_size: int,
    *,
    initialisation: Initialisation,
    steps: int,
    forget_bias: float | None = None,
    seed: int | None = None,
) -> RandomModel:
    """Draws a cell in float32.

    Args:
        input_size: I.
        hidden_size: H.
        initialisation: see `gatescope.initialise`.
        steps: the length of the sequence to come, which ``chrono`` takes as the longest dependency.
        forget_bias: for ``xavier`` only; 1 if None.
        seed: drawn if None.

    Raises:
        InvalidInput: as `gatescope.initialise`.
    """
    cell = LSTMSimpleCell(input_size, hidden_size)
    seed = initialise(cell, initialisation, seed=seed, forget_bias=forget_bias, longest_dependency=steps)
    if initialisation == "xavier" and forget_bias is None:
        forget_bias = DEFAULT_FORGET_BIAS
    return RandomModel(cell, initialisation, forget_bias, seed)
