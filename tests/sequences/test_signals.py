import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatescope.errors import InvalidInput, LimitExceeded
from gatescope.sequences import SIGNALS, SequenceLimits, from_signal
from gatescope.sequences.signals import Parameter, Signal

NAMES = {
    *("sunspots", "sine", "square", "sawtooth", "chirp", "two_tones", "impulse", "step", "random_walk", "noise"),
    "token_ids",
}


def test_the_catalogue_is_complete() -> None:
    assert set(SIGNALS) == NAMES


@st.composite
def legal(draw: st.DrawFn) -> tuple[Signal, int, dict[str, float], int]:
    signal = SIGNALS[draw(st.sampled_from(sorted(SIGNALS)))]
    values = {
        parameter.name: draw(st.floats(parameter.minimum, parameter.maximum))
        for parameter in signal.parameters
        if draw(st.booleans())
    }
    return signal, draw(st.integers(1, signal.max_steps or 400)), values, draw(st.integers(0, 2**32 - 1))


@given(legal())
def test_every_legal_signal_is_finite_and_the_same_each_time(case: tuple[Signal, int, dict[str, float], int]) -> None:
    signal, steps, parameters, seed = case
    first, again = (from_signal(signal.name, steps, parameters, seed).values for _ in range(2))
    assert first.shape == (steps, 1)
    assert np.isfinite(first).all()
    assert np.array_equal(first, again)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_seed_matters_where_the_catalogue_says_so(name: str) -> None:
    differs = not np.array_equal(from_signal(name, 50, seed=1).values, from_signal(name, 50, seed=2).values)
    assert differs == SIGNALS[name].uses_seed


def test_each_signal_is_what_its_name_says() -> None:
    def series(name: str, steps: int = 100, **parameters: float) -> list[float]:
        return list(from_signal(name, steps, parameters).values[:, 0])

    assert series("sine", 5, period=4) == pytest.approx([0, 1, 0, -1, 0], abs=1e-12)
    assert series("square", 8, period=4) == [1, 1, -1, -1, 1, 1, -1, -1]
    assert series("sawtooth", 5, period=4) == pytest.approx([-1, -0.5, 0, 0.5, -1])
    assert series("impulse", 5, position=2, amplitude=3) == [0, 0, 3, 0, 0]
    assert series("step", 5, position=2) == [0, 0, 1, 1, 1]
    assert series("two_tones", 3, period=4, second_period=2, second_amplitude=7) == pytest.approx([0, 1, 0], abs=1e-12)
    chirp = np.sign(series("chirp", 400, start_period=80, end_period=8))
    crossings = np.flatnonzero(np.diff(chirp))
    assert np.diff(crossings)[-1] * 5 < np.diff(crossings)[0]
    walk = series("random_walk", 2000, standard_deviation=0.5)
    assert np.std(np.diff(walk)) == pytest.approx(0.5, rel=0.1)
    assert np.std(series("noise", 2000, standard_deviation=2)) == pytest.approx(2, rel=0.1)


def test_the_sunspot_numbers_are_those_of_the_years_1700_to_2008() -> None:
    years = from_signal("sunspots", 309).values[:, 0]
    assert years[[0, 1957 - 1700, 2008 - 1700]].tolist() == [5.0, 190.2, 2.9]


@pytest.mark.parametrize(
    ("name", "steps", "parameters", "field"),
    [
        ("cosine", 10, {}, "name"),
        ("sine", 0, {}, "steps"),
        ("sunspots", 310, {}, "steps"),
        ("sine", 10, {"frequency": 1}, "parameters.frequency"),
        ("sine", 10, {"period": 1.9}, "parameters.period"),
        ("noise", 10, {"standard_deviation": float("nan")}, "parameters.standard_deviation"),
        ("sunspots", 10, {"amplitude": 1}, "parameters.amplitude"),
    ],
)
def test_a_mistake_is_named(name: str, steps: int, parameters: dict[str, float], field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        from_signal(name, steps, parameters)
    assert raised.value.field == field


def test_limits_are_kept() -> None:
    with pytest.raises(LimitExceeded):
        from_signal("sine", 11, limits=SequenceLimits(steps=10))


def test_defaults_are_legal() -> None:
    parameters: list[Parameter] = [parameter for signal in SIGNALS.values() for parameter in signal.parameters]
    assert all(parameter.minimum <= parameter.default <= parameter.maximum for parameter in parameters)


def test_several_features_are_drawn_anew_or_delayed() -> None:
    drawn = from_signal("noise", 50, features=3).values
    assert len({tuple(column) for column in drawn.T}) == 3
    delayed = from_signal("sine", 50, features=3)
    np.testing.assert_allclose(delayed.values[1:, 1], delayed.values[:-1, 0], atol=1e-12)
    assert delayed.features == ("sine 0", "sine 1", "sine 2")
    with pytest.raises(InvalidInput, match="one real series"):
        from_signal("sunspots", 50, features=2)
