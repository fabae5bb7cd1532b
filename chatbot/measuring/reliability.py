"""Whether a probability keeps its word: of the questions given 0.9, nine in ten should come out right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions whose probability is from ``low`` to ``high``: how many, their share of the weight, what was
    said and what came of it."""

    low: float
    high: float
    count: int
    share: float
    probability: float
    right: float


def reliability(
    probability: NDArray[np.float64],
    right: NDArray[np.bool_],
    weights: NDArray[np.float64] | None = None,
    bins: int = BINS,
) -> list[Bin]:
    """Bins of equal width, those that hold no question left out; the means are weighted, all arrays are (n,)."""
    weights = np.ones(len(probability)) if weights is None else weights
    places = np.minimum((probability * bins).astype(int), bins - 1)
    out = []
    for place in np.unique(places):
        mine = places == place
        own = weights[mine] / weights[mine].sum()
        # 1.0 where rounding goes beyond it
        said, came = (min(1.0, float(own @ values[mine])) for values in (probability, right))
        out.append(
            Bin(
                place / bins,
                (place + 1) / bins,
                int(mine.sum()),
                float(weights[mine].sum() / weights.sum()),
                said,
                came,
            )
        )
    return out


def expected_calibration_error(
    probability: NDArray[np.float64],
    right: NDArray[np.bool_],
    weights: NDArray[np.float64] | None = None,
    bins: int = BINS,
) -> float:
    """The mean distance of what was said from what came of it, over equal-width bins (Naeini et al., 2015)."""
    return sum(b.share * abs(b.probability - b.right) for b in reliability(probability, right, weights, bins))
