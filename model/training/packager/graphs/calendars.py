"""Years, months, weekdays and hours of instants, as nodes of a graph."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..times import MICROSECONDS
from .graph import Graph

DAY = 86_400
WHOLE = {"whole seconds": 1, "whole minutes": 60, "whole hours": 3_600, "whole days": DAY, "whole weeks": 7 * DAY}


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
        if name in WHOLE:
            return self.floor(self.seconds, WHOLE[name])
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
