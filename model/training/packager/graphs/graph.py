"""A graph under construction: nodes that refer to one another by name, with float64 constants."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

from ..columns import Datatype, Unsupported

ML_DOMAIN = "ai.onnx.ml"


class NoGraph(Unsupported):
    """This packager builds no graph of its own for an estimator; a library's converter may have one."""


class Refused(Unsupported):
    """No converter has the right answers for an estimator, so none is asked; the message says what to do."""


@dataclass(frozen=True)
class Table:
    """Columns of several datatypes, each with a tensor [rows, 1]; `levels` are those of a categorical dtype of pandas."""

    tensors: Sequence[str]
    datatypes: Sequence[Datatype]
    names: Sequence[str]
    levels: Sequence[list[Any] | None]
    # The dtype of columns of dates, and the first and last of them.
    times: Sequence[Any] = ()
    spans: Sequence[tuple[float, float]] = ()
    # The distinct values of whole numbers and strings in the sample.
    values: Sequence[list[Any]] = ()

    def select(self, places: Sequence[int]) -> "Table":
        """Some of the columns."""
        return Table(
            *(
                [members[at] for at in places] if members else []
                for members in (self.tensors, self.datatypes, self.names, self.levels, self.times, self.spans, self.values)
            )
        )


# A float64 tensor [rows, columns], or columns of several datatypes.
Rows = str | Table


@dataclass
class Graph:
    """Adds nodes on call; arrays among the inputs become constants."""

    nodes: list[NodeProto] = field(default_factory=list)
    constants: dict[tuple[Any, ...], TensorProto] = field(default_factory=dict)
    reserved: set[str] = field(default_factory=set)

    def __call__(self, kind: str, *inputs: Any, domain: str = "", **attributes: Any) -> str:
        """Adds a node with one output, and returns the output's name."""
        name = self.free_name(f"{kind.lower()}_{len(self.nodes)}")
        given = [each if isinstance(each, str) else self.constant(each) for each in inputs]
        self.nodes.append(helper.make_node(kind, given, [name], domain=domain, **attributes))
        return name

    def constant(self, value: Any) -> str:
        """The name of a constant; equal ones share it."""
        array = np.asarray(value)
        array = array.astype(np.float64) if array.dtype.kind == "f" else array
        # The bytes of an array of objects are addresses.
        content = tuple(array.ravel()) if array.dtype == np.object_ else array.tobytes()
        key = (array.dtype.str, array.shape, content)
        if key not in self.constants:
            self.constants[key] = numpy_helper.from_array(array, self.free_name(f"constant_{len(self.constants)}"))
        return self.constants[key].name

    def free_name(self, name: str) -> str:
        """A name that no input has."""
        while name in self.reserved:
            name += "_"
        return name

    def name_output(self, tensor: str, name: str) -> None:
        """Makes a tensor an output of the graph."""
        self.nodes.append(helper.make_node("Identity", [tensor], [name]))

    def dense(self, rows: Rows) -> str:
        """All columns as one float64 tensor; strings have none."""
        if isinstance(rows, str):
            return rows
        strange = next((name for name, each in zip(rows.names, rows.datatypes, strict=True) if each in ("BYTES", "TEXT")), None)
        if strange is not None:
            raise NoGraph(f"the column {strange} has strings where numbers are expected")
        dated = next((name for name, dtype in zip(rows.names, rows.times, strict=False) if dtype is not None), None)
        if dated is not None:
            raise NoGraph(f"the column {dated} has dates where numbers are expected")
        return self.join(list(map(self.known, rows.tensors, rows.levels)))

    def known(self, tensor: str, levels: list[Any] | None) -> str:
        """A column of numbers in float64; one that is none of its levels is missing, as pandas reads it."""
        number = self.to_double(tensor)
        if levels is None:
            return number
        is_each = self.to_double(self("Equal", number, np.asarray(levels, np.float64)[None]))
        return self.where(self("Greater", self.sum(is_each), np.array([[0.0]])), number, np.array([[np.nan]]))

    def columns(self, rows: Rows, places: Sequence[int]) -> Rows:
        """Some of the columns."""
        if isinstance(rows, Table):
            return rows.select(places)
        return self("Gather", rows, np.asarray(places, np.int64), axis=1)

    def join(self, parts: Sequence[str]) -> str:
        """Tensors side by side."""
        return parts[0] if len(parts) == 1 else self("Concat", *parts, axis=1)

    def to_double(self, tensor: str) -> str:
        """The tensor in float64."""
        return self("Cast", tensor, to=TensorProto.DOUBLE)

    def to_places(self, tensor: str) -> str:
        """Booleans or numbers [rows, 1] as indices [rows]."""
        return self("Reshape", self("Cast", tensor, to=TensorProto.INT64), np.array([-1]))

    def as_float32(self, tensor: str) -> str:
        """The nearest float32, held as float64: what scikit-learn's trees read."""
        return self.to_double(self("Cast", tensor, to=TensorProto.FLOAT))

    def sum(self, tensor: str) -> str:
        """The sum of each row, shape [rows, 1]."""
        return self("ReduceSum", tensor, np.array([1]), keepdims=1)

    def first_largest(self, tensor: str) -> str:
        """The index of the first of each row's largest numbers, shape [rows]."""
        return self("ArgMax", tensor, axis=1, keepdims=0)

    def pick(self, table: NDArray[Any], places: str) -> str:
        """The row of a table for each index."""
        return self("Gather", self.constant(table), places, axis=0)

    def where(self, condition: str, yes: Any, no: Any) -> str:
        """One of two values in each place."""
        return self("Where", condition, yes, no)

    def affine(self, tensor: str, weights: NDArray[Any], offset: Any) -> str:
        """`tensor @ weights + offset`."""
        product = self("MatMul", tensor, np.asarray(weights, np.float64))
        return self("Add", product, np.atleast_1d(np.asarray(offset, np.float64)))

    def one_hot(self, places: str, width: int) -> str:
        """1.0 in the column of each row's index, shape [rows, width]."""
        column = self("Reshape", places, np.array([-1, 1]))
        return self.to_double(self("Equal", column, np.arange(width)[None]))
