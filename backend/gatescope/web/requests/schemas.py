"""The bodies of requests; the limits of sizes stand in the settings."""

from typing import Annotated, Literal

from pydantic import Field

from gatescope.lstm.cell import Direction
from gatescope.models.sources.store import LONGEST_NAME
from gatescope.web.requests.fields import (
    Columns,
    Matrix,
    Names,
    Parameters,
    Quantity,
    Scaling,
    Seed,
    Series,
    Strict,
    Text,
    Units,
    Vector,
    Vocabulary,
)

MOST_INTERVENTIONS = 64


class RandomModelRequest(Strict):
    """An untrained LSTM with random weights."""

    type: Literal["random"]
    hidden_size: int = Field(32, ge=1, description="How many units it has.")
    initialisation: Literal["pytorch", "xavier", "chrono"] = Field(
        "pytorch",
        description="pytorch: uniform in ±1/√H, as torch.nn.LSTM. xavier: Glorot uniform, with a forget bias "
        "(Jozefowicz et al. 2015). chrono: biases for dependencies as long as the sequence (Tallec & Ollivier 2018).",
    )
    forget_bias: float | None = Field(None, description="With xavier only; its default is 1.")
    seed: Seed | None = Field(None, description="The same seed gives the same weights; null draws one.")


class StateDictRequest(Strict):
    """The tensors of a one-layer ``torch.nn.LSTM``, gates in its order i, f, C̃, o. Biases: both or none."""

    weight_ih_l0: Matrix = Field(description="(4H, I)")
    weight_hh_l0: Matrix = Field(description="(4H, H)")
    bias_ih_l0: Vector | None = Field(None, description="(4H)")
    bias_hh_l0: Vector | None = Field(None, description="(4H)")


class WeightsModelRequest(Strict):
    """An LSTM given by its weights."""

    type: Literal["weights"]
    state_dict: StateDictRequest


class StoredModelRequest(Strict):
    """An LSTM of a stored model, with the parts chosen around it."""

    type: Literal["stored"]
    id: Text = Field(description="As `GET /api/v1/models` gives it.")
    lstm: Text | None = Field(None, description="Its name; needed where the model has several.")
    front: Text | None = Field(None, description="The embedding to put before it.")
    read_out: Text | None = Field(None, description="The linear layer to put after it.")
    softmax: bool = Field(False, description="Whether the read-out ends in a softmax.")


class ZooModelRequest(Strict):
    """A trained model that Gatescope ships."""

    type: Literal["zoo"]
    name: Literal["anbn", "reber", "adding", "quotes", "sunspots", "echo"]


class ModelChangeRequest(Strict):
    """What to change of a stored model; what is left out stays."""

    name: Annotated[Text, Field(min_length=1, max_length=LONGEST_NAME)] | None = None
    vocabulary: Vocabulary | None = Field(
        None, description="The tokens in the order of their numbers; or the text of a file: JSON, or one token a line."
    )


class NumbersSequenceRequest(Strict):
    """Numbers as JSON: one row a step, or one number a step."""

    type: Literal["numbers"]
    values: Series = Field(description="(T, I), or (T) for one feature")
    features: Names | None = Field(None, description="Names of the columns.")
    columns: Columns = None
    scaling: Scaling = "none"


class TableSequenceRequest(Strict):
    """Pasted numbers, or the text of a CSV, TSV or JSON file."""

    type: Literal["table"]
    text: Text
    columns: Columns = None
    scaling: Scaling = "none"


class NpySequenceRequest(Strict):
    """A NumPy file of shape (T) or (T, I)."""

    type: Literal["npy"]
    data: str = Field(description="The bytes of the .npy file in base64.", json_schema_extra={"format": "byte"})
    columns: Columns = None
    scaling: Scaling = "none"


class SignalSequenceRequest(Strict):
    """A signal of the catalogue ``GET /api/v1/signals``."""

    type: Literal["signal"]
    name: Text
    steps: int = Field(200, ge=1)
    features: int = Field(1, ge=1, description="How many features to draw; a real series has one.")
    parameters: Parameters = Field({}, description="Those not given have the catalogue's defaults.")
    seed: Seed = 0
    scaling: Scaling = "none"


class TextSequenceRequest(Strict):
    """Text, one-hot by its characters (grapheme clusters): one character a step, one feature a distinct character."""

    type: Literal["text"]
    text: Text


class TaskSequenceRequest(Strict):
    """A fresh input of the task that a shipped model was trained on."""

    type: Literal["task"]
    name: Literal["anbn", "reber", "adding", "quotes", "sunspots", "echo"]
    seed: Seed = Field(0, description="Another seed draws another input.")


class InitialStateRequest(Strict):
    """The state before the first step; with a projection the hidden state has P values where the cell state has H."""

    hidden_state: Series = Field(description="(H), or (L·D, H): a row for each layer and direction.")
    cell_state: Series = Field(description="(H), or (L·D, H): from the input up, forward before backward.")


class InterventionRequest(Strict):
    """One of a step's six quantities held at a value while the network runs; all that follows from it follows."""

    quantity: Quantity
    value: float = Field(description="A gate held at 1 is open, at 0 closed; a state held at 0 silences a unit.")
    layer: int = Field(0, ge=0)
    direction: Direction = "forward"
    units: Units = None
    first: int = Field(0, ge=0, description="The first step.")
    last: int | None = Field(None, ge=0, description="The last step, included; null: that of the sequence.")


class ForgetBiasChangeRequest(Strict):
    """The forget gate's bias, the sum of the two of ``torch.nn.LSTM``, set to a value."""

    type: Literal["forget_bias"]
    value: float
    layer: int = Field(0, ge=0)
    direction: Direction = "forward"
    units: Units = None


class WeightChangeRequest(Strict):
    """One number of one tensor set to a value, as ``torch.nn.LSTM`` names it and orders its gates: i, f, C̃, o."""

    type: Literal["weight"]
    name: Text = Field(
        description="Such as weight_hh_l0 or bias_ih_l1_reverse. The first bias holds the sum of the two; what the "
        "second is set to comes on top of it."
    )
    row: int = Field(ge=0)
    column: int | None = Field(None, ge=0, description="Null for a bias.")
    value: float


ModelRequest = Annotated[
    RandomModelRequest | WeightsModelRequest | StoredModelRequest | ZooModelRequest, Field(discriminator="type")
]
PlainSequenceRequest = (
    NumbersSequenceRequest | TableSequenceRequest | NpySequenceRequest | SignalSequenceRequest | TextSequenceRequest
)
SequenceRequest = Annotated[PlainSequenceRequest | TaskSequenceRequest, Field(discriminator="type")]
ChangeRequest = Annotated[ForgetBiasChangeRequest | WeightChangeRequest, Field(discriminator="type")]


class TraceRequest(Strict):
    """An LSTM and a sequence to run it on."""

    model: ModelRequest
    sequence: SequenceRequest
    initial_state: InitialStateRequest | None = Field(None, description="Null: all zeros.")
    interventions: list[InterventionRequest] = Field(
        [], max_length=MOST_INTERVENTIONS, fail_fast=True, description="What is held while it runs; later ones win."
    )
    changes: list[ChangeRequest] = Field(
        [],
        max_length=MOST_INTERVENTIONS,
        fail_fast=True,
        description="What is changed of the model before it runs, in this order.",
    )
