"""The model that a request describes."""

from dataclasses import dataclass

from gatescope.errors import LimitExceeded
from gatescope.lstm.network import LSTMNetwork, as_network
from gatescope.models.checkpoint import assemble, choose
from gatescope.models.sources.random import RandomModel, random_model
from gatescope.models.sources.shipped import load_zoo
from gatescope.models.sources.store import ModelStore
from gatescope.models.sources.weights import cell_from_lists
from gatescope.web.requests import schemas
from gatescope.web.requests.mistakes import below

# A model that comes with an input size of its own, and one that takes it from the sequence.
SizedModelRequest = schemas.StoredModelRequest | schemas.ZooModelRequest
FittedModelRequest = schemas.RandomModelRequest | schemas.WeightsModelRequest


@dataclass(frozen=True)
class Model:
    """A network, and its description.

    name: of a stored or shipped model; lstm, front, read_out: the names of the parts that run; outputs: the width of
    the read-out, 0 without one; drawn: how the weights were drawn, if they were.
    """

    network: LSTMNetwork
    name: str | None = None
    lstm: str | None = None
    front: str | None = None
    read_out: str | None = None
    softmax: bool = False
    outputs: int = 0
    vocabulary: tuple[str, ...] | None = None
    drawn: RandomModel | None = None


def sized_model(given: SizedModelRequest, max_hidden_size: int, store: ModelStore) -> Model:
    """A stored or a shipped model; raises InvalidInput if a part is not there, LimitExceeded if it is too large."""
    if isinstance(given, schemas.ZooModelRequest):
        return _shipped_model(given.name)
    with below("model"):
        stored, checkpoint = store.get(given.id), store.checkpoint(given.id)
        lstm = choose(checkpoint, given.lstm, field="lstm")
        _check_size(lstm.network.first_cell.hidden_size, max_hidden_size, "lstm")
        network = assemble(checkpoint, lstm.name, front=given.front, read_out=given.read_out, softmax=given.softmax)
    return Model(
        network,
        name=stored.name,
        lstm=lstm.name,
        front=given.front,
        read_out=given.read_out,
        softmax=given.softmax,
        outputs=len(checkpoint.tensors[f"{given.read_out}.weight"]) if given.read_out else 0,
        vocabulary=stored.vocabulary,
    )


def check_units(given: FittedModelRequest, max_hidden_size: int) -> None:
    """Raises LimitExceeded where a model has too many units."""
    if isinstance(given, schemas.RandomModelRequest):
        _check_size(given.hidden_size, max_hidden_size, "model.hidden_size")
    else:
        rows = len(given.state_dict.weight_hh_l0)
        _check_size(rows // 4, max_hidden_size, "model.state_dict.weight_hh_l0")


def fitted_model(given: FittedModelRequest, steps: int, input_size: int) -> Model:
    """A model for a sequence (T, I); raises InvalidInput if its weights or its options do not fit."""
    with below("model"):
        if isinstance(given, schemas.WeightsModelRequest):
            tensors = {name: values for name, values in given.state_dict if values is not None}
            return Model(as_network(cell_from_lists(tensors, input_size)))
        drawn = random_model(
            input_size,
            given.hidden_size,
            initialisation=given.initialisation,
            steps=steps,
            forget_bias=given.forget_bias,
            seed=given.seed,
        )
    return Model(as_network(drawn.cell), drawn=drawn)


def _shipped_model(name: str) -> Model:
    shipped = load_zoo(name)
    return Model(
        shipped.network,
        name=name,
        lstm="lstm",
        read_out="read_out",
        softmax=shipped.vocabulary is not None,
        outputs=len(shipped.described["outputs"]),
        vocabulary=shipped.vocabulary,
    )


def _check_size(size: int, limit: int, field: str) -> None:
    if size > limit:
        setting = "GATESCOPE_MAX_HIDDEN_SIZE"
        raise LimitExceeded("the hidden size", actual=size, limit=limit, setting=setting, field=field)
