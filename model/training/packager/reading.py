"""Reads a sample, a frame or an array of numbers, and rejects values that JSON cannot carry."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .columns import MISSING, ONLY_INPUT, Column, Columns, Unsupported, to_sent
from .missing import is_gap, require_one_gap, show_value
from .times import CURE, is_time, to_seconds

LARGEST_FLOAT32 = float(np.finfo(np.float32).max)
# Most JSON readers, including the endpoint, read numbers as float64.
LARGEST_INTEGER = 2**53 - 1
TEXT = "expected a frame, or a pipeline that starts with TfidfVectorizer or CountVectorizer"
WANTED = "expected numbers, booleans or strings"
FLAG_CURE = "A boolean cannot be missing in a tensor: convert the column with astype(float) before fitting"


def read_columns(sample: Any, names: Sequence[str] | None, *, is_split: bool, takes_texts: bool = False) -> Columns:
    """Reads the columns of a frame, of an array [rows, features] with separate names, or of a list of texts."""
    if is_list_of_texts(sample):
        if not takes_texts:
            raise Unsupported(f"the sample is a list of texts: {TEXT}")
        return read_texts(sample, names)
    frame = sample if isinstance(sample, pd.DataFrame) else read_array(sample, names)
    if frame.size == 0:
        raise Unsupported(f"the sample has the shape {frame.shape}: expected [rows, features], at least one of each")
    features = [str(name) for name in frame.columns]
    require_names(features)
    rows = frame.set_axis(features, axis=1).reset_index(drop=True)
    may_date = is_split and isinstance(sample, pd.DataFrame)
    times = {name: rows[name].dtype for name in features if may_date and is_time(rows[name].dtype)}
    for name in times:
        require_microseconds(name, rows[name])
    rows = rows.assign(**{name: to_seconds(rows[name]) for name in times})
    if not isinstance(sample, pd.DataFrame):
        return Columns(
            [read_number(name, rows[name]) for name in features],
            rows,
            is_split,
            None,
            name_tensors(features, is_split=is_split),
        )
    is_split = is_split or not all(is_number(dtype) for dtype in rows.dtypes) or has_two_precisions(rows)
    read = read_column if is_split else read_number
    columns = [read(name, rows[name]) for name in features]
    return Columns(columns, rows, is_split, frame.columns, name_tensors(features, is_split=is_split), times=times)


def is_list_of_texts(sample: Any) -> bool:
    """Whether the sample has a text for each row, and no columns."""
    is_flat = isinstance(sample, list | tuple | pd.Series) or (isinstance(sample, np.ndarray) and sample.ndim == 1)
    return is_flat and len(sample) > 0 and isinstance(next(iter(sample)), str)


def read_texts(sample: Any, names: Sequence[str] | None) -> Columns:
    """Reads a list of texts as the only column, named like a series."""
    given = [getattr(sample, "name", None) or "text"] if names is None else list_names(names)
    if len(given) != 1:
        raise Unsupported(f"expected one feature name for a list of texts, got {len(given)} names")
    (name,) = given
    require_names([str(name)])
    rows = pd.DataFrame({str(name): pd.Series(list(sample), dtype=object)})
    return Columns([read_column(str(name), rows[str(name)])], rows, True, None, [str(name)], is_vector=True)


def has_two_precisions(rows: pd.DataFrame) -> bool:
    """Whether some columns are float32 and others are not: no tensor holds both."""
    return len({read_number(name, rows[name]).datatype for name in rows.columns}) > 1


def name_tensors(features: Sequence[str], *, is_split: bool) -> list[str]:
    """The input names to request from the converter."""
    return list(features) if is_split else [ONLY_INPUT]


def read_array(sample: Any, names: Sequence[str] | None) -> pd.DataFrame:
    """Reads an array of numbers as a frame."""
    if hasattr(sample, "toarray"):
        raise Unsupported(f"the sample is a sparse {type(sample).__name__}: expected a frame or an array. Call toarray()")
    if hasattr(sample, "to_pandas"):
        raise Unsupported(f"the sample is a {type(sample).__name__} of {library_of(sample)}: pass sample.to_pandas()")
    if not hasattr(sample, "__array__") and not isinstance(sample, list | tuple):
        shown = show_value(sample) if isinstance(sample, str | Path | int | float) else type(sample).__name__
        raise Unsupported(f"expected the rows of the fit as a frame or an array, got {shown}")
    try:
        array = np.asarray(sample)
        if array.dtype.kind not in "biufO":
            raise TypeError(f"it has the dtype {array.dtype}")
        array.astype(np.float64)
    except (TypeError, ValueError) as failure:
        raise Unsupported(
            f"the sample is not an array of numbers: {str(failure).rstrip('.')}. Pass strings and mixed columns in a frame"
        ) from failure
    if array.ndim != 2:
        cure = "" if array.ndim != 1 else ". Pass the values of one feature as a frame, or with reshape(-1, 1)"
        raise Unsupported(f"the sample has the shape {array.shape}: expected [rows, features]{cure}")
    known = list_names(names) if names is not None else [f"x{index}" for index in range(array.shape[1])]
    if len(known) != array.shape[1]:
        raise Unsupported(f"expected a name for each of {array.shape[1]} features, got {len(known)} names")
    return pd.DataFrame(array, columns=known)


def library_of(given: Any) -> str:
    """The package that a value's class comes from."""
    return type(given).__module__.partition(".")[0]


