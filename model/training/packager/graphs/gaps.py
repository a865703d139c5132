"""Missing values: filled, or marked."""

from dataclasses import replace
from typing import Any

import numpy as np
from onnx import TensorProto

from ..columns import MISSING
from .encoding import is_missing
from .graph import ML_DOMAIN, Graph, Rows, Table
from .registry import predict, require, transforms


@transforms("SimpleImputer")
def transform_gaps(graph: Graph, estimator: Any, rows: Rows) -> Rows:
    """Missing values replaced; columns without any value in training left out."""
    if isinstance(rows, Table) and "BYTES" in rows.datatypes:
        return fill_words(graph, estimator, rows)
    missing = estimator.missing_values
    require(isinstance(missing, int | float), estimator, f"with missing_values={missing!r}")
    require(np.asarray(estimator.statistics_).dtype.kind in "fiu", estimator, "of words")
    dense = graph.dense(rows)
    statistics = np.asarray(estimator.statistics_, np.float64)
    marks = mark_missing(graph, dense, float(missing))
    kept = np.flatnonzero(~np.isnan(statistics)) if not estimator.keep_empty_features else np.arange(len(statistics))
    filled = graph.where(marks, np.nan_to_num(statistics)[None], dense)
    filled = filled if len(kept) == len(statistics) else str(graph.columns(filled, kept))
    if estimator.indicator_ is None:
        return filled
    return graph.join([filled, str(transform_indicator(graph, estimator.indicator_, dense))])


@transforms("MissingIndicator")
def transform_indicator(graph: Graph, estimator: Any, rows: Rows) -> str:
    """1 where a value is missing."""
    marks = graph.to_double(mark_missing(graph, graph.dense(rows), float(estimator.missing_values)))
    return str(graph.columns(marks, estimator.features_))


@transforms("IterativeImputer")
def transform_in_rounds(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Missing values predicted from the other columns, column by column, in the rounds of the fit."""
    require(not estimator.sample_posterior, estimator, "with sample_posterior=True, which draws its answers")
    require(not np.isnan(estimator.initial_imputer_.statistics_).any(), estimator, "with empty columns")
    dense = graph.dense(rows)
    marks = mark_missing(graph, dense, float(estimator.missing_values))
    filled = str(transform_gaps(graph, estimator.initial_imputer_, dense))
    width = estimator.n_features_in_
    is_missing, columns = ([str(graph.columns(each, [place])) for place in range(width)] for each in (marks, filled))
    for place, others, part in estimator.imputation_sequence_:
        found = predict(graph, part, graph.join([columns[each] for each in others]))
        low, high = (np.array([[bounds[place]]], np.float64) for bounds in (estimator._min_value, estimator._max_value))
        columns[place] = graph.where(is_missing[place], graph("Min", graph("Max", found, low), high), columns[place])
    if estimator.indicator_ is not None:
        columns.append(str(transform_indicator(graph, estimator.indicator_, dense)))
    return graph.join(columns)


def mark_missing(graph: Graph, dense: str, missing: float) -> str:
    """Which values are missing."""
    return graph("IsNaN", dense) if np.isnan(missing) else graph("Equal", dense, np.array([[missing]]))


def fill_words(graph: Graph, estimator: Any, rows: Table) -> Table:
    """Missing strings replaced; numbers next to them are filled as well."""
    require(estimator.indicator_ is None, estimator, "of words with add_indicator")
    require(len(estimator.statistics_) == len(rows.tensors), estimator, "with empty columns")
    filled = []
    for tensor, datatype, value in zip(rows.tensors, rows.datatypes, estimator.statistics_, strict=True):
        if datatype == "BYTES":
            require(isinstance(value, str), estimator, f"that fills strings with {value!r}")
            filled.append(fill_word(graph, estimator, tensor, value))
            continue
        require(datatype != "FP64" or is_missing(estimator.missing_values), estimator, "of words and numbers")
        filled.append(graph.where(graph("IsNaN", tensor), float(value), tensor) if datatype == "FP64" else tensor)
    return replace(rows, tensors=filled)


def fill_word(graph: Graph, estimator: Any, tensor: str, value: str) -> str:
    """One column with the value in place of what counts as missing."""
    missing = estimator.missing_values
    key = MISSING if is_missing(missing) else missing
    require(isinstance(key, str), estimator, f"with missing_values={missing!r}")
    coding = {"keys_strings": [key], "values_int64s": [1], "default_int64": 0}
    marks = graph("LabelEncoder", tensor, domain=ML_DOMAIN, **coding)
    return graph.where(graph("Cast", marks, to=TensorProto.BOOL), np.array([[value]], np.object_), tensor)
