"""The parts of an answer about a run: plain JSON values, and tensors that ``wire`` encodes."""

from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from gatescope.lstm.agreement import REFERENCE, Agreement
from gatescope.lstm.cell import Step
from gatescope.lstm.layer import LayerTrace
from gatescope.web.requests.models import Model
from gatescope.web.run import Run


def fields_of(answer: type[BaseModel], result: object) -> dict[str, Any]:
    """The fields of an answer, taken from the attributes of a result."""
    return {name: getattr(result, name) for name in answer.model_fields}


def describe_model(kind: str, model: Model, *, with_weights: bool) -> dict[str, Any]:
    """The model, with its weights if the request asks for them."""
    network, drawn = model.network, model.drawn
    cell = network.first_cell
    return {
        "type": kind,
        "input_size": cell.input_size,
        "hidden_size": cell.hidden_size,
        "proj_size": cell.proj_size,
        "num_layers": network.num_layers,
        "bidirectional": len(network.directions) == 2,
        "initialisation": drawn and drawn.initialisation,
        "forget_bias": drawn and drawn.forget_bias,
        "seed": drawn and drawn.seed,
        "name": model.name,
        "lstm": model.lstm,
        "front": model.front,
        "read_out": model.read_out,
        "softmax": model.softmax,
        "state_dict": network.to_state_dict() if with_weights else None,
    }


def describe_output(run: Run) -> dict[str, Any] | None:
    """The output of the read-out, (T, O), with the vocabulary for names where it has the size of one."""
    output, vocabulary = run.trace.output, run.model.vocabulary
    if output is None:
        return None
    size = output.shape[-1]
    return {
        "kind": "probability" if run.model.softmax else "value",
        "names": vocabulary if vocabulary and len(vocabulary) == size else tuple(map(str, range(size))),
        "values": output,
        "targets": run.targets,
    }


def describe_sequence(kind: str, run: Run) -> dict[str, Any]:
    """The sequence as the first layer got it, (T, I)."""
    sequence, values = run.input.sequence, run.trace.fed
    return {
        "type": kind,
        "steps": len(values),
        "features": run.input.features,
        "values": values,
        "characters": sequence.characters,
        "quantity": run.input.quantity,
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
    """The agreement of the run with ``torch.nn.LSTM``."""
    return {"reference": REFERENCE, "largest": agreement.largest, **asdict(agreement)}
