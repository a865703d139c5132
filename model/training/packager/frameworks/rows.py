"""The rows of a sample: as tensors for a network, as JSON for callers, and more of their kind at random."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..about import About
from ..columns import Column
from ..instances import to_number
from .network import Tensors

DATATYPES = {"float32": "FP32", "float64": "FP64", "int64": "INT64", "int32": "INT32", "uint8": "UINT8", "bool": "BOOL"}
# Elements of one run, so a large sample does not need memory for all its layers at once.
MOST_ELEMENTS = 4_000_000
MOST_ROWS = 1_000

Groups = Iterator[tuple[NDArray[np.int64], Tensors]]


class Rows(Protocol):
    """Some rows."""

    # The column that is a text, if any.
    text: Column | None
    # Elements of a row, by which work and files are bounded.
    elements: int

    def __len__(self) -> int: ...

    def take(self, places: Sequence[int] | NDArray[np.int64]) -> "Rows":
        """Some of the rows."""

    def join(self, other: Any) -> "Rows":
        """The rows of both."""

    def groups(self, most: int | None = None) -> Groups:
        """Rows that can share a run, with their places; at most `most` in each."""

    def example(self, count: int) -> Tensors:
        """Rows for the exporter, of one size."""

    def draw(self, random: np.random.Generator, count: int) -> "Rows":
        """Random rows around these."""

    def instances(self) -> list[Any]:
        """The rows as callers send them."""

    def describe(self, about: About, *, is_private: bool) -> dict[str, Any]:
        """The members of the card that follow from the rows."""


def in_chunks(count: int, elements: int, most: int | None) -> Iterator[NDArray[np.int64]]:
    """The places of all rows, as many at once as memory allows."""
    step = min(most or MOST_ROWS, max(1, MOST_ELEMENTS // elements))
    for at in range(0, count, step):
        yield np.arange(at, min(at + step, count))


def repeat(rows: Rows, count: int) -> Tensors:
    """The first rows, again where there are fewer."""
    return next(feeds for _, feeds in rows.take(np.arange(count) % len(rows)).groups(count))


@dataclass(frozen=True)
class Arrays:
    """One value that is a tensor for each input, such as a picture or a list of ids."""

    tensors: Tensors
    # Whether callers send objects: the sample had names.
    is_named: bool
    # The sample's own, around which random rows are drawn.
    ranges: dict[str, tuple[Any, Any]]

    text = None

    @cached_property
    def elements(self) -> int:
        """The elements of all inputs."""
        return sum(math.prod(each.shape[1:]) for each in self.tensors.values())

    def __len__(self) -> int:
        return len(next(iter(self.tensors.values())))

    def take(self, places: Any) -> "Arrays":
        return replace(self, tensors={name: each[places] for name, each in self.tensors.items()})

    def join(self, other: "Arrays") -> "Arrays":
        return replace(self, tensors={name: np.concatenate([each, other.tensors[name]]) for name, each in self.tensors.items()})

    def groups(self, most: int | None = None) -> Groups:
        for places in in_chunks(len(self), self.elements, most):
            yield places, {name: each[places] for name, each in self.tensors.items()}

    def example(self, count: int) -> Tensors:
        return repeat(self, count)

    def draw(self, random: np.random.Generator, count: int) -> "Arrays":
        drawn = {
            name: draw_tensor(each.dtype, (count, *each.shape[1:]), self.ranges[name], random)
            for name, each in self.tensors.items()
        }
        return replace(self, tensors=drawn)

    def instances(self) -> list[Any]:
        values = {name: to_json(each) for name, each in self.tensors.items()}
        rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
        return rows if self.is_named else [list(each.values()) for each in rows]

    def describe(self, about: About, *, is_private: bool) -> dict[str, Any]:  # noqa: ARG002
        return {
            "inputs": [
                {"name": name, "datatype": DATATYPES[each.dtype.name], "shape": [-1, *each.shape[1:]]}
                for name, each in self.tensors.items()
            ],
            "features": [
                {
                    "name": name,
                    "description": about.descriptions.get(name, describe_value(each)),
                    **({"unit": about.units[name]} if name in about.units else {}),
                    "input": name,
                    "column": 0,
                    **({"shape": list(each.shape[1:])} if each.ndim > 1 else {}),
                }
                for name, each in self.tensors.items()
            ],
            "data": {"rows": len(self)},
        }


def describe_value(values: NDArray[Any]) -> str:
    """What callers send."""
    sizes = " by ".join(map(str, values.shape[1:]))
    return f"A tensor of {sizes} numbers." if sizes else "A number."


def draw_tensor(dtype: Any, shape: tuple[int, ...], span: tuple[Any, Any], random: np.random.Generator) -> NDArray[Any]:
    """Random elements between the least and the largest of the sample: beyond, an id has no vector."""
    low, high = span
    if dtype.kind == "f":
        return random.uniform(low, high, shape).astype(dtype)
    return random.integers(int(low), int(high), shape, endpoint=True).astype(dtype)


def to_json(values: NDArray[Any]) -> list[Any]:
    """Nested lists of the shortest decimals that read back as the numbers in their own dtype."""
    if values.dtype.kind != "f":
        return values.tolist()  # type: ignore[no-any-return]
    flat = np.array([to_number(value) for value in values.ravel()], object)
    return flat.reshape(values.shape).tolist()  # type: ignore[no-any-return]
