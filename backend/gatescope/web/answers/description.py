"""The answer to a request for a trace, as plain JSON values and tensors that ``wire`` encodes."""

from dataclasses import asdict
from typing import Any

from torch import Tensor

from gatescope.lstm.agreement import REFERENCE, Agreement
from gatescope.lstm.cell import Step
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.network import LSTMNetwork
from gatescope.lstm.packing import to_state_dict
from gatescope.web.requests.feeding import Fed
from gatescope.web.requests.inputs import Prepared


def count_cells(
    steps: int, input_size: int, hidden_size: int, *, with_weights: bool, layers: int = 1, outputs: int = 0
) -> int:
    """How many numbers the tensors of an answer hold, known before anything is computed."""
    traced = steps * (input_size + outputs) + layers * 2 * hidden_size * (3 * steps + 1)
    weights = 4 * hidden_size * (input_size + hidden_size + 2) * layers
    return traced + (weights if with_weights else 0)


def describe_model(kind: str, prepared: Prepared, *, with_weights: bool) -> dict[str, Any]:
    """The model: how it was drawn if it was, and its weights if asked for."""
    drawn, cell, model = prepared.drawn, prepared.first_cell, prepared.model
    described = {
        "type": kind,
        "input_size": cell.input_size,
        "hidden_size": cell.hidden_size,
        "proj_size": cell.proj_size,
        "num_layers": model.num_layers if isinstance(model, LSTMNetwork) else 1,
        "bidirectional": isinstance(model, LSTMNetwork) and len(model.directions) == 2,
        "initialisation": drawn and drawn.initialisation,
        "forget_bias": drawn and drawn.forget_bias,
        "seed": drawn and drawn.seed,
        **prepared.parts,
    }
    if not with_weights:
        return described | {"state_dict": None}
    weights = model.to_state_dict() if isinstance(model, LSTMNetwork) else to_state_dict(model)
    return described | {"state_dict": weights}


def describe_output(output: Tensor | None, prepared: Prepared) -> dict[str, Any] | None:
    """What the read-out gave, (T, O), with the vocabulary for names where it has the size of one."""
    if output is None:
        return None
    vocabulary, size = prepared.vocabulary, output.shape[-1]
    names = vocabulary if vocabulary and len(vocabulary) == size else tuple(map(str, range(size)))
    return {
        "kind": "probability" if prepared.parts["softmax"] else "value",
        "names": names,
        "values": output,
        "targets": prepared.targets,
    }


def describe_sequence(kind: str, fed: Fed, values: Tensor) -> dict[str, Any]:
    """The sequence as the first layer got it: ``values``, (T, I)."""
    sequence = fed.sequence
    return {
        "type": kind,
        "steps": len(values),
        "features": fed.features,
        "values": values,
        "characters": sequence.characters,
        "quantity": fed.quantity,
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
