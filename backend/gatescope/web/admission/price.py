"""What a request costs, estimated from its schema and the sizes of its model, before anything is built of either."""

from dataclasses import dataclass

from gatescope.errors import InvalidInput
from gatescope.models.sources.shipped import load_zoo
from gatescope.models.sources.store import ModelStore
from gatescope.web.requests import schemas

NUMBER = 250  # products: what writing one number of an answer costs beside a product of the recurrence
CHEAP = 500_000_000  # products up to which a request is cheap: 1000 steps of 128 units
OF_A_TASK = 500  # steps that a task draws, at most
# Bytes of a number while it is computed, and in an answer of the longer encoding.
FLOAT, WRITTEN = 4, 12


@dataclass(frozen=True)
class Price:
    """The cost of a computation and of its answer.

    products: multiplications, and what takes as long.
    answer_bytes: what the tensors and the answer written of them take together.
    """

    products: int
    answer_bytes: int

    @property
    def is_cheap(self) -> bool:
        """Tells whether it takes some tens of milliseconds at most."""
        return self.products <= CHEAP

    def __add__(self, other: "Price") -> "Price":
        return Price(self.products + other.products, self.answer_bytes + other.answer_bytes)


@dataclass(frozen=True)
class _Layers:
    """The sizes of a model: its input, its units, its layers times directions."""

    input_size: int
    hidden_size: int
    number: int = 1


def price_of_run(request: schemas.TraceRequest, store: ModelStore, most_steps: int, passes: float = 1) -> Price:
    """The price of a run and of an answer that holds all of it.

    Args:
        request: the run.
        store: knows the sizes of a stored model.
        most_steps: the limit of the settings, beyond which a request is refused.
        passes: so many times the layers are walked, a run being 1.
    """
    steps = min(_steps(request.sequence), most_steps)
    layers = _layers(request, store)
    weights = layers.number * 4 * layers.hidden_size * (layers.input_size + layers.hidden_size)
    numbers = steps * (layers.input_size + 6 * layers.number * layers.hidden_size)
    return Price(int(passes * steps * weights) + NUMBER * numbers, (FLOAT + WRITTEN) * numbers)


def _steps(sequence: schemas.SequenceRequest) -> int:
    match sequence:
        case schemas.SignalSequenceRequest(steps=steps):
            return steps
        case schemas.NumbersSequenceRequest(values=values):
            return len(values)
        case schemas.TableSequenceRequest(text=text):
            is_json = text[:100].lstrip().startswith(("[", "{"))
            return text.count(",") if is_json else text.count("\n") + text.count("\r") + 1
        case schemas.NpySequenceRequest(data=data):
            return len(data) * 3 // 4 // FLOAT
        case schemas.TextSequenceRequest(text=text):
            return len(text)
    return OF_A_TASK


def _features(sequence: schemas.SequenceRequest) -> int:
    match sequence:
        case schemas.SignalSequenceRequest(features=features):
            return features
        case schemas.NumbersSequenceRequest(values=[[*row], *_]):
            return len(row)
        case schemas.TextSequenceRequest(text=text):
            return len(set(text))
    return 1


def _layers(request: schemas.TraceRequest, store: ModelStore) -> _Layers:
    match request.model:
        case schemas.RandomModelRequest(hidden_size=hidden_size):
            return _Layers(_features(request.sequence), hidden_size)
        case schemas.WeightsModelRequest(state_dict=weights):
            return _Layers(_features(request.sequence), len(weights.weight_hh_l0) // 4)
        case schemas.ZooModelRequest(name=name):
            network = load_zoo(name).network
            return _Layers(network.first_cell.input_size, network.first_cell.hidden_size, len(network.cells))
    return _stored_layers(request.model.id, store)


def _stored_layers(identifier: str, store: ModelStore) -> _Layers:
    """The largest of the LSTMs, whichever is chosen; of a model that is not there the run says so."""
    try:
        lstms = store.get(identifier).lstms
    except InvalidInput:
        lstms = ()
    sizes = (_Layers(each.input_size, each.hidden_size, each.num_layers * (1 + each.bidirectional)) for each in lstms)
    return max(sizes, key=lambda layers: layers.number * layers.hidden_size, default=_Layers(1, 1))
