"""What a function makes of dates, found by asking it: a line, a calendar unit, or a table by month, weekday, hour and the like.

A function of the user's own cannot be read, but it can be asked about each day of many years. What it answers is repeated only if
one of these forms fits every one of them, and the comparison with the estimator follows as for any graph.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..times import MICROSECONDS, to_times
from .calendars import DAY, WHOLE, Calendar
from .graph import Graph, Refused, Table

# Instants from this long before the sample's first on, to as long after its last.
AROUND_DAYS = 1_500
# A special day must be among those asked: up to a hundred years have each of theirs.
FEWEST, MOST = 4_000, 40_000
CLOSE = 1e-9
# Columns of a calendar that whole tables may depend on, and the number that the first entry stands for.
TABLES = {"month": 1, "weekday": 0, "hour": 0, "minute": 0, "second": 0, "day": 1, "dayofyear": 1}
LINES = ("seconds", *WHOLE, "year")
KNOWN = (
    "what it makes of dates is no line, count of whole days, year, or table by month, weekday, day, hour, minute or second: "
    "make the columns before fitting, and let callers send them or a hook (docs/guides/hooks.md) compute them"
)


def transform_dates(graph: Graph, estimator: Any, rows: Table) -> str:
    """What a fitted step makes of columns of dates."""
    asked = draw_instants(rows, np.random.default_rng(0))
    title = f"{type(estimator).__name__} of {', '.join(rows.names)}"
    try:
        found = ask(estimator, rows, asked)
    except Exception as failure:
        raise Refused(f"{title} cannot be asked what it makes of dates: {failure}") from failure
    parts = []
    for place, column in enumerate(found.T):
        fitted = fit_column(graph, rows, asked, column)
        if fitted is None:
            raise Refused(f"column {place} of {title} is not served: {KNOWN}")
        chosen, tensor = fitted
        missing = np.array([[ask_about_missing(estimator, rows, asked, chosen, place)]])
        parts.append(graph.where(graph("IsNaN", rows.tensors[chosen]), missing, tensor))
    return graph.join(parts)


def ask(estimator: Any, rows: Table, instants: NDArray[np.float64]) -> NDArray[np.float64]:
    """The step's own answers, shape [instants, columns]."""
    columns = zip(rows.names, instants.T, rows.times, strict=True)
    answers = estimator.transform(pd.DataFrame({name: to_times(column, dtype) for name, column, dtype in columns}))
    answers = answers.toarray() if hasattr(answers, "toarray") else answers
    return np.asarray(answers, np.float64).reshape(len(instants), -1)


def ask_about_missing(estimator: Any, rows: Table, asked: NDArray[np.float64], column: int, place: int) -> float:
    """What the step makes of a missing date; a step that takes none is never asked by the endpoint."""
    gap = asked[:1].copy()
    gap[0, column] = np.nan
    try:
        return float(ask(estimator, rows, gap)[0, place])
    except Exception:
        return float("nan")


def draw_instants(rows: Table, random: np.random.Generator) -> NDArray[np.float64]:
    """Seconds since 1970, shape [instants, columns]: each day once or more, at midnight, at a whole second, or between two."""
    spans = [(low // DAY - AROUND_DAYS, high // DAY + AROUND_DAYS + 1) for low, high in rows.spans]
    count = int(np.clip(max(last - first for first, last in spans), FEWEST, MOST))
    columns = []
    for first, last in spans:
        drawn = random.permutation(np.floor(np.linspace(first, last, count, endpoint=False))) * DAY
        drawn[count // 3 :] += random.integers(0, DAY, count - count // 3)
        drawn[2 * count // 3 :] += random.random(count - 2 * count // 3)
        columns.append(np.rint(drawn * MICROSECONDS) / MICROSECONDS)
    return np.column_stack(columns)


def fit_column(
    graph: Graph, rows: Table, asked: NDArray[np.float64], found: NDArray[np.float64]
) -> tuple[int, str] | None:
    """The first form that answers as the step did, with the first column of dates that it fits."""
    if not np.isfinite(found).all():
        return None
    for place, seconds in enumerate(asked.T):
        known, calendar = read_calendar(seconds), Calendar(graph, rows.tensors[place])
        for name in LINES:
            line = fit_line(known[name], found)
            if line is not None:
                slope, base, start = line
                moved = graph("Sub", calendar.find(name), np.array([[start]]))
                return place, graph("Add", graph("Mul", moved, np.array([[slope]])), np.array([[base]]))
        for name, first in TABLES.items():
            table = fit_table(known[name].astype(np.int64) - first, found)
            if table is not None:
                return place, look_up(graph, calendar, name, first, table)
    return None


def read_calendar(seconds: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """The parts of instants as pandas reads them."""
    times = to_times(seconds, "datetime64[us]").dt
    return {
        "seconds": seconds,
        **{name: np.floor(seconds / unit) for name, unit in WHOLE.items()},
        **{name: getattr(times, name).to_numpy(np.float64) for name in ("year", *TABLES)},
    }


def fit_line(given: NDArray[np.float64], found: NDArray[np.float64]) -> tuple[float, float, float] | None:
    """Slope, value at the start, and start of a line through all points."""
    low, high = int(np.argmin(given)), int(np.argmax(given))
    start, base = float(given[low]), float(found[low])
    slope = (float(found[high]) - base) / (float(given[high]) - start)
    scale = max(1.0, float(np.abs(found).max()))
    return (slope, base, start) if np.abs(base + slope * (given - start) - found).max() <= CLOSE * scale else None


def fit_table(places: NDArray[np.int64], found: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The value of each place, if all rows of a place have the same."""
    table = np.full(int(places.max()) + 1, np.nan)
    table[places] = found
    return table if np.array_equal(table[places], found) and not np.isnan(table).any() else None


def look_up(graph: Graph, calendar: Calendar, name: str, first: int, table: NDArray[np.float64]) -> str:
    """The entry of a table, shape [rows, 1]; that of a missing date is replaced later."""
    place = calendar.plus(calendar.find(name), -first)
    known = graph.where(graph("IsNaN", place), np.array([[0.0]]), place)
    return graph("Reshape", graph.pick(table, graph.to_places(known)), np.array([-1, 1]))
