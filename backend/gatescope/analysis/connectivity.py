"""What of the sequence does an output depend on? The gradient of one output with respect to every input."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gatescope.analysis.backpropagation import down_to_inputs
from gatescope.analysis.places import check_index, check_network
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import LSTMSimpleCell
from gatescope.lstm.layer import joined
from gatescope.lstm.network import LSTMNetwork, as_network
from gatescope.lstm.trace import Trace


@dataclass(frozen=True)
class Connectivity:
    """The gradient of output `output` at step `step`, in float64.

    value: the output itself.
    gradients: ∂output/∂x_s of the features of the first layer, (T, I); 0 for steps that the output cannot know.
    norms: ‖∂output/∂x_s‖, (T).
    """

    step: int
    output: int
    value: float
    gradients: Tensor
    norms: Tensor


def connectivity(
    model: LSTMSimpleCell | LSTMNetwork, trace: Trace, *, step: int | None = None, output: int | None = None
) -> Connectivity:
    """The gradient of one output at one step with respect to each step of the input.

    The output is that of the read-out: before a softmax, unless the read-out ends in one. For a model with an embedding
    the gradient is with respect to the embedded features. It tells the effect of an infinitely small change, not the
    output without the step; where gates are saturated it is small in any case.

    Source: Madsen, "Visualizing memorization in RNNs", Distill 2019.

    Args:
        model: the model that ran; it needs a read-out.
        trace: of one sequence.
        step: of the output; the last if None.
        output: its index; that of the largest at the step, the predicted token, if None.

    Raises:
        InvalidInput: the model has no read-out, there is no such step or output, or the trace does not belong here.
    """
    network = as_network(model)
    check_network(network, trace)
    read_out, outputs, step, output = chosen_output(network, trace, step, output)
    last = joined(trace.layers[-len(network.directions) :])  # (T, D·P)
    gradients = down_to_inputs(network, trace.layers, read_out_gradient(read_out, last, step, output))  # (T, I)
    value = float(outputs[step, output])
    return Connectivity(step, output, value, gradients, torch.linalg.vector_norm(gradients, dim=-1))


def chosen_output(
    network: LSTMNetwork, trace: Trace, step: int | None, output: int | None
) -> tuple[nn.Module, Tensor, int, int]:
    """The read-out, its outputs (T, O), and the step and the output of the question; the last and the largest if None.

    Raises:
        InvalidInput: there is no read-out, or not this step or output.
    """
    if network.read_out is None or trace.output is None:
        raise InvalidInput("the model has no read-out, so it has no output", field="model", code="no_read_out")
    outputs = trace.output.detach()
    step = len(outputs) - 1 if step is None else step
    check_index("step", step, len(outputs))
    output = int(outputs[step].argmax()) if output is None else output
    check_index("output", output, outputs.shape[-1])
    return network.read_out, outputs, step, output


@torch.enable_grad()
def read_out_gradient(read_out: nn.Module, last: Tensor, step: int, output: int) -> Tensor:
    """The gradient of an output with respect to the last layer's hidden states, (T, …, D·P), in float64."""
    last = last.detach().requires_grad_()
    return torch.autograd.grad(read_out(last)[step, ..., output].sum(), last)[0].double()