def list_names(names: Any) -> list[Any]:
    """The owner's names of features; one string is no list of letters."""
    if isinstance(names, str | bytes) or not isinstance(names, Iterable):
        raise Unsupported(f"feature_names must be a list of strings, got {show_value(names)}")
    return list(names)


def require_names(names: Sequence[str]) -> None:
    """Names must be distinct and valid as keys of an instance, which is a JSON object."""
    twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if twice is not None:
        raise Unsupported(f"two columns have the name {twice!r} as text: expected distinct names. Rename one")
    for name in ("", "__proto__"):
        if name in names:
            raise Unsupported(f"a column has the name {name!r}, which cannot be a key of an instance. Rename it")


def read_column(name: str, series: "pd.Series[Any]") -> Column:
    """Reads a column according to its dtype."""
    # Objects that are all numbers or all booleans are read as these.
    inferred = series.infer_objects()
    if is_number(inferred.dtype) or pd.api.types.is_bool_dtype(inferred.dtype):
        series = inferred
    dtype, has_gaps = series.dtype, bool(series.isna().any())
    if isinstance(dtype, pd.CategoricalDtype):
        return read_levels(name, series, dtype)
    if pd.api.types.is_bool_dtype(dtype) and not has_gaps:
        return Column(name, "BOOL", to_sent(series, "BOOL"))
    if pd.api.types.is_integer_dtype(dtype) and not has_gaps:
        return read_integer(name, series)
    if is_number(dtype):
        return read_number(name, series)
    values = series.to_numpy(np.object_)
    if all(isinstance(value, str) or is_gap(value) for value in values):
        require_one_gap(name, values)
        require_unicode(name, values)
        return Column(name, "BYTES", values)
    are_flags = all(is_gap(value) or isinstance(value, bool | np.bool_) for value in values)
    strange = next(value for value in values if (is_gap(value) if are_flags else not isinstance(value, str)))
    cure = FLAG_CURE if are_flags else find_cure(strange)
    raise Unsupported(f"the column {name} has {show_value(strange)} among its values (dtype {dtype}): {WANTED}. {cure}")


def require_microseconds(name: str, series: "pd.Series[Any]") -> None:
    """Rejects times that float64 does not hold as seconds since 1970."""
    if not series.equals(series.dt.round("us")):
        raise Unsupported(f"the column {name} has parts of a microsecond: round them before fitting, with dt.round('us')")


def read_levels(name: str, series: "pd.Series[Any]", dtype: pd.CategoricalDtype) -> Column:
    """Reads a column of a categorical dtype by what its categories are; a missing string is an empty one."""
    levels, has_gaps = list(dtype.categories), bool(series.isna().any())
    if all(isinstance(level, str) for level in levels):
        if has_gaps and MISSING in levels:
            raise Unsupported(f"the column {name} has missing and empty strings: expected one of the two. Rename the empty category")
        return Column(name, "BYTES", to_sent(series, "BYTES"))
    plain = pd.Series(series.to_numpy(np.object_), series.index)
    if not is_number(dtype.categories.dtype):
        return read_column(name, plain.infer_objects())
    return read_column(name, plain.astype(np.float64 if has_gaps else dtype.categories.dtype))


