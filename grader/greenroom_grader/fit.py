"""Which growth class measured times follow. Pure.

For each class g the model is ``t = c * g(n)``: least squares on logarithms, so that relative errors count alike at
all sizes and only one number, c, is free. The class with the smallest residual is named only when it separates from
the next one; otherwise the answer is 'unclear'. Constant overhead is kept out by looking at the upper part of the
times alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

UNCLEAR: Final = "unclear"
#: Points that a fit needs, and the factor between its smallest and largest size.
_POINTS: Final = 5
_RANGE: Final = 4.0
#: Times below this share of the largest say more about overhead than about growth.
_SHARE: Final = 1 / 2000
#: Root mean square of the residuals, in natural logarithms, above which no class describes the points.
_MISFIT: Final = 0.30
#: The next class must be worse by this factor and this much.
_FACTOR: Final = 1.5
_MARGIN: Final = 0.03
#: The same for a reference and the class that its author claims: caches bend times, a wrong claim does so more.
_STRAY: Final = 0.6
#: Smallest growth per unit of n that is called exponential: about 1.2 ** n.
_EXPONENT: Final = 0.18

#: Logarithm of each class's growth, slowest first.
CLASSES: Final[Mapping[str, Callable[[float], float]]] = {
    "1": lambda _n: 0.0,
    "log n": lambda n: math.log(math.log(n)),
    "n": math.log,
    "n log n": lambda n: math.log(n) + math.log(math.log(n)),
    "n^2": lambda n: 2 * math.log(n),
    "n^2 log n": lambda n: 2 * math.log(n) + math.log(math.log(n)),
    "n^3": lambda n: 3 * math.log(n),
}
EXPONENTIAL: Final = "2^n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The outcome of a fit."""

    #: The class, or ``unclear``.
    label: str
    #: The two best classes, best first, also when they do not separate; empty without enough points.
    nearest: tuple[str, ...] = ()
    #: Root mean square residual of the best class, natural logarithms.
    residual: float = math.inf


def fit(points: Sequence[tuple[float, float]]) -> Fit:
    """Name the growth class of ``(size, time)`` points; the unit of time does not matter.

    Sizes below 2 and times that are not positive are left out.
    """
    usable = [(n, t) for n, t in sorted(points) if n > 2 and t > 0 and math.isfinite(t)]
    largest = max((t for _, t in usable), default=0.0)
    usable = [(n, t) for n, t in usable if t >= largest * _SHARE]
    if len(usable) < _POINTS:
        return Fit(label=UNCLEAR)
    residuals = {name: _residual(usable, growth) for name, growth in CLASSES.items()}
    residuals[EXPONENTIAL] = _exponential_residual(usable)
    if usable[-1][0] < _RANGE * usable[0][0] and min(residuals, key=residuals.__getitem__) != EXPONENTIAL:
        return Fit(label=UNCLEAR)
    (best, error), (second, next_error), *_ = sorted(residuals.items(), key=lambda item: item[1])
    separated = error <= _MISFIT and next_error >= error * _FACTOR and next_error >= error + _MARGIN
    return Fit(label=best if separated else UNCLEAR, nearest=(best, second), residual=error)


def calibrated(points: Sequence[tuple[float, float, float]], target: str, floor: float) -> list[tuple[float, float]]:
    """``(size, time)`` with what machine and memory add divided out, by a reference of known growth.

    The reference's times, which should follow ``target``, show what caches and allocation add at each size. Where the
    target is no class, or the reference is too fast to be measured, times are taken as they are.

    Args:
        points: Size, time of the submission, time of the reference.
        target: Class of the reference.
        floor: Times of the reference below this are noise.
    """
    growth = CLASSES.get(target)
    good = [(n, own, reference) for n, own, reference in sorted(points) if reference >= floor and n > 2]
    if growth is None or len(good) < _POINTS or good[-1][0] < _RANGE * good[0][0]:
        return [(n, own) for n, own, _ in points]
    if _residual([(n, reference) for n, _, reference in good], growth) > _STRAY:
        return [(n, own) for n, own, _ in points]
    return [(n, own / reference * math.exp(growth(n))) for n, own, reference in good]


def _residual(points: Sequence[tuple[float, float]], growth: Callable[[float], float]) -> float:
    offsets = [math.log(t) - growth(n) for n, t in points]
    mean = sum(offsets) / len(offsets)
    return math.sqrt(sum((offset - mean) ** 2 for offset in offsets) / len(offsets))


def _exponential_residual(points: Sequence[tuple[float, float]]) -> float:
    """Residual of ``log t = a + b n``: any base counts, not only 2. Infinite when b is too small to call it that."""
    count = len(points)
    mean_n = sum(n for n, _ in points) / count
    mean_t = sum(math.log(t) for _, t in points) / count
    spread = sum((n - mean_n) ** 2 for n, _ in points)
    slope = sum((n - mean_n) * (math.log(t) - mean_t) for n, t in points) / spread if spread else 0.0
    if slope < _EXPONENT:
        return math.inf
    errors = ((math.log(t) - mean_t - slope * (n - mean_n)) ** 2 for n, t in points)
    return math.sqrt(sum(errors) / count)
