"""Builds the whole model of an estimator from its graph in float64."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper

import export

from ..about import Task
from ..columns import ONLY_INPUT, Columns
from ..labels import Label
from . import (
    bayes,
    calibration,
    clusters,
    composed,
    distances,
    donors,
    encoding,
    ensembles,
    extreme,
    features,
    forests,
    gaps,
    kernels,
    light,
    linear,
    networks,
    oblivious,
    powers,
    processes,
    scaling,
    several,
    splines,
    text,
)
from .graph import ML_DOMAIN, Graph, NoGraph, Rows, Table
from .registry import Decision, decide, decide_each, predict, transform

# Importing them registers their estimators.
REGISTERED = (
    bayes, calibration, clusters, composed, distances, donors, encoding, ensembles, extreme, features, forests, gaps, kernels,
    light, linear, networks, oblivious, powers, processes, scaling, several, splines, text,
)  # fmt: skip
LABEL, PROBABILITIES, VALUE = "label", "probabilities", "variable"
# The first version of the operators of trees that returns float64.
TREE_OPSET = 5
ELEMENTS = {
    "FP32": TensorProto.FLOAT,
    "FP64": TensorProto.DOUBLE,
    "INT64": TensorProto.INT64,
    "BOOL": TensorProto.BOOL,
    "BYTES": TensorProto.STRING,
    # Ids of its words.
    "TEXT": TensorProto.INT64,
}

# Those of the values of labels, by the kind of their NumPy type.
ELEMENTS_OF_KINDS = {
    **dict.fromkeys("iu", TensorProto.INT64),
    **dict.fromkeys("UTO", TensorProto.STRING),
    "f": TensorProto.DOUBLE,
    "b": TensorProto.BOOL,
}


def build_model(
    estimator: Any, task: Task, columns: Columns, *, has_probabilities: bool, several: Sequence[Label] = ()
) -> ModelProto:
    """The estimator as ONNX; raises NoGraph for what this packager has no graph for.

    A classifier's label is an index into its classes; `several` labels a row are themselves.
    """
    graph = Graph()
    taken = [name for label in several for name in (label.name, label.shares_name)] or [LABEL, PROBABILITIES, VALUE]
    rows, inputs = create_inputs(graph, columns, taken)
    outputs = []
    if several:
        outputs = name_each(graph, decide_each(graph, estimator, rows), several, has_probabilities=has_probabilities)
    elif task == "classification":
        decision = decide(graph, estimator, rows)
        if has_probabilities and decision.probabilities is None:
            raise NoGraph(f"no float64 graph for the probabilities of {type(estimator).__name__}")
        graph.name_output(decision.label, LABEL)
        outputs.append(helper.make_tensor_value_info(LABEL, TensorProto.INT64, [None]))
        if has_probabilities:
            graph.name_output(str(decision.probabilities), PROBABILITIES)
            outputs.append(helper.make_tensor_value_info(PROBABILITIES, TensorProto.DOUBLE, [None, None]))
    else:
        found = predict(graph, estimator, rows) if task == "regression" else transform(graph, estimator, rows)
        graph.name_output(graph.dense(found), VALUE)
        outputs.append(helper.make_tensor_value_info(VALUE, TensorProto.DOUBLE, [None, None]))
    return assemble(graph, inputs, outputs)


def name_each(
    graph: Graph, decisions: Sequence[Decision], several: Sequence[Label], *, has_probabilities: bool
) -> list[Any]:
    """An output for each label and, if it has some, one for the probabilities of its values."""
    outputs = []
    for label, decision in zip(several, decisions, strict=True):
        graph.name_output(graph.pick(to_elements(label.classes), decision.label), label.name)
        outputs.append(helper.make_tensor_value_info(label.name, ELEMENTS_OF_KINDS[label.classes.dtype.kind], [None]))
        if has_probabilities:
            if decision.probabilities is None:
                raise NoGraph(f"no float64 graph for the probabilities of {label.name}")
            graph.name_output(decision.probabilities, label.shares_name)
            outputs.append(helper.make_tensor_value_info(label.shares_name, TensorProto.DOUBLE, [None, None]))
    return outputs


def to_elements(classes: NDArray[Any]) -> NDArray[Any]:
    """The values of a label as a tensor of the weights holds them."""
    kind, known = classes.dtype.kind, classes.tolist()
    if kind not in ELEMENTS_OF_KINDS or (kind == "O" and not all(isinstance(each, str) for each in known)):
        raise NoGraph(f"no float64 graph for labels such as {known[0]!r}: expected numbers, booleans or strings")
    return classes.astype(np.int64 if kind in "iu" else np.object_ if kind in "UTO" else classes.dtype)


def create_inputs(graph: Graph, columns: Columns, taken: Sequence[str]) -> tuple[Rows, list[Any]]:
    """The rows that the graph starts with, and the declarations of its inputs; outputs have the names that are taken."""
    graph.reserved.update(taken)
    if not columns.is_split:
        element = ELEMENTS[columns.columns[0].datatype]
        info = helper.make_tensor_value_info(ONLY_INPUT, element, [None, len(columns.columns)])
        graph.reserved.add(ONLY_INPUT)
        return graph.to_double(ONLY_INPUT) if element != TensorProto.DOUBLE else ONLY_INPUT, [info]
    names = [f"given_{name}" if name in taken else name for name in columns.names]
    graph.reserved.update(names)
    datatypes = [column.datatype for column in columns.columns]
    infos = [
        helper.make_tensor_value_info(name, ELEMENTS[datatype], [None, None if datatype == "TEXT" else 1])
        for name, datatype in zip(names, datatypes, strict=True)
    ]
    levels = [find_levels(columns, name) for name in columns.names]
    times = [columns.times.get(name) for name in columns.names]
    spans = [
        (0.0, 0.0) if dtype is None else (float(np.nanmin(columns.sample[name])), float(np.nanmax(columns.sample[name])))
        for name, dtype in zip(columns.names, times, strict=True)
    ]
    values = [column.categories if column.datatype in ("BYTES", "INT64") else [] for column in columns.columns]
    return Table(names, datatypes, columns.names, levels, times, spans, values), infos


def find_levels(columns: Columns, name: str) -> list[Any] | None:
    """The levels of a column whose dtype is a categorical one of pandas."""
    dtype = columns.sample[name].dtype
    return list(dtype.categories) if hasattr(dtype, "categories") else None


def assemble(graph: Graph, inputs: list[Any], outputs: list[Any]) -> ModelProto:
    """The model with the oldest versions that have its operators."""
    has_trees = any(node.op_type == "TreeEnsemble" for node in graph.nodes)
    body = helper.make_graph(graph.nodes, "model", inputs, outputs, list(graph.constants.values()))
    versions = {"": export.OPSET, ML_DOMAIN: TREE_OPSET if has_trees else export.ML_OPSET}
    opsets = [helper.make_opsetid(domain, version) for domain, version in versions.items()]
    return helper.make_model(body, opset_imports=opsets, ir_version=export.IR_VERSION, producer_name="package_model")
