"""σ and tanh of eight or four numbers at once, without a branch; exact to two units in the last place of 1.

e^x = 2ⁿ · e^r with |r| ≤ ln 2 / 2, and e^r and small tanh by the polynomials of Cephes (Moshier 1989); e^r in double
precision by Taylor's, whose next term lies below 1e-16. NaN stays NaN.
"""

from typing import Any

from numba import types
from numba.extending import overload

from gatescope.lstm.lanes import constant, fused, power_of_two, where_larger


def logistic(x: Any) -> Any:
    """σ(x) in each lane."""
    raise NotImplementedError


def tanh(x: Any) -> Any:
    """The hyperbolic tangent of each lane, also in relative terms where it is small."""
    raise NotImplementedError


def exponential(x: Any) -> Any:
    """e^x in each lane, as if x were no larger than its dtype can bear."""
    raise NotImplementedError


def tanh_near_zero(x: Any) -> Any:
    """tanh(x) for |x| ≤ 0.625."""
    raise NotImplementedError


@overload(logistic)
def _overload_logistic(x: Any) -> Any:
    def compute(x: Any) -> Any:  # pragma: no cover - compiled
        one = constant(x, 1.0)
        return one / (one + exponential(constant(x, 0.0) - x))

    return compute


@overload(tanh)
def _overload_tanh(x: Any) -> Any:
    def compute(x: Any) -> Any:  # pragma: no cover - compiled
        one = constant(x, 1.0)
        far = one - constant(x, 2.0) / (one + exponential(x + x))
        return where_larger(x * x, constant(x, 0.625 * 0.625), far, tanh_near_zero(x))

    return compute


@overload(exponential)
def _overload_exponential(x: Any) -> Any:
    return _exponential_single if x.dtype == types.float32 else _exponential_double


@overload(tanh_near_zero)
def _overload_tanh_near_zero(x: Any) -> Any:
    return _tanh_near_zero_single if x.dtype == types.float32 else _tanh_near_zero_double


def _exponential_single(x: Any) -> Any:  # pragma: no cover - compiled
    x = where_larger(x, constant(x, 87.0), constant(x, 87.0), x)
    x = where_larger(constant(x, -87.0), x, constant(x, -87.0), x)
    whole = constant(x, 12582912.0)  # 1.5 · 2²³
    shifted = fused(x, constant(x, 1.44269504), whole)
    n = shifted - whole
    r = fused(n, constant(x, 2.12194440e-4), fused(n, constant(x, -0.693359375), x))
    p = fused(constant(x, 1.9875691500e-4), r, constant(x, 1.3981999507e-3))
    p = fused(p, r, constant(x, 8.3334519073e-3))
    p = fused(p, r, constant(x, 4.1665795894e-2))
    p = fused(p, r, constant(x, 1.6666665459e-1))
    p = fused(p, r, constant(x, 5.0000001201e-1))
    return fused(p, r * r, r + constant(x, 1.0)) * power_of_two(shifted)


def _exponential_double(x: Any) -> Any:  # pragma: no cover - compiled
    x = where_larger(x, constant(x, 708.0), constant(x, 708.0), x)
    x = where_larger(constant(x, -708.0), x, constant(x, -708.0), x)
    whole = constant(x, 6755399441055744.0)  # 1.5 · 2⁵²
    shifted = fused(x, constant(x, 1.4426950408889634), whole)
    n = shifted - whole
    r = fused(n, constant(x, -1.42860682030941723212e-6), fused(n, constant(x, -6.93145751953125e-1), x))
    p = fused(constant(x, 1 / 6227020800.0), r, constant(x, 1 / 479001600.0))
    p = fused(p, r, constant(x, 1 / 39916800.0))
    p = fused(p, r, constant(x, 1 / 3628800.0))
    p = fused(p, r, constant(x, 1 / 362880.0))
    p = fused(p, r, constant(x, 1 / 40320.0))
    p = fused(p, r, constant(x, 1 / 5040.0))
    p = fused(p, r, constant(x, 1 / 720.0))
    p = fused(p, r, constant(x, 1 / 120.0))
    p = fused(p, r, constant(x, 1 / 24.0))
    p = fused(p, r, constant(x, 1 / 6.0))
    p = fused(p, r, constant(x, 0.5))
    return fused(p, r * r, r + constant(x, 1.0)) * power_of_two(shifted)


def _tanh_near_zero_single(x: Any) -> Any:  # pragma: no cover - compiled
    z = x * x
    p = fused(constant(x, -5.70498872745e-3), z, constant(x, 2.06390887954e-2))
    p = fused(p, z, constant(x, -5.37397155531e-2))
    p = fused(p, z, constant(x, 1.33314422036e-1))
    p = fused(p, z, constant(x, -3.33332819422e-1))
    return fused(p * z, x, x)


def _tanh_near_zero_double(x: Any) -> Any:  # pragma: no cover - compiled
    z = x * x
    p = fused(constant(x, -9.64399179425052238628e-1), z, constant(x, -9.92877231001918586564e1))
    p = fused(p, z, constant(x, -1.61468768441708447952e3))
    q = fused(z + constant(x, 1.12811678491632931402e2), z, constant(x, 2.23548839060100448583e3))
    q = fused(q, z, constant(x, 4.84406305325125486048e3))
    return fused(x, z * (p / q), x)