def require_unicode(name: str, values: NDArray[Any]) -> None:
    """Rejects halves of surrogate pairs, which neither JSON in UTF-8 nor a tensor holds."""
    try:
        "".join(value for value in values if isinstance(value, str)).encode()
    except UnicodeEncodeError as failure:
        part = failure.object[failure.start]
        raise Unsupported(
            f"the column {name} has {part!r} in its texts, which is not Unicode: expected text that UTF-8 can encode. "
            'Read the file with the right encoding, or replace it with .str.encode("utf-8", "replace").str.decode("utf-8")'
        ) from failure


def find_cure(strange: Any) -> str:
    """What to do about a value that no tensor can hold."""
    if is_gap(strange):
        return "Replace missing values by a string of their own, or convert the column with astype(float), before fitting"
    if isinstance(strange, bool | np.bool_):
        return FLAG_CURE
    if isinstance(strange, Decimal | Fraction):
        return "Convert the column with astype(float) before fitting"
    if isinstance(strange, bytes):
        return "Convert the column to strings with .str.decode before fitting"
    if isinstance(strange, complex | np.complexfloating):
        return "JSON has no complex numbers: fit on real and imaginary parts"
    if hasattr(strange, "__len__"):
        return "Give each element a column of its own before fitting"
    if isinstance(strange, int | float | np.number):
        return "Convert the column to a numeric dtype with astype before fitting, or make all its values strings"
    if hasattr(strange, "days"):
        return "JSON has no dates or times. Make seconds of it before fitting, with dt.total_seconds()"
    if hasattr(strange, "year"):
        return f"JSON has no dates or times. {CURE}"
    return "Convert the column before fitting"


def is_number(dtype: Any) -> bool:
    """Whether a dtype is numeric, so its values can go into a tensor of numbers; booleans are not."""
    return bool(pd.api.types.is_float_dtype(dtype) or pd.api.types.is_integer_dtype(dtype))


def read_integer(name: str, series: "pd.Series[Any]") -> Column:
    """Reads integers; JSON readers round those beyond 2^53 - 1, so the endpoint rejects them."""
    too_large = [int(value) for value in (series.min(), series.max()) if abs(int(value)) > LARGEST_INTEGER]
    if not too_large:
        return Column(name, "INT64", to_sent(series, "INT64"))
    rounded = (f"{value}, which becomes {int(float(value))}" for value in map(int, series) if int(float(value)) != value)
    example = next(rounded, str(too_large[0]))
    raise Unsupported(
        f"the column {name} has integers that JSON readers round, such as {example}: "
        f"expected at most {LARGEST_INTEGER} (2^53 - 1). Convert the column to strings or subtract an offset before fitting"
    )


def read_number(name: str, series: "pd.Series[Any]") -> Column:
    """Reads a column of floating-point numbers; JSON has no infinity."""
    # An estimator that was fitted on float32 must get float32: 0.6 in JSON is another float64.
    is_narrow = getattr(series.dtype, "itemsize", 8) < 8 and pd.api.types.is_float_dtype(series.dtype)
    column = Column(name, "FP32" if is_narrow else "FP64", to_sent(series, "FP64"))
    if len(column.present) == 0:
        raise Unsupported(f"the column {name} has no values: expected at least one. Leave the column out")
    infinite = np.isinf(column.present)
    if not infinite.any():
        return column
    value = float(column.present[infinite][0])
    raise Unsupported(
        f"the column {name} has {value!r}, which JSON cannot carry: expected finite numbers. Drop such rows before fitting"
    )


def require_float32(columns: Columns) -> None:
    """Rejects numbers beyond the range of float32, which ends at 3.4e38."""
    for column in columns.columns:
        too_large = np.abs(column.present) > LARGEST_FLOAT32 if column.datatype == "FP32" else np.zeros(1, np.bool_)
        if too_large.any():
            raise Unsupported(
                f"the column {column.name} has {float(column.present[too_large][0])!r}, which becomes infinite in float32: "
                f"expected at most {LARGEST_FLOAT32:.3g}. Rescale the column before fitting, or leave precision out"
            )
