"""Draws a difference between weights and estimator: each row by the value of the feature that tells most about its difference."""

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .answers import Differences
from .columns import Column, to_sent

WIDTH, HEIGHT, EDGE = 640, 320, 56
# More would hide each other and make a long file; those that differ are drawn first.
MOST_ROWS = 2_000
# Below any difference that float64 numbers near 1 have.
LEAST = 1e-17
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#566072}.title{font-weight:600;fill:#1d2433}"
    ".same{fill:#2457c5;fill-opacity:.45}.off{fill:#a3161f;fill-opacity:.7}line{stroke:#566072;stroke-dasharray:4 3}"
)


def draw_difference(
    title: str, rows: pd.DataFrame, columns: Sequence[Column], differences: Differences, tolerance: float
) -> str:
    """An SVG; empty without a column of numbers. Rows without a number there are left out."""
    sizes = to_logarithms(differences.deltas)
    chosen = choose_column(rows, columns, sizes, differences.is_off)
    if chosen is None:
        return ""
    name, values = chosen
    places = choose_rows(values, differences.is_off)
    across = scale(values[places], EDGE, WIDTH - EDGE / 2)
    limit = np.log10(max(tolerance, LEAST))
    up = scale(np.append(sizes[places], limit), HEIGHT - EDGE, EDGE)
    off = int(differences.is_off.sum())
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"><style>{STYLE}</style>',
        f'<text class="title" x="{EDGE}" y="20">{escape(title)}: {off} of {len(rows)} differ by more than {tolerance:g}</text>',
        f'<line x1="{EDGE}" x2="{WIDTH - EDGE / 2:g}" y1="{up[-1]:.1f}" y2="{up[-1]:.1f}"/>',
        f'<text x="4" y="{up[-1] + 4:.1f}">{tolerance:g}</text>',
        f'<text x="4" y="{EDGE - 14}">difference, 1e{sizes.max():.0f} at most</text>',
        *draw_points(across, up, differences.is_off[places]),
        *draw_ends(name, values[places]),
        "</svg>\n",
    ]
    return "\n".join(drawn)


def to_logarithms(deltas: NDArray[np.float64]) -> NDArray[np.float64]:
    """Powers of ten; an infinite difference is drawn above the largest finite one."""
    finite = deltas[np.isfinite(deltas)]
    most = max(float(finite.max(initial=LEAST)), LEAST)
    return np.log10(np.clip(deltas, LEAST, 10 * most))


def choose_column(
    rows: pd.DataFrame, columns: Sequence[Column], sizes: NDArray[np.float64], is_off: NDArray[np.bool_]
) -> tuple[str, NDArray[np.float64]] | None:
    """The numbers whose order follows that of the differences best."""
    found: list[tuple[float, str, NDArray[np.float64]]] = []
    for column in columns:
        if not column.is_numeric:
            continue
        values = to_sent(rows[column.name], "FP64").astype(np.float64)
        known = np.isfinite(values)
        if not (known & is_off).any():
            continue
        ranks = pd.DataFrame({"value": np.abs(values[known]), "size": sizes[known]}).rank()
        likeness = abs(ranks["value"].corr(ranks["size"])) if ranks.nunique().min() > 1 else 0.0
        found.append((float(likeness), column.name, values))
    if not found:
        return None
    _, name, values = max(found, key=lambda each: each[0])
    return name, values


def choose_rows(values: NDArray[np.float64], is_off: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Rows with a number, those that differ first, evenly spread where there are too many."""
    known = np.isfinite(values)
    ordered = np.concatenate([np.flatnonzero(known & is_off), np.flatnonzero(known & ~is_off)])
    return ordered[:: max(1, -(-len(ordered) // MOST_ROWS))]


def scale(values: NDArray[np.float64], start: float, end: float) -> NDArray[np.float64]:
    """Values from `start` to `end`, or in the middle if they are all the same."""
    low, high = values.min(), values.max()
    # Half of each: the ends of float64 are further apart than a float64 number can say.
    low, high, values = low / 2, high / 2, values / 2
    share = (values - low) / (high - low) if np.isfinite(high - low) and high > low else np.full(len(values), 0.5)
    return start + share * (end - start)


def draw_points(across: NDArray[np.float64], up: NDArray[np.float64], is_off: NDArray[np.bool_]) -> Iterator[str]:
    """A point for each row."""
    for x, y, differs in zip(across, up[:-1], is_off, strict=True):
        yield f'<circle class="{"off" if differs else "same"}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'


def draw_ends(name: str, values: NDArray[np.float64]) -> Iterator[str]:
    """The name of the feature between its smallest and largest value."""
    y = HEIGHT - EDGE / 3
    yield f'<text x="{EDGE}" y="{y:g}">{values.min():g}</text>'
    yield f'<text class="title" x="{WIDTH / 2:g}" y="{y:g}" text-anchor="middle">{escape(name)}</text>'
    yield f'<text x="{WIDTH - EDGE / 2:g}" y="{y:g}" text-anchor="end">{values.max():g}</text>'
