"""Transformers of columns: categories as numbers, columns by name, functions, unions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import check_array

from ..columns import MISSING
from .graph import ML_DOMAIN, Graph, NoGraph, Rows, Table
from .registry import refuse, require, transform, transforms

# The ONNX operators of functions, and constants that go before or after.
FUNCTIONS: dict[Any, str] = {
    np.log: "Log", np.exp: "Exp", np.sqrt: "Sqrt", np.abs: "Abs", np.negative: "Neg", np.reciprocal: "Reciprocal",
    np.sin: "Sin", np.cos: "Cos", np.tanh: "Tanh", np.floor: "Floor", np.ceil: "Ceil", np.sign: "Sign",
}  # fmt: skip


KNOWN = (
    "expected a function of NumPy such as log1p, log, exp, sqrt or clip. Compute the columns before fitting, and let callers "
    "send them or a hook (docs/guides/hooks.md) compute them"
)


def apply_function(graph: Graph, estimator: Any, function: Any, rows: Rows) -> str:
    """A known function of NumPy for each value."""
    dense = graph.dense(rows)
    # Histogram gradient boosting checks its numeric columns with a partial of check_array, which changes no value.
    if function is None or getattr(function, "func", None) is check_array:
        return dense
    if function is np.log1p:
        return graph("Log", graph("Add", dense, np.array([[1.0]])))
    if function is np.expm1:
        return graph("Sub", graph("Exp", dense), np.array([[1.0]]))
    if function is np.square:
        return graph("Mul", dense, dense)
    if function in (np.log10, np.log2):
        return graph("Div", graph("Log", dense), np.array([[float(np.log(10.0 if function is np.log10 else 2.0))]]))
    if function is np.cbrt:
        root = graph("Pow", graph("Abs", dense), np.array([[1 / 3]]))
        return graph("Mul", graph("Sign", dense), root)
    name = getattr(function, "__name__", repr(function))
    if function not in FUNCTIONS:
        refuse(estimator, f"with the function {name}: {KNOWN}")
    return graph(FUNCTIONS[function], dense)


@transforms("FunctionTransformer")
def transform_function(graph: Graph, estimator: Any, rows: Rows) -> Rows:
    """A known function, or the rows as they are."""
    if estimator.func is None:
        return rows
    if estimator.func is np.clip:
        return clip(graph, estimator, rows)
    require(not estimator.kw_args, estimator, f"with kw_args: {KNOWN}")
    return apply_function(graph, estimator, estimator.func, rows)


def clip(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Values within bounds, either of which may be left out."""
    bounds, dense = dict(estimator.kw_args or {}), graph.dense(rows)
    for kind, names in (("Max", ("a_min", "min")), ("Min", ("a_max", "max"))):
        bound = next((bounds.pop(name) for name in names if bounds.get(name) is not None), None)
        require(bound is None or np.ndim(bound) == 0, estimator, "that clips each column by itself")
        dense = dense if bound is None else graph(kind, dense, np.array([[float(str(bound))]]))
    require(not any(each is not None for each in bounds.values()), estimator, f"of clip with {', '.join(bounds)}")
    return dense


