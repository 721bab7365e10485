"""The names of `torch.nn.LSTM` (``rnn.weight_ih_l0``) and `torch.nn.LSTMCell` (``cell.weight_ih``) in a state dict."""

import re
from collections.abc import Iterable, Mapping, Set

from torch import Tensor

from gatescope.models.content import Content
from gatescope.models.gate_orders import OTHER_KINDS
from gatescope.models.reading import LSTMReading, Reading

_WEIGHT = re.compile(r"(?P<module>(?:.*\.)?)(?P<name>(?:weight|bias)_[a-z]+(?:_l\d+(?:_reverse)?)?)")
_FURTHER = re.compile(r"(?:layer_?norm|norm|ln)(?:_?(?:ih|hh|[a-z]))?(?:_l?\d+)?\.|peephole|[wW](?:eight)?_?c[ifo]\b")


def match(content: Content) -> bool:
    """Whether a tensor has the name of a weight."""
    return any(_WEIGHT.fullmatch(name) for name in content.tensors)


def translate(content: Content) -> Reading:
    """Each module that has recurrent weights: an LSTM, or what it is instead."""
    lstms: list[LSTMReading] = []
    others, unsupported = dict(content.tensors), {}
    modules = _recurrent_modules(content.tensors)
    further = _further_parts(modules.keys(), content.tensors)
    for module, names in modules.items():
        weights = {short: content.tensors[name] for short, name in names.items()}
        kind = _other_kind(weights) or further.get(module)
        if kind:
            unsupported[module] = kind
        else:
            lstms.append(LSTMReading(module, weights))
            for name in names.values():
                del others[name]
    return Reading(tuple(lstms), others, unsupported)


def _recurrent_modules(tensors: Iterable[str]) -> dict[str, dict[str, str]]:
    """The modules that have recurrent weights, each with the short and full names of its tensors."""
    modules: dict[str, dict[str, str]] = {}
    for name in tensors:
        parts = _WEIGHT.fullmatch(name)
        if parts:
            modules.setdefault(parts["module"].rstrip("."), {})[parts["name"]] = name
    return {module: names for module, names in modules.items() if any(name.startswith("weight_hh") for name in names)}


def _other_kind(weights: Mapping[str, Tensor]) -> str | None:
    recurrent = weights.get("weight_hh_l0", weights.get("weight_hh"))
    if recurrent is None or recurrent.dim() != 2 or any(name.startswith("weight_hr") for name in weights):
        return None
    rows, columns = recurrent.shape
    return OTHER_KINDS.get(rows // columns) if columns and rows % columns == 0 else None


def _further_parts(modules: Set[str], tensors: Iterable[str]) -> dict[str, str]:
    """What stands inside the modules of LSTMs that `torch.nn.LSTM` has not, such as a layer norm."""
    further: dict[str, str] = {}
    for name in tensors:
        ends = (0, *(dot.end() for dot in re.finditer(r"\.", name)))
        for end in ends:  # the module of each part of the path
            module = name[:end].removesuffix(".")
            if module in modules and module not in further and _FURTHER.match(name, end):
                further[module] = f"an LSTM with a layer norm or peepholes (tensor {name})"
    return further
