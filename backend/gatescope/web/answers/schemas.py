"""The bodies of answers as OpenAPI describes them; ``wire`` writes the tensors, not pydantic."""

from typing import Literal

from pydantic import BaseModel, Field

from gatescope.lstm.cell import Direction


class TensorAnswer(BaseModel):
    """Little-endian float32 numbers in row-major order, as plotly.js takes them."""

    dtype: Literal["f4"]
    shape: str = Field(description="Sizes of the axes.", examples=["200, 32"])
    bdata: str = Field(description="The bytes in base64.", json_schema_extra={"format": "byte"})


Vector = list[float] | TensorAnswer
Matrix = list[list[float]] | TensorAnswer
# Gradients may grow beyond float32, and then stand as null in a list.
Gradients = list[float | None] | TensorAnswer
GradientMatrix = list[list[float | None]] | TensorAnswer


class StateAnswer(BaseModel):
    """A state of the LSTM."""

    hidden_state: Vector = Field(description="(H)")
    cell_state: Vector = Field(description="(H)")


class ModelAnswer(BaseModel):
    """The LSTM that ran."""

    type: Literal["random", "weights", "stored", "zoo"]
    input_size: int
    hidden_size: int
    proj_size: int = Field(description="The size of h with a projection; 0 for none.")
    num_layers: int
    bidirectional: bool
    initialisation: str | None
    forget_bias: float | None
    seed: int | None = Field(description="Given again, it draws the same weights.")
    name: str | None = Field(description="A stored model's name.")
    lstm: str | None = Field(description="Which LSTM of the stored model ran.")
    front: str | None
    read_out: str | None
    softmax: bool
    state_dict: dict[str, Vector | Matrix] | None = Field(
        description="The weights under the names and in the gate order of ``torch.nn.LSTM``; with weights=true only."
    )


class ScalingAnswer(BaseModel):
    """What was fed is (raw − offset) / scale, for each feature."""

    method: Literal["none", "zscore", "minmax"]
    offset: list[float]
    scale: list[float]


class SequenceAnswer(BaseModel):
    """The sequence as it was fed."""

    type: Literal["numbers", "table", "npy", "signal", "text", "task"]
    steps: int
    features: list[str]
    values: Matrix = Field(description="(T, I)")
    characters: list[str] | None = Field(description="For text: one for each step.")
    quantity: Vector | None = Field(description="For a task: what a unit is expected to keep, (T).")
    columns: list[str] = Field(description="All columns that could have been chosen.")
    scaling: ScalingAnswer


class LayerAnswer(BaseModel):
    """What one layer did in one direction, every tensor (T, H); with a projection hidden_state is (T, P)."""

    layer: int
    direction: Direction
    initial_state: StateAnswer
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


class OutputAnswer(BaseModel):
    """What the read-out gave at each step."""

    kind: Literal["probability", "value"]
    names: list[str]
    values: Matrix = Field(description="(T, O)")
    targets: Vector | Matrix | None = Field(
        description="For a task: what the read-out should say, as the numbers of tokens (T), or values (T, O)."
    )


class TraceAnswer(BaseModel):
    """Every gate and state of every unit at every step."""

    model: ModelAnswer
    sequence: SequenceAnswer
    layers: list[LayerAnswer] = Field(description="From the input up, forward before backward.")
    output: OutputAnswer | None = Field(description="With a read-out only.")
    agreement: AgreementAnswer | None = Field(description="Null with interventions, which ``nn.LSTM`` does not know.")


class SignalParameterAnswer(BaseModel):
    """A number that shapes a signal; times are in steps."""

    name: str
    default: float
    minimum: float
    maximum: float


class SignalAnswer(BaseModel):
    """A signal of the catalogue."""

    name: str
    parameters: list[SignalParameterAnswer]
    uses_seed: bool
    max_steps: int = Field(description="The length of a real series, else the server's limit.")


class SignalsAnswer(BaseModel):
    """All signals."""

    signals: list[SignalAnswer]


class StoredLSTMAnswer(BaseModel):
    """An LSTM inside a stored model."""

    name: str
    input_size: int
    hidden_size: int
    proj_size: int
    num_layers: int
    bidirectional: bool
    fronts: dict[str, int] = Field(description="Embeddings that fit, nearest first, with how many tokens each takes.")
    read_outs: dict[str, int] = Field(description="Linear layers that fit, nearest first, with their outputs.")
    omitted_parts: int = Field(description="How many more of both kinds fit.")


class StoredModelAnswer(BaseModel):
    """A stored model."""

    id: str = Field(description="32 digits of its tensors; 8 more of its file's name where others have the same.")
    name: str
    file_name: str = Field(description="Of the file that was uploaded; the same one again is the same model.")
    file_bytes: int
    created: str = Field(description="ISO 8601, UTC.")
    lstms: list[StoredLSTMAnswer]
    unsupported: dict[str, str] = Field(description="Recurrent modules that are not supported, and what they are.")
    vocabulary: list[str] | None
    omitted: int = Field(description="How many more recurrent modules the file had, which are neither kept nor named.")
    damaged: Literal["description", "tensors"] | None = Field(
        description="Which file of the model is damaged or missing: upload the model's file again, or delete the model."
    )


class StoredModelsAnswer(BaseModel):
    """All stored models."""

    models: list[StoredModelAnswer]


class ClaimAnswer(BaseModel):
    """What a shipped model can do, measured on inputs that it has never seen."""

    unit: int = Field(description="The unit whose cell state follows the task's quantity best.")
    correlation: float = Field(description="Pearson's r of the two.")
    accuracy: float | None = Field(description="Share of right tokens where they are decided.")
    error: float | None = Field(description="Root mean square error.")
    naive: float | None = Field(description="The same error for a guess without a network.")
    longest: int | None = Field(description="For aⁿbⁿ: the largest n up to which every word is right.")


class ZooModelAnswer(BaseModel):
    """A trained model that Gatescope ships."""

    name: str
    hidden_size: int
    features: list[str]
    outputs: list[str]
    output_kind: Literal["next_token", "value"]
    seed: int = Field(description="`gatescope train` reproduces the model from it.")
    claim: ClaimAnswer


class ZooAnswer(BaseModel):
    """All shipped models."""

    models: list[ZooModelAnswer]


class LimitsAnswer(BaseModel):
    """The limits of this server."""

    max_steps: int
    max_hidden_size: int
    max_features: int
    max_answer_cells: int
    max_body_bytes: int
    max_model_bytes: int
    max_models: int


class ProbeAnswer(BaseModel):
    """The state of the server."""

    status: Literal["ok"]