@transforms("ColumnTransformer")
def transform_columns(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Each transformer's columns, side by side."""
    parts = []
    for name, each, _ in estimator.transformers_:
        places = estimator._transformer_to_input_indices[name]
        if isinstance(each, str) and each == "drop" or len(places) == 0:
            continue
        weight = (estimator.transformer_weights or {}).get(name, 1.0)
        chosen = graph.columns(rows, places)
        part = graph.dense(chosen if isinstance(each, str) else transform(graph, each, chosen))
        parts.append(part if weight == 1.0 else graph("Mul", part, np.array([[float(weight)]])))
    require(len(parts) > 0, estimator, "without columns")
    return graph.join(parts)


@transforms("FeatureUnion")
def transform_union(graph: Graph, estimator: Any, rows: Rows) -> str:
    """All transformers' columns, side by side."""
    require(not estimator.transformer_weights, estimator, "with weights")
    return graph.join(
        [
            graph.dense(rows if each == "passthrough" else transform(graph, each, rows))
            for _, each in estimator.transformer_list
            if not (isinstance(each, str) and each == "drop")
        ]
    )


def is_missing(category: Any) -> bool:
    """Whether a category stands for missing values."""
    return category is None or (isinstance(category, float) and bool(np.isnan(category)))


def find_categories(graph: Graph, rows: Rows, place: int, categories: Sequence[Any]) -> str:
    """The index of each row's category [rows], -1 for any other."""
    kinds = np.asarray(categories, dtype=object)
    if isinstance(rows, Table) and rows.datatypes[place] == "BYTES":
        keys = [MISSING if is_missing(category) else category for category in kinds]
        if not all(isinstance(key, str) for key in keys) or len(set(keys)) < len(keys):
            raise NoGraph(f"the categories of {rows.names[place]} are not all strings, with one for those missing")
        column = graph("Reshape", rows.tensors[place], np.array([-1]))
        return graph(
            "LabelEncoder",
            column,
            domain=ML_DOMAIN,
            keys_strings=keys,
            values_int64s=list(range(len(kinds))),
            default_int64=-1,
        )
    numbers = np.asarray(categories).astype(np.float64)
    column = graph.dense(graph.columns(rows, [place]))
    is_each = graph("Equal", column, numbers[None])
    if np.isnan(numbers).any():
        is_each = graph("Or", is_each, graph("And", graph("IsNaN", column), np.isnan(numbers)[None]))
    marks = graph.to_double(is_each)
    # An index counted from 1, so that no category gives 0.
    return graph.to_places(graph.affine(marks, np.arange(1.0, len(numbers) + 1)[:, None], -1.0))


@transforms("OneHotEncoder")
def transform_one_hot(graph: Graph, estimator: Any, rows: Rows) -> str:
    """A column for each category, without those dropped; rare ones share the last."""
    parts = []
    for place, categories in enumerate(estimator.categories_):
        table, width, other = list_outputs(estimator, place, len(categories))
        # Index -1 reads the last entry of the table, which stands for unknown categories.
        found = graph.pick(np.append(table, other), find_categories(graph, rows, place, categories))
        marks = graph.one_hot(found, width)
        dropped = None if estimator.drop_idx_ is None else estimator.drop_idx_[place]
        if dropped is not None:
            dropped = int(table[int(dropped)])
            kept = [column for column in range(width) if column != dropped]
            if not kept:
                continue
            marks = str(graph.columns(marks, kept))
        parts.append(marks)
    return graph.join(parts)


def list_outputs(estimator: Any, place: int, count: int) -> tuple[NDArray[np.int64], int, int]:
    """The column of each category, the number of columns, and the column of unknown categories, -1 for none."""
    mappings = getattr(estimator, "_default_to_infrequent_mappings", None)
    mapping = None if mappings is None else mappings[place]
    table = np.arange(count) if mapping is None else np.asarray(mapping, np.int64)
    width = int(table.max()) + 1
    takes_rare = mapping is not None and estimator.handle_unknown == "infrequent_if_exist"
    return table, width, width - 1 if takes_rare else -1


@transforms("OrdinalEncoder")
def transform_ordinal(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The index of each category as a number."""
    parts = []
    for place, categories in enumerate(estimator.categories_):
        table, _, _ = list_outputs(estimator, place, len(categories))
        values = table.astype(np.float64)
        values[np.array([is_missing(each) for each in categories], np.bool_)] = estimator.encoded_missing_value
        other = estimator.unknown_value if estimator.handle_unknown == "use_encoded_value" else np.nan
        found = find_categories(graph, rows, place, categories)
        parts.append(graph("Reshape", graph.pick(np.append(values, float(other)), found), np.array([-1, 1])))
    return graph.join(parts)


@transforms("TargetEncoder")
def transform_target(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean target of each category; the overall mean for others."""
    many = estimator.target_type_ == "multiclass"
    width = len(estimator.classes_) if many else 1
    parts = []
    for place, categories in enumerate(estimator.categories_):
        found = find_categories(graph, rows, place, categories)
        for target in range(width):
            default = estimator.target_mean_[target] if many else estimator.target_mean_
            values = np.append(np.asarray(estimator.encodings_[place * width + target], np.float64), float(default))
            parts.append(graph("Reshape", graph.pick(values, found), np.array([-1, 1])))
    return graph.join(parts)
