"""See inside an LSTM: every gate, the cell state and the hidden state of every time step."""

from importlib.metadata import version

from gatescope.lstm.agreement import Agreement, agreement
from gatescope.lstm.cell import LSTMSimpleCell, Step
from gatescope.lstm.change import ForgetBiasChange, WeightChange, with_changes
from gatescope.lstm.initialisation import initialise
from gatescope.lstm.intervention import Intervention
from gatescope.lstm.layer import LayerTrace, State
from gatescope.lstm.network import LSTMNetwork
from gatescope.lstm.packing import from_state_dict, from_torch, to_state_dict, to_torch
from gatescope.lstm.trace import Trace, trace
from gatescope.models.loading import load_model

__all__ = [
    "Agreement",
    "ForgetBiasChange",
    "Intervention",
    "LSTMNetwork",
    "LSTMSimpleCell",
    "LayerTrace",
    "State",
    "Step",
    "Trace",
    "WeightChange",
    "agreement",
    "from_state_dict",
    "from_torch",
    "initialise",
    "load_model",
    "to_state_dict",
    "to_torch",
    "trace",
    "with_changes",
]
__version__ = version("gatescope")
