"""The LSTM layers of a Keras 3 model, with the embeddings and dense layers beside them.

The weights of a layer are ``…/vars/0``, ``…/vars/1``, …: for an LSTM ``…/cell/vars`` with the kernel (I, 4H), the
recurrent kernel (H, 4H) and the bias (4H). The layer's own name is an attribute of ``vars``, by which its settings are
found. Keras itself is never asked to build the model, since its file can hold code.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

from gatescope.models.content import Content, refusal
from gatescope.models.gate_orders import KERAS, OTHER_KINDS, repack
from gatescope.models.reading import LSTMReading, Reading

SILENT = {"Dropout", "InputLayer", "SpatialDropout1D", "GaussianNoise"}  # between two layers of one LSTM
SIDES = ("forward_layer", "backward_layer")  # of a Bidirectional
USUAL = {"activation": "tanh", "recurrent_activation": "sigmoid", "go_backwards": False}
LONGEST_SETTING = 40  # letters
Cell = list[Tensor]  # kernel, recurrent kernel, and bias if there is one
Layer = list[Cell]  # one for each direction


def match(content: Content) -> bool:
    """Whether there are groups of variables."""
    return any(path.endswith("vars") for path in content.attributes)


def translate(content: Content) -> Reading:
    """The LSTMs by the paths of their layers; those that follow one another in a Sequential model are one LSTM."""
    names = {_owner(path): texts.get("name", "") for path, texts in content.attributes.items() if path.endswith("vars")}
    reasons = dict(_unsupported_settings(content.settings))
    layers: dict[str, Layer] = {}
    others: dict[str, Tensor] = {}
    unsupported: dict[str, str] = {}
    for path, tensors in sorted(_variables(content).items()):
        layer, _, inner = path.rpartition("/")
        if inner == "cell" and len(tensors) > 1 and tensors[0].dim() == 2:
            outer, _, side = layer.rpartition("/")
            owner = outer if side in SIDES else layer
            module = _module(owner)
            reason = _other_kind(tensors) or reasons.get(names.get(owner, ""))
            if reason:
                unsupported[module] = reason
            else:
                cells = layers.setdefault(module, [])
                cells.insert(0 if side == "forward_layer" else len(cells), tensors)
        elif inner.startswith("embedding") and [tensor.dim() for tensor in tensors] == [2]:
            others[f"{_module(path)}.weight"] = tensors[0]  # (V, I)
        elif inner.startswith("dense") and tensors[0].dim() == 2:
            others[f"{_module(path)}.weight"] = tensors[0].T  # (O, H)
            if len(tensors) > 1:
                others[f"{_module(path)}.bias"] = tensors[1]
    stacks = _stacks(layers, content.settings, names)
    return Reading(tuple(_lstm(module, stack) for module, stack in stacks.items()), others, unsupported)


def _variables(content: Content) -> dict[str, list[Tensor]]:
    """The weights of each layer or cell by its path, in the order of their numbers."""
    variables: dict[str, list[Tensor]] = {}
    for path in sorted(content.tensors, key=lambda path: (len(path), path)):
        group = path.rpartition("/")[0]
        if group.endswith("vars"):
            variables.setdefault(_owner(group), []).append(content.tensors[path])
    return variables


def _owner(group: str) -> str:
    """The path of the layer or cell that a group of variables belongs to."""
    return group.removesuffix("vars").strip("/")


def _module(path: str) -> str:
    """``layers/encoder/layers/lstm`` as ``encoder.lstm``."""
    return ".".join(part for part in path.split("/") if part not in ("layers", ""))


def _other_kind(cell: Cell) -> str | None:
    """What a recurrent layer is, if it is no LSTM."""
    rows, columns = cell[1].shape if cell[1].dim() == 2 else (0, 0)
    gates = columns // rows if rows and columns % rows == 0 else 0
    return None if gates == 4 else OTHER_KINDS.get(gates, "no LSTM")


def _unsupported_settings(settings: Any) -> Iterator[tuple[str, str]]:
    """The names of layers with settings that `torch.nn.LSTM` does not have, and which those are."""
    waiting = [settings]  # no recursion, for a stranger's file may be nested as deep as JSON can be
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, Mapping):
            inner, kind = item.get("config"), item.get("class_name")
            if isinstance(inner, Mapping) and kind in ("LSTM", "Bidirectional"):
                reason = _unsupported_setting(inner, str(kind))
                if reason:
                    yield str(inner.get("name")), f"an LSTM with {reason}"
            elif kind != "Bidirectional":
                waiting += item.values()


def _unsupported_setting(settings: Mapping[str, Any], kind: str) -> str | None:
    if kind == "Bidirectional":
        if settings.get("merge_mode") != "concat":
            return f"merge_mode {_shown(settings.get('merge_mode'))}"
        sides = (settings.get("layer"), settings.get("backward_layer"))
        inner = [
            side["config"] for side in sides if isinstance(side, Mapping) and isinstance(side.get("config"), Mapping)
        ]
        reasons = (_unsupported_setting({**side, "go_backwards": False}, "LSTM") for side in inner)
        return next(filter(None, reasons), None)
    for name, usual in USUAL.items():
        if settings.get(name, usual) != usual:
            return f"{name} {_shown(settings[name])}"
    return None


def _shown(setting: Any) -> str:
    return str(setting) if isinstance(setting, str | bool) and len(str(setting)) <= LONGEST_SETTING else "of its own"


def _stacks(layers: Mapping[str, Layer], settings: Any, names: Mapping[str, str]) -> dict[str, list[Layer]]:
    """LSTM layers that follow one another in a Sequential model as layers of one LSTM."""
    modules = {name: _module(path) for path, name in names.items()}
    sequence = _field(_field(settings, "config"), "layers") if _field(settings, "class_name") == "Sequential" else []
    stacks: dict[str, list[Layer]] = {}
    current: str | None = None
    rest = dict(layers)
    for layer in sequence if isinstance(sequence, list) else []:
        name = modules.get(str(_field(_field(layer, "config"), "name")), "")
        if name not in rest:
            current = current if str(_field(layer, "class_name")) in SILENT else None
            continue
        cells = rest.pop(name)
        if current and _sizes(stacks[current][-1]) == _sizes(cells):
            layers_below = stacks.pop(current)
            current = f"{current}+{name}"
            stacks[current] = [*layers_below, cells]
        else:
            current = name
            stacks[current] = [cells]
    return stacks | {name: [cells] for name, cells in rest.items()}


def _field(settings: Any, name: str) -> Any:
    """A field of what should be an object of JSON; None where it is none."""
    return settings.get(name) if isinstance(settings, Mapping) else None


def _sizes(layer: Layer) -> list[tuple[int, ...]]:
    return [cell[1].shape for cell in layer]


def _lstm(module: str, stack: list[Layer]) -> LSTMReading:
    weights: dict[str, Tensor] = {}
    for index, layer in enumerate(stack):
        for suffix, (kernel, recurrent, *biases) in zip(("", "_reverse"), layer, strict=False):
            if kernel.shape[1] != recurrent.shape[1]:
                raise refusal(f"the kernels of {module} do not fit together", "broken_file")
            bias = biases[0] if biases else torch.zeros(kernel.shape[1])
            packed = {"weight_ih": kernel.T, "weight_hh": recurrent.T, "bias_ih": bias}  # (4H, I), (4H, H), (4H)
            weights |= {f"{part}_l{index}{suffix}": repack(tensor, KERAS) for part, tensor in packed.items()}
            weights[f"bias_hh_l{index}{suffix}"] = torch.zeros(len(bias))
    return LSTMReading(module, weights)
