"""The answer to a request for a trace, as plain JSON values and tensors that ``wire`` encodes."""

from dataclasses import asdict
from typing import Any

from torch import Tensor

from gatescope.lstm.agreement import REFERENCE, Agreement
from gatescope.lstm.cell import LSTMSimpleCell, Step
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.packing import to_state_dict
from gatescope.models.random import RandomModel
from gatescope.sequences import Sequence


def count_cells(steps: int, input_size: int, hidden_size: int, *, with_weights: bool) -> int:
    """How many numbers the tensors of an answer hold, known before anything is computed."""
    traced = steps * input_size + 6 * steps * hidden_size + 2 * hidden_size
    return traced + (4 * hidden_size * (input_size + hidden_size + 2) if with_weights else 0)


def describe_model(kind: str, model: RandomModel | LSTMSimpleCell, *, with_weights: bool) -> dict[str, Any]:
    """The model: how it was drawn if it was, and its weights if asked for."""
    drawn = model if isinstance(model, RandomModel) else None
    cell = model.cell if isinstance(model, RandomModel) else model
    return {
        "type": kind,
        "input_size": cell.input_size,
        "hidden_size": cell.hidden_size,
        "initialisation": drawn and drawn.initialisation,
        "forget_bias": drawn and drawn.forget_bias,
        "seed": drawn and drawn.seed,
        "state_dict": to_state_dict(cell) if with_weights else None,
    }


def describe_sequence(kind: str, sequence: Sequence, fed: Tensor) -> dict[str, Any]:
    """The sequence as it was ``fed``, (T, I)."""
    return {
        "type": kind,
        "steps": len(fed),
        "features": sequence.features,
        "values": fed,
        "characters": sequence.characters,
        "columns": sequence.columns,
        "scaling": asdict(sequence.scaling),
    }


def describe_layer(layer: LayerTrace) -> dict[str, Any]:
    """One layer in one direction: its state before the first step, (H), and six tensors, (T, H)."""
    return {
        "layer": layer.layer,
        "direction": layer.direction,
        "initial_state": layer.initial_state._asdict(),
        **{name: getattr(layer, name) for name in Step._fields},
    }


def describe_agreement(agreement: Agreement) -> dict[str, Any]:
    """How far the run is from ``torch.nn.LSTM``."""
    return {"reference": REFERENCE, "largest": agreement.largest, **asdict(agreement)}
