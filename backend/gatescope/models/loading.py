"""A model from a file, for Python."""

from os import PathLike
from pathlib import Path

from gatescope.lstm.network import LSTMNetwork
from gatescope.models.checkpoint import assemble
from gatescope.models.sandbox.parent import read_checkpoint


def load_model(
    path: str | PathLike[str],
    name: str | None = None,
    *,
    front: str | None = None,
    read_out: str | None = None,
    softmax: bool = False,
) -> LSTMNetwork:
    """The LSTM of a checkpoint file, ready for `gatescope.trace`.

    The file is read in a child process; nothing in it is executed.

    Args:
        path: a ``.safetensors`` file, what `torch.save` wrote of a state dict, bare or nested, an ``.onnx`` file, or a
            Keras 3 ``.keras`` or ``.weights.h5``.
        name: which LSTM, by its module's name; needed where the file holds several.
        front: the name of an embedding to put before it.
        read_out: the name of a linear layer to put after it.
        softmax: whether the read-out ends in a softmax.

    Raises:
        InvalidInput: the file is refused, holds no such LSTM, or a part does not fit.
    """
    return assemble(read_checkpoint(Path(path), name), name, front=front, read_out=read_out, softmax=softmax)
