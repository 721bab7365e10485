import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gatescope.errors import InvalidInput
from gatescope.sequences import SCALINGS, from_values
from gatescope.sequences.sequence import scale

matrices = arrays(np.float64, st.tuples(st.integers(1, 20), st.integers(1, 4)), elements=st.floats(-1e6, 1e6))


@given(matrices, st.sampled_from(SCALINGS))
def test_scaling_says_how_to_undo_it(values: np.ndarray, method: str) -> None:
    scaled, scaling = scale(values, method)  # type: ignore[arg-type]
    np.testing.assert_allclose(scaled * scaling.scale + scaling.offset, values, rtol=1e-9, atol=1e-9)


@given(matrices)
def test_z_scores_have_mean_zero_and_deviation_one(values: np.ndarray) -> None:
    scaled, _ = scale(values, "zscore")
    wide = np.ptp(values, axis=0) > 1e-3
    np.testing.assert_allclose(scaled.mean(axis=0)[wide], 0, atol=1e-6)
    np.testing.assert_allclose(scaled.std(axis=0)[wide], 1, rtol=1e-6)


@given(matrices)
def test_min_max_runs_from_zero_to_one(values: np.ndarray) -> None:
    scaled, _ = scale(values, "minmax")
    assert scaled.min() >= 0
    assert scaled.max() <= 1
    wide = np.ptp(values, axis=0) > 1e-3
    assert (scaled.max(axis=0)[wide] == 1).all()


@pytest.mark.parametrize("method", ["zscore", "minmax"])
@pytest.mark.parametrize("value", [0.0, 0.1, -1e6, 3e38])
def test_a_constant_column_becomes_zero(method: str, value: float) -> None:
    sequence = from_values([[value, 1.0], [value, 2.0], [value, 4.0]], scaling=method)  # type: ignore[arg-type]
    np.testing.assert_allclose(sequence.values[:, 0] / max(1, abs(value)), 0, atol=1e-12)
    assert sequence.scaling.scale[0] == 1


def test_an_unknown_scaling_is_named() -> None:
    with pytest.raises(InvalidInput, match="scaling is 'log'; it must be one of none, zscore, minmax"):
        from_values([1, 2], scaling="log")  # type: ignore[arg-type]
