"""Builds the whole model of an estimator from its graph in float64."""

from typing import Any

from onnx import ModelProto, TensorProto, helper

import export

from ..about import Task
from ..columns import ONLY_INPUT, Columns
from . import (
    bayes,
    calibration,
    clusters,
    composed,
    distances,
    encoding,
    ensembles,
    extreme,
    forests,
    gaps,
    kernels,
    light,
    linear,
    networks,
    oblivious,
    powers,
    scaling,
    text,
)
from .graph import ML_DOMAIN, Graph, NoGraph, Rows, Table
from .registry import decide, predict, transform

# Importing them registers their estimators.
REGISTERED = (
    bayes, calibration, clusters, composed, distances, encoding, ensembles, extreme, forests, gaps, kernels, light, linear,
    networks, oblivious, powers, scaling, text,
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


def build_model(estimator: Any, task: Task, columns: Columns, *, has_probabilities: bool) -> ModelProto:
    """The estimator as ONNX; raises NoGraph for what this packager has no graph for.

    A classifier's label is an index into its classes.
    """
    graph = Graph()
    rows, inputs = create_inputs(graph, columns)
    outputs = []
    if task == "classification":
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


def create_inputs(graph: Graph, columns: Columns) -> tuple[Rows, list[Any]]:
    """The rows that the graph starts with, and the declarations of its inputs."""
    if not columns.is_split:
        element = ELEMENTS[columns.columns[0].datatype]
        info = helper.make_tensor_value_info(ONLY_INPUT, element, [None, len(columns.columns)])
        graph.reserved.add(ONLY_INPUT)
        return graph.to_double(ONLY_INPUT) if element != TensorProto.DOUBLE else ONLY_INPUT, [info]
    names = [f"given_{name}" if name in (LABEL, PROBABILITIES, VALUE) else name for name in columns.names]
    graph.reserved.update(names)
    datatypes = [column.datatype for column in columns.columns]
    infos = [
        helper.make_tensor_value_info(name, ELEMENTS[datatype], [None, None if datatype == "TEXT" else 1])
        for name, datatype in zip(names, datatypes, strict=True)
    ]
    return Table(names, datatypes, columns.names, [find_levels(columns, name) for name in columns.names]), infos


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
