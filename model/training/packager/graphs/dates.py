"""What a function makes of dates, found by asking it: a line, a calendar unit, or a table by month, weekday, hour and the like.

A function of the user's own cannot be read, but it can be asked about thousands of instants. What it answers is repeated only if one
of these forms fits every one of them, and the comparison with the estimator follows as for any graph.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..times import MICROSECONDS, to_times
from .graph import Graph, Refused, Table

DAY = 86_400
# Instants from this long before the sample's first on, to as long after its last.
AROUND_DAYS = 1_500
ASKED = 4_000
CLOSE = 1e-9
# Columns of a calendar that whole tables may depend on, and the number that the first entry stands for.
TABLES = {"month": 1, "weekday": 0, "hour": 0, "minute": 0, "second": 0, "day": 1, "dayofyear": 1}
LINES = ("seconds", "whole seconds", "whole minutes", "whole hours", "whole days", "whole weeks", "year")
KNOWN = (
    "what it makes of dates is no line, count of whole days, year, or table by month, weekday, day, hour, minute or second: "
    "make the columns before fitting, and let callers send them or a hook (docs/guides/hooks.md) compute them"
)


@dataclass(frozen=True)
class Calendar:
    """Nodes for the parts of an instant, from a column of seconds since 1970, shape [rows, 1]."""

    graph: Graph
    given: str

    def floor(self, value: str, unit: float) -> str:
        """How many whole units a value has."""
        return self.graph("Floor", self.graph("Div", value, np.array([[float(unit)]])))

    def rest(self, value: str, unit: float) -> str:
        """What is left beside whole units."""
        return self.graph("Sub", value, self.graph("Mul", self.floor(value, unit), np.array([[float(unit)]])))

    def plus(self, value: str, number: float) -> str:
        """A value and a number."""
        return self.graph("Add", value, np.array([[float(number)]]))

    @cached_property
    def seconds(self) -> str:
        """To the nearest microsecond, as the estimator gets them."""
        counted = self.graph("Round", self.graph("Mul", self.given, np.array([[float(MICROSECONDS)]])))
        return self.graph("Div", counted, np.array([[float(MICROSECONDS)]]))

    @cached_property
    def days(self) -> str:
        """Whole days since 1970."""
        return self.floor(self.seconds, DAY)

    @cached_property
    def date(self) -> tuple[str, str, str]:
        """Years that begin in March, the month since March, and the day of such a year; by Howard Hinnant's algorithm."""
        shifted = self.plus(self.days, 719_468)
        era, of_era = self.floor(shifted, 146_097), self.rest(shifted, 146_097)
        parts = [self.floor(of_era, unit) for unit in (1_460, 36_524, 146_096)]
        even = self.graph("Sub", self.graph("Add", self.graph("Sub", of_era, parts[0]), parts[1]), parts[2])
        of_year = self.floor(even, 365)
        begun = self.graph("Mul", of_year, np.array([[365.0]]))
        begun = self.graph("Sub", self.graph("Add", begun, self.floor(of_year, 4)), self.floor(of_year, 100))
        day = self.graph("Sub", of_era, begun)
        month = self.floor(self.plus(self.graph("Mul", day, np.array([[5.0]])), 2), 153)
        year = self.graph("Add", of_year, self.graph("Mul", era, np.array([[400.0]])))
        return year, month, day

    def find(self, name: str) -> str:
        """One part of the instant."""
        whole = {"whole seconds": 1, "whole minutes": 60, "whole hours": 3_600, "whole days": DAY, "whole weeks": 7 * DAY}
        if name in whole:
            return self.floor(self.seconds, whole[name])
        return {
            "seconds": lambda: self.seconds,
            "hour": lambda: self.floor(self.rest(self.seconds, DAY), 3_600),
            "minute": lambda: self.floor(self.rest(self.seconds, 3_600), 60),
            "second": lambda: self.floor(self.rest(self.seconds, 60), 1),
            # The first of January 1970 was a Thursday.
            "weekday": lambda: self.rest(self.plus(self.days, 3), 7),
            "month": self.find_month,
            "year": self.find_year,
            "day": self.find_day,
            "dayofyear": self.find_day_of_year,
        }[name]()

    def is_late(self) -> str:
        """Whether the month is January or February."""
        return self.graph("GreaterOrEqual", self.date[1], np.array([[10.0]]))

    def find_month(self) -> str:
        """1 for January."""
        return self.graph.where(self.is_late(), self.plus(self.date[1], -9), self.plus(self.date[1], 3))

    def find_year(self) -> str:
        """The year that begins in January."""
        return self.graph.where(self.is_late(), self.plus(self.date[0], 1), self.date[0])

    def find_day(self) -> str:
        """The day of the month."""
        begun = self.floor(self.plus(self.graph("Mul", self.date[1], np.array([[153.0]])), 2), 5)
        return self.plus(self.graph("Sub", self.date[2], begun), 1)

    def find_day_of_year(self) -> str:
        """1 for the first of January."""
        year = self.find_year()
        quarters = [self.graph("Equal", self.rest(year, unit), np.array([[0.0]])) for unit in (4, 100, 400)]
        is_leap = self.graph("Or", self.graph("And", quarters[0], self.graph("Not", quarters[1])), quarters[2])
        later = self.graph("Add", self.plus(self.date[2], 60), self.graph.to_double(is_leap))
        return self.graph.where(self.is_late(), self.plus(self.date[2], -305), later)


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
    """Seconds since 1970, shape [instants, columns]: whole days, whole seconds, and parts of them."""
    columns = []
    for low, high in rows.spans:
        drawn = random.uniform(low - AROUND_DAYS * DAY, high + AROUND_DAYS * DAY, ASKED)
        drawn[::3] = np.floor(drawn[::3] / DAY) * DAY
        drawn[1::3] = np.floor(drawn[1::3])
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
    units = {"whole seconds": 1, "whole minutes": 60, "whole hours": 3_600, "whole days": DAY, "whole weeks": 7 * DAY}
    return {
        "seconds": seconds,
        **{name: np.floor(seconds / unit) for name, unit in units.items()},
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
