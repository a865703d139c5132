"""Draws the rows of the parity test from a seed, so another language can draw the same rows without storing them.

All integers are unsigned 32-bit and wrap; `*` below is multiplication modulo 2^32 (`Math.imul` in JavaScript).

    mix(h):      h ^= h >>> 16;  h *= 0x85EBCA6B;  h ^= h >>> 13;  h *= 0xC2B2AE35;  h ^= h >>> 16   (murmur3)
    u(counter):  (mix(seed + counter) >>> 8) / 2^24, a float64 in [0, 1)

Row i of F features uses the counters from c = i * (F + 3) on:

    value of feature f   minimum[f] + (maximum[f] - minimum[f]) * u(c + f), in float64, with the card's training range

Then one value of every row with i % EVERY == EVERY - 1 is replaced:

    feature g            floor(u(c + F) * F)
    threshold t          thresholds[g][floor(u(c + F + 1) * thresholds[g].length)]; none listed: keep the row
    value of feature g   side = floor(u(c + F + 2) * 3);  0: t,  1: the next float32 above t,  2: the next below t

Models read float32: round every value to the nearest float32 before use.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DESCRIPTION = (
    "u(k) = (murmur3 fmix32(seed + k) >>> 8) / 2^24. Row i of F features has c = i * (F + 3). Feature f is "
    "minimum + (maximum - minimum) * u(c + f) over the card's training range, in float64. "
    "If i % every == every - 1, feature g = floor(u(c + F) * F) becomes "
    "t = thresholds[g][floor(u(c + F + 1) * length)], or the next float32 above "
    "(side 1) or below (side 2) t, with side = floor(u(c + F + 2) * 3)."
)

# One row in this many lies on, just above or just below a split threshold.
EVERY = 4


@dataclass(frozen=True)
class Space:
    """The space to draw rows from: bounds of each feature, shape [features], and its split thresholds."""

    minimum: NDArray[np.float64]
    maximum: NDArray[np.float64]
    thresholds: Sequence[NDArray[np.float32]]


def draw_rows(space: Space, *, rows: int, seed: int) -> NDArray[np.float64]:
    """Draws rows from the space, shape [rows, features]."""
    features = len(space.minimum)
    stride = features + 3
    uniform = to_uniform(np.uint32(seed) + np.arange(rows * stride, dtype=np.uint32)).reshape(rows, stride)
    drawn = space.minimum + (space.maximum - space.minimum) * uniform[:, :features]
    for row in range(EVERY - 1, rows, EVERY):
        place_on_threshold(drawn[row], space.thresholds, uniform[row, features:])
    return drawn


def to_uniform(h: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Turns counters of any shape into numbers in [0, 1) with 24 random bits."""
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    h = h ^ (h >> np.uint32(16))
    return (h >> np.uint32(8)).astype(np.float64) / 2**24


def place_on_threshold(
    row: NDArray[np.float64], thresholds: Sequence[NDArray[np.float32]], uniform: NDArray[np.float64]
) -> None:
    """Moves one value of the row, shape [features], onto or next to a threshold; uniform has shape [3]."""
    feature = int(uniform[0] * len(row))
    candidates = thresholds[feature]
    if len(candidates) == 0:
        return
    threshold = candidates[int(uniform[1] * len(candidates))]
    side = int(uniform[2] * 3)
    directions = [threshold, np.float32(np.inf), np.float32(-np.inf)]
    row[feature] = np.nextafter(threshold, directions[side])
