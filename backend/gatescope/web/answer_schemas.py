"""How the answers are described in OpenAPI; the tensors are written by ``wire``, not by pydantic."""

from typing import Literal

from pydantic import BaseModel, Field


class EncodedTensor(BaseModel):
    """Little-endian float32 numbers in row-major order, as plotly.js takes them."""

    dtype: Literal["f4"]
    shape: str = Field(description="Sizes of the axes.", examples=["200, 32"])
    bdata: str = Field(description="The bytes in base64.", json_schema_extra={"format": "byte"})


Vector = list[float] | EncodedTensor
Matrix = list[list[float]] | EncodedTensor


class State(BaseModel):
    """A state of the LSTM."""

    hidden_state: Vector = Field(description="(H)")
    cell_state: Vector = Field(description="(H)")


class StateDictAnswer(BaseModel):
    """The weights under the names and in the gate order of a one-layer ``torch.nn.LSTM``."""

    weight_ih_l0: Matrix = Field(description="(4H, I)")
    weight_hh_l0: Matrix = Field(description="(4H, H)")
    bias_ih_l0: Vector | None = Field(None, description="(4H)")
    bias_hh_l0: Vector | None = Field(None, description="(4H)")


class ModelAnswer(BaseModel):
    """The LSTM that ran."""

    type: Literal["random", "weights"]
    input_size: int
    hidden_size: int
    initialisation: str | None
    forget_bias: float | None
    seed: int | None = Field(description="Given again, it draws the same weights.")
    state_dict: StateDictAnswer | None = Field(description="With weights=true only.")


class ScalingAnswer(BaseModel):
    """What was fed is (raw − offset) / scale, for each feature."""

    method: Literal["none", "zscore", "minmax"]
    offset: list[float]
    scale: list[float]


class SequenceAnswer(BaseModel):
    """The sequence as it was fed."""

    type: Literal["numbers", "table", "npy", "signal", "text"]
    steps: int
    features: list[str]
    values: Matrix = Field(description="(T, I)")
    characters: list[str] | None = Field(description="For text: one for each step.")
    columns: list[str] = Field(description="All columns that could have been chosen.")
    scaling: ScalingAnswer


class LayerAnswer(BaseModel):
    """What one layer did in one direction, every tensor (T, H)."""

    layer: int
    direction: Literal["forward", "backward"]
    initial_state: State
    forget_gate: Matrix
    input_gate: Matrix
    candidate: Matrix
    output_gate: Matrix
    cell_state: Matrix
    hidden_state: Matrix


class AgreementAnswer(BaseModel):
    """The largest difference between Gatescope and ``torch.nn.LSTM`` in this very run."""

    reference: Literal["torch.nn.LSTM"]
    hidden_state: float
    cell_state: float
    largest: float
    tolerance: float


class TraceAnswer(BaseModel):
    """Every gate and state of every unit at every step."""

    model: ModelAnswer
    sequence: SequenceAnswer
    layers: list[LayerAnswer]
    agreement: AgreementAnswer


class SignalParameter(BaseModel):
    """A number that shapes a signal; times are in steps."""

    name: str
    default: float
    minimum: float
    maximum: float


class SignalAnswer(BaseModel):
    """A signal of the catalogue."""

    name: str
    parameters: list[SignalParameter]
    uses_seed: bool
    max_steps: int = Field(description="The length of a real series, else the server's limit.")


class SignalCatalogue(BaseModel):
    """All signals."""

    signals: list[SignalAnswer]


class Limits(BaseModel):
    """The limits of this server."""

    max_steps: int
    max_hidden_size: int
    max_features: int
    max_answer_cells: int
    max_body_bytes: int


class Health(BaseModel):
    """The state of the server."""

    status: Literal["ok"]
