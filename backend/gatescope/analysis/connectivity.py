"""What of the sequence does an output depend on? The gradient of one output with respect to every input."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gatescope.analysis.backpropagation import as_network, check_index, down_to_fed, placed
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import LSTMSimpleCell
from gatescope.lstm.network import LSTMNetwork, joined
from gatescope.lstm.trace import Trace


@dataclass(frozen=True)
class Connectivity:
    """The gradient of output `output` at step `step`, in float64.

    gradients: ∂output/∂x_s of the fed features, (T, I); 0 for what the output cannot know.
    norms: ‖∂output/∂x_s‖, (T).
    """

    step: int
    output: int
    gradients: Tensor
    norms: Tensor


def connectivity(
    model: LSTMSimpleCell | LSTMNetwork, trace: Trace, *, step: int | None = None, output: int | None = None
) -> Connectivity:
    """How strongly one output at one step depends on each step of what the model was fed.

    The output is what the read-out gives: before a softmax, unless the read-out ends in one. For a model with an
    embedding the gradient is with respect to the embedded features. It tells how an infinitely small change would be
    felt, not what the output would have been without the step; where gates are saturated it is small in any case.

    Source: Madsen, "Visualizing memorization in RNNs", Distill 2019.

    Args:
        model: the model that was traced; it needs a read-out.
        trace: of one sequence.
        step: of the output; the last if None.
        output: which one; the largest at that step, the predicted token, if None.

    Raises:
        InvalidInput: the model has no read-out, there is no such step or output, or the trace does not belong here.
    """
    network = as_network(model)
    placed(network, trace, 0, "forward")
    read_out, step, output = chosen_output(network, trace, step, output)
    last = joined(trace.layers[-len(network.directions) :])  # (T, D·P)
    gradients = down_to_fed(network, trace.layers, read_out_gradient(read_out, last, step, output))  # (T, I)
    return Connectivity(step, output, gradients, torch.linalg.vector_norm(gradients, dim=-1))


def chosen_output(
    network: LSTMNetwork, trace: Trace, step: int | None, output: int | None
) -> tuple[nn.Module, int, int]:
    """The read-out, and the step and the output asked about; the last and the largest if None.

    Raises:
        InvalidInput: there is no read-out, or not this step or output.
    """
    if network.read_out is None or trace.output is None:
        raise InvalidInput("the model has no read-out, so it has no output", field="model", code="no_read_out")
    step = len(trace.output) - 1 if step is None else step
    check_index("step", step, len(trace.output))
    output = int(trace.output[step].argmax()) if output is None else output
    check_index("output", output, trace.output.shape[-1])
    return network.read_out, step, output


@torch.enable_grad()
def read_out_gradient(read_out: nn.Module, last: Tensor, step: int, output: int) -> Tensor:
    """The gradient of an output with respect to the last layer's hidden states, (T, …, D·P), in float64."""
    last = last.detach().requires_grad_()
    return torch.autograd.grad(read_out(last)[step, ..., output].sum(), last)[0].double()
