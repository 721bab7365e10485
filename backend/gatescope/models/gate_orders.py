"""The orders in which frameworks pack the four gates of an LSTM, and what other numbers of gates mean."""

from torch import Tensor

Order = tuple[str, str, str, str]

PYTORCH: Order = ("input_gate", "forget_gate", "candidate", "output_gate")  # torch.nn.LSTM: i, f, g, o
KERAS: Order = ("input_gate", "forget_gate", "candidate", "output_gate")  # keras.layers.LSTM: i, f, c, o
ONNX: Order = ("input_gate", "output_gate", "forget_gate", "candidate")  # operator LSTM: i, o, f, c

OTHER_KINDS = {3: "a GRU", 1: "a plain RNN"}  # by the number of gates


def repack(packed: Tensor, order: Order) -> Tensor:
    """Weights or biases (4H, …) with their gates in PyTorch's order.

    Raises:
        ValueError: the rows cannot be divided by four.
    """
    if order == PYTORCH:
        return packed
    if packed.dim() == 0 or len(packed) % 4:
        raise ValueError(f"{tuple(packed.shape)} does not hold four gates")
    gates = packed.reshape(4, -1, *packed.shape[1:])  # (4, H, …)
    return gates[[order.index(gate) for gate in PYTORCH]].flatten(0, 1)  # (4H, …)
