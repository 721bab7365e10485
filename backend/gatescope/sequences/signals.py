"""A catalogue of signals: drawn from parameters and a seed, and one real series."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from scipy import signal as scipy_signal

from gatescope.errors import InvalidInput
from gatescope.sequences.sequence import Array, ScalingMethod, Sequence, SequenceLimits, select

Parameters = Mapping[str, float]
_TURN = 2 * np.pi


@dataclass(frozen=True)
class Parameter:
    """A number that shapes a signal; times are in steps."""

    name: str
    default: float
    minimum: float
    maximum: float


@dataclass(frozen=True)
class Signal:
    """An entry of the catalogue; ``generate`` gives (T) from the step numbers, the parameters and a generator."""

    name: str
    generate: Callable[[Array, Parameters, np.random.Generator], Any]
    parameters: tuple[Parameter, ...] = ()
    uses_seed: bool = False
    max_steps: int | None = None


def _period(default: float, name: str = "period") -> Parameter:
    return Parameter(name, default, 2, 10_000)


def _amplitude(name: str = "amplitude", default: float = 1) -> Parameter:
    return Parameter(name, default, -1_000, 1_000)


_PHASE = Parameter("phase", 0, 0, 1)  # in turns
_POSITION = Parameter("position", 20, 0, 1_000_000)
_DEVIATION = Parameter("standard_deviation", 1, 0, 1_000)


def _sine(steps: Array, p: Parameters, _: np.random.Generator) -> Any:
    return p["amplitude"] * np.sin(_TURN * (steps / p["period"] + p["phase"]))


def _square(steps: Array, p: Parameters, _: np.random.Generator) -> Any:
    return p["amplitude"] * scipy_signal.square(_TURN * (steps / p["period"] + p["phase"]), p["duty"])


def _sawtooth(steps: Array, p: Parameters, _: np.random.Generator) -> Any:
    return p["amplitude"] * scipy_signal.sawtooth(_TURN * (steps / p["period"] + p["phase"]))


def _chirp(steps: Array, p: Parameters, _: np.random.Generator) -> Any:
    last = max(1.0, float(steps[-1]))
    return p["amplitude"] * scipy_signal.chirp(steps, 1 / p["start_period"], last, 1 / p["end_period"], phi=-90)


def _impulse(steps: Array, p: Parameters, _: np.random.Generator) -> Any:
    return p["amplitude"] * (steps == np.floor(p["position"]))


def _step(steps: Array, p: Parameters, _: np.random.Generator) -> Any:
    return p["amplitude"] * (steps >= np.floor(p["position"]))


def _random_walk(steps: Array, p: Parameters, generator: np.random.Generator) -> Array:
    return np.cumsum(generator.normal(0, p["standard_deviation"], len(steps)))


def _noise(steps: Array, p: Parameters, generator: np.random.Generator) -> Array:
    return generator.normal(0, p["standard_deviation"], len(steps))


def _two_tones(steps: Array, p: Parameters, _: np.random.Generator) -> Array:
    slow = p["amplitude"] * np.sin(_TURN * steps / p["period"])
    return slow + p["second_amplitude"] * np.sin(_TURN * steps / p["second_period"])


def _token_ids(steps: Array, p: Parameters, generator: np.random.Generator) -> Any:
    return generator.integers(0, int(p["vocabulary_size"]), len(steps)).astype(np.float64)


@cache
def sunspot_numbers() -> Array:
    """Yearly means of the international sunspot number, 1700–2008 (309).

    From the US National Geophysical Data Center, public domain, as statsmodels distributes it.
    """
    with files("gatescope.sequences").joinpath("sunspots.csv").open(encoding="utf-8") as file:
        return np.loadtxt(file, delimiter=",", skiprows=1, usecols=1)


def _sunspots(steps: Array, _: Parameters, __: np.random.Generator) -> Array:
    return sunspot_numbers()[: len(steps)]


SIGNALS: Mapping[str, Signal] = {
    signal.name: signal
    for signal in (
        Signal("sunspots", _sunspots, max_steps=309),
        Signal("sine", _sine, (_period(25), _amplitude(), _PHASE)),
        Signal("square", _square, (_period(40), _amplitude(), _PHASE, Parameter("duty", 0.5, 0, 1))),
        Signal("sawtooth", _sawtooth, (_period(40), _amplitude(), _PHASE)),
        Signal("chirp", _chirp, (_period(60, "start_period"), _period(8, "end_period"), _amplitude())),
        Signal(
            "two_tones",
            _two_tones,
            (_period(50), _amplitude(), _period(11, "second_period"), _amplitude("second_amplitude", 0.5)),
        ),
        Signal("impulse", _impulse, (_POSITION, _amplitude())),
        Signal("step", _step, (_POSITION, _amplitude())),
        Signal("random_walk", _random_walk, (Parameter("standard_deviation", 0.3, 0, 1_000),), uses_seed=True),
        Signal("noise", _noise, (_DEVIATION,), uses_seed=True),
        Signal("token_ids", _token_ids, (Parameter("vocabulary_size", 10, 1, 1_000_000),), uses_seed=True),
    )
}


def from_signal(
    name: str,
    steps: int,
    parameters: Parameters | None = None,
    seed: int = 0,
    scaling: ScalingMethod = "none",
    limits: SequenceLimits | None = None,
    features: int = 1,
) -> Sequence:
    """A sequence from the catalogue.

    Args:
        name: one of `SIGNALS`.
        steps: T.
        parameters: those that differ from their defaults.
        seed: for signals that are drawn; the others pass it over.
        scaling: ``none``, ``zscore`` or ``minmax``.
        limits: how long it may be, and how wide.
        features: I. What is drawn is drawn anew for each feature; of the others, each is one step behind the one
            before it. A real series has one feature.

    Raises:
        InvalidInput: there is no such signal or parameter, or a value is out of its range.
        LimitExceeded: there are too many steps or features.
    """
    if name not in SIGNALS:
        raise InvalidInput(
            f"there is no signal {name[:40]!r}; there are {', '.join(SIGNALS)}",
            field="name",
            code="unknown_signal",
        )
    signal = SIGNALS[name]
    limits = limits or SequenceLimits()
    limits.check(steps=steps, features=features, cells=steps * features, field="steps")
    if signal.max_steps and features > 1:
        raise InvalidInput(
            f"{name} is one real series; the model takes {features} features",
            field="features",
            code="one_feature",
            signal=name,
            features=features,
        )
    if not 1 <= steps <= (signal.max_steps or steps):
        raise InvalidInput(
            f"steps is {steps}; {name} has 1 … {signal.max_steps or limits.steps}",
            field="steps",
            code="signal_steps",
            signal=name,
            maximum=signal.max_steps or limits.steps,
        )
    times, generator = np.arange(steps, dtype=np.float64), np.random.default_rng(seed)
    parameters = _with_defaults(signal, parameters or {})
    values = np.stack(
        [signal.generate(times - lag, parameters, generator) for lag in range(features)], axis=1
    )  # (T, I)
    names = [name] if features == 1 else [f"{name} {feature}" for feature in range(features)]
    return select(values, names, None, scaling, limits, "steps")


def _with_defaults(signal: Signal, values: Parameters) -> Parameters:
    parameters = {parameter.name: parameter for parameter in signal.parameters}
    for name, value in values.items():
        if name not in parameters:
            raise InvalidInput(
                f"{signal.name} has no parameter {name[:40]!r}; it has {', '.join(parameters) or 'none'}",
                field=f"parameters.{name[:40]}",
                code="unknown_parameter",
                signal=signal.name,
            )
        parameter = parameters[name]
        if not parameter.minimum <= value <= parameter.maximum:
            raise InvalidInput(
                f"{name} is {value:g}; it must be {parameter.minimum:g} … {parameter.maximum:g}",
                field=f"parameters.{name}",
                code="number_range",
                minimum=parameter.minimum,
                maximum=parameter.maximum,
            )
    return {name: values.get(name, parameter.default) for name, parameter in parameters.items()}
