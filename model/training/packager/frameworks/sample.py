"""Reads the sample of a network: arrays, tensors, frames, or several inputs by name."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..answers import first_line
from ..columns import Unsupported
from ..missing import show_value
from ..reading import LARGEST_INTEGER, read_columns
from .rows import DATATYPES, Arrays
from .table_rows import Table

INPUT = "X"


def read_rows(
    sample: Any, names: Sequence[str] | None, inputs: Sequence[str], floats: Any, *, are_floats: bool = False
) -> Table | Arrays:
    """The rows of a sample.

    `inputs` are the names that the network gives its inputs; `floats` is the dtype of its weights, which its floating-point
    inputs get. With `are_floats`, integers become such numbers, too.
    """
    if are_floats:
        sample = to_floats(sample, floats)
    if isinstance(sample, Mapping):
        return read_arrays({str(name): each for name, each in sample.items()}, floats, is_named=True)
    if isinstance(sample, tuple | list) and len(sample) > 0 and all(hasattr(each, "shape") for each in sample):
        if len(sample) > 1 and all(np.ndim(each) > 0 for each in sample):
            if len(inputs) < len(sample):
                raise Unsupported(
                    f"the sample has {len(sample)} inputs, the network takes {len(inputs)}: pass a dict by their names"
                )
            return read_arrays(dict(zip(inputs, sample, strict=False)), floats, is_named=True)
        sample = sample[0] if len(sample) == 1 else sample
    if isinstance(sample, pd.DataFrame):
        return read_table(read_frame(sample, floats), None)
    array = to_array(sample, "the sample")
    if array.ndim == 2 and array.dtype.kind == "f":
        return read_table(cast(array, floats), names)
    return read_arrays({(inputs or [INPUT])[0]: array}, floats, is_named=False)


def read_table(sample: Any, names: Sequence[str] | None) -> Table:
    """Numbers in columns, which callers send by name or in order."""
    columns = read_columns(sample, names, is_split=False)
    return Table(columns, columns.tensors[0])


def read_frame(frame: pd.DataFrame, floats: Any) -> pd.DataFrame:
    """A frame of numbers."""
    strange = [name for name, dtype in frame.dtypes.items() if not (pd.api.types.is_numeric_dtype(dtype))]
    if strange:
        raise Unsupported(
            f"the column {strange[0]} has the dtype {frame.dtypes[strange[0]]}: expected numbers, which networks take. "
            "Encode it before the network, as one column for each word"
        )
    try:
        return frame.astype(floats)
    except (TypeError, ValueError) as failure:
        raise Unsupported(f"the frame has values that are no numbers: {first_line(failure)}. Fill missing ones before") from failure


def read_arrays(tensors: Mapping[str, Any], floats: Any, *, is_named: bool) -> Arrays:
    """Inputs of any shape, each with a first dimension that counts rows."""
    read = {name: cast(to_array(each, f"the input {name}"), floats) for name, each in tensors.items()}
    if len(read) == 0:
        raise Unsupported("the sample has no inputs: expected an array for each")
    for name, array in read.items():
        if array.ndim == 0 or array.size == 0:
            raise Unsupported(f"the input {name} has the shape {array.shape}: expected [rows, …], at least one of each")
        require_numbers(name, array)
    counts = {name: len(array) for name, array in read.items()}
    if len(set(counts.values())) > 1:
        listed = ", ".join(f"{name} has {count}" for name, count in counts.items())
        raise Unsupported(f"the inputs have different numbers of rows: {listed}. Expected as many of each")
    return Arrays(read, is_named, {name: (array.min(), array.max()) for name, array in read.items()})


def to_array(given: Any, title: str) -> NDArray[Any]:
    """An array of numbers from a tensor of any framework, on any device, or from nested lists."""
    if hasattr(given, "detach"):
        given = given.detach().cpu()
        if str(given.dtype) == "torch.bfloat16":
            raise Unsupported(f"{title} is bfloat16, which JSON readers and NumPy lack: pass it as float32")
    if given is None or isinstance(given, str) or hasattr(given, "batch_size"):
        raise Unsupported(f"{title} is {show_type(given)}: expected an array or a tensor of the shape [rows, …]")
    try:
        array = np.asarray(given)
    except (ValueError, TypeError) as failure:
        raise Unsupported(f"{title} has rows of different shapes: expected one array of the shape [rows, …]") from failure
    if array.dtype.kind not in "biuf":
        kind = f"has values such as {show_value(array.ravel()[0])}" if array.size > 0 else f"has the dtype {array.dtype}"
        raise Unsupported(f"{title} {kind}: expected numbers. A text needs a model of language with its tokenizer, as a pair")
    return array


def show_type(given: Any) -> str:
    """A value of no use, in a few words."""
    return repr(given)[:60] if given is None or isinstance(given, str) else f"a {type(given).__name__}"


def cast(array: NDArray[Any], floats: Any) -> NDArray[Any]:
    """Floating-point numbers in the dtype of the network's weights; integers in one that cards have."""
    if array.dtype.kind == "f":
        return array.astype(floats)
    return array if array.dtype.name in DATATYPES else array.astype(np.int64)


def require_numbers(name: str, array: NDArray[Any]) -> None:
    """Rejects what JSON cannot carry."""
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        strange = float(array[~np.isfinite(array)][0])
        raise Unsupported(f"the input {name} has {strange!r}: expected finite numbers. Drop such rows")
    if array.dtype.kind in "iu" and np.abs(array.astype(np.float64)).max() > LARGEST_INTEGER:
        raise Unsupported(f"the input {name} has integers beyond 2^53 - 1, which JSON readers round: expected smaller ones")


def to_floats(sample: Any, floats: Any) -> Any:
    """The same sample with floating-point numbers in place of integers, for a network that takes only these."""
    if isinstance(sample, Mapping):
        return {name: to_array(each, f"the input {name}").astype(floats) for name, each in sample.items()}
    if isinstance(sample, tuple | list) and all(hasattr(each, "shape") for each in sample):
        return [to_array(each, "an input").astype(floats) for each in sample]
    return sample if isinstance(sample, pd.DataFrame) else to_array(sample, "the sample").astype(floats)
