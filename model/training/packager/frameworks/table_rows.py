"""Columns of numbers as the rows of a network: features with names and ranges, in one tensor."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from card import BACKGROUND_ROWS

from ..about import About
from ..columns import Columns
from ..description import describe_numbers
from ..instances import to_instances
from ..probes import draw_column
from .network import Tensors
from .rows import Groups, in_chunks, repeat


@dataclass(frozen=True)
class Table:
    """Columns of numbers in one tensor."""

    columns: Columns
    name: str

    text = None

    @cached_property
    def elements(self) -> int:
        """One for each column."""
        return len(self.columns.columns)

    def __len__(self) -> int:
        return len(self.columns.sample)

    def take(self, places: Any) -> "Table":
        return self.with_sample(self.columns.sample.iloc[places].reset_index(drop=True))

    def with_sample(self, sample: Any) -> "Table":
        """Other rows of the same columns, which keep what is known of the sample's."""
        return Table(replace(self.columns, sample=sample), self.name)

    def join(self, other: "Table") -> "Table":
        return self.with_sample(pd.concat([self.columns.sample, other.columns.sample], ignore_index=True))

    def groups(self, most: int | None = None) -> Groups:
        (values,) = self.columns.to_feeds(self.columns.sample).values()
        for places in in_chunks(len(self), self.elements, most):
            yield places, {self.name: values[places]}

    def example(self, count: int) -> Tensors:
        return repeat(self, count)

    def draw(self, random: np.random.Generator, count: int) -> "Table":
        drawn = [draw_column(column, random)[:count] for column in self.columns.columns]
        dtype = self.columns.sample.dtypes.iloc[0]
        return self.with_sample(self.columns.to_rows(drawn).astype(dtype))

    def instances(self) -> list[Any]:
        found = to_instances(self.columns, self.columns.sample)
        return found if self.columns.is_frame else [list(each.values()) for each in found]

    def describe(self, about: About, *, is_private: bool) -> dict[str, Any]:
        columns = self.columns.columns
        features = [
            {
                "name": column.name,
                "description": about.descriptions.get(column.name, f"The column {column.name} of the training data."),
                **({"unit": about.units[column.name]} if column.name in about.units else {}),
                "input": self.name,
                "column": place,
                **describe_numbers(column),
            }
            for place, column in enumerate(columns)
        ]
        step = max(1, len(self) // BACKGROUND_ROWS)
        background = to_instances(self.columns, self.columns.sample.iloc[::step][:BACKGROUND_ROWS])
        shown = {} if is_private else {"background": [list(each.values()) for each in background]}
        return {
            "inputs": [{"name": self.name, "datatype": columns[0].datatype, "shape": [-1, len(columns)]}],
            "features": features,
            "data": {"rows": len(self), **shown},
        }
