"""Exports a forest to ONNX so that it computes what scikit-learn computes, ties and thresholds included.

scikit-learn rounds a row to float32, compares it with float64 thresholds, adds the leaves' class shares in float64,
tree by tree, divides once by the number of trees and takes the first of the largest. A plain conversion keeps float32
thresholds and adds `share / trees` in float32. 0.01 is not a float32, so a hundred such terms drift (6.6e-7 on Iris),
and a tied vote is decided by rounding and by the order in which threads add up. So the converter builds the graph, and
this module puts scikit-learn's own numbers into its only tree node:

    X float32 ─ Cast float64 ─ TreeEnsembleClassifier (float64 thresholds and leaf shares) ─ votes ─ Div ─ probabilities
                                                                                          └─ label

The leaves of a fully grown forest vote 0 or 1, so their sums are exact whole numbers in any order.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import AttributeProto, ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import RandomForestClassifier

# The newest versions that ONNX Runtime 1.12 reads, which BigQuery ML uses. ai.onnx.ml 3 is the first with float64 trees.
OPSET = 17
ML_OPSET = 3
IR_VERSION = 8

INPUT = "X"
LABEL = "label"
PROBABILITIES = "probabilities"

# With two classes ONNX Runtime replaces the argmax by a rule of its own (votes for the second class > 0.5, or > 0).
# A third class without votes makes it take the argmax; a Slice removes the extra column.
MINIMUM_CLASSES = 3

# The converter's attributes for the shape of the trees; those for their numbers are replaced.
KEPT_ATTRIBUTES = [
    "nodes_falsenodeids",
    "nodes_featureids",
    "nodes_modes",
    "nodes_nodeids",
    "nodes_treeids",
    "nodes_truenodeids",
    "post_transform",
]


def export_forest(forest: RandomForestClassifier, *, name: str) -> ModelProto:
    """The forest as ONNX: X float32 [-1, features] to label int64 [-1] and probabilities float32 [-1, classes]."""
    converted = convert(forest)
    graph = helper.make_graph(
        [
            helper.make_node("Cast", [INPUT], ["X_float64"], to=TensorProto.DOUBLE),
            create_tree_node(forest, converted.graph.node[0]),
            *create_mean_nodes(forest),
        ],
        name,
        list(converted.graph.input),
        list(converted.graph.output),
        create_constants(forest),
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name=converted.producer_name)
    checker.check_model(model, full_check=True)
    return model


def convert(forest: RandomForestClassifier) -> ModelProto:
    """The plain conversion: one TreeEnsembleClassifier with float32 numbers."""
    model: ModelProto = to_onnx(
        forest,
        initial_types=[(INPUT, FloatTensorType([None, forest.n_features_in_]))],
        options={"zipmap": False},
        target_opset={"": OPSET, "ai.onnx.ml": ML_OPSET},
    )
    return model


def create_tree_node(forest: RandomForestClassifier, converted: NodeProto) -> NodeProto:
    """The converter's tree node with scikit-learn's thresholds and leaf shares in float64."""
    attributes = {attribute.name: attribute for attribute in converted.attribute}
    kept = {key: helper.get_attribute_value(attributes[key]) for key in KEPT_ATTRIBUTES}
    return helper.make_node(
        "TreeEnsembleClassifier",
        ["X_float64"],
        [LABEL, "votes"],
        domain="ai.onnx.ml",
        nodes_values_as_tensor=numpy_helper.from_array(to_thresholds(forest, attributes)),
        classlabels_int64s=to_class_labels(forest),
        **to_leaf_votes(forest, attributes),
        **kept,
    )


def to_thresholds(forest: RandomForestClassifier, attributes: dict[str, AttributeProto]) -> NDArray[np.float64]:
    """The threshold of every node of every tree, shape [nodes], in the converter's order; 0 for a leaf."""
    nodes = zip(
        attributes["nodes_treeids"].ints,
        attributes["nodes_nodeids"].ints,
        attributes["nodes_modes"].strings,
        strict=True,
    )
    return np.array(
        [0.0 if mode == b"LEAF" else forest.estimators_[tree].tree_.threshold[node] for tree, node, mode in nodes]
    )


def to_leaf_votes(forest: RandomForestClassifier, attributes: dict[str, AttributeProto]) -> dict[str, Any]:
    """The share of every class in every leaf, one entry per leaf and class, undivided by the number of trees."""
    leaves = sorted(set(zip(attributes["class_treeids"].ints, attributes["class_nodeids"].ints, strict=True)))
    shares = np.array([forest.estimators_[tree].tree_.value[node, 0] for tree, node in leaves])
    classes = shares.shape[1]
    return {
        "class_treeids": [tree for tree, _ in leaves for _ in range(classes)],
        "class_nodeids": [node for _, node in leaves for _ in range(classes)],
        "class_ids": list(range(classes)) * len(leaves),
        "class_weights_as_tensor": numpy_helper.from_array(shares.ravel()),
    }


def to_class_labels(forest: RandomForestClassifier) -> list[int]:
    """The forest's integer labels, padded to MINIMUM_CLASSES with labels that cannot win."""
    labels = [int(label) for label in forest.classes_]
    padding = range(MINIMUM_CLASSES - len(labels))
    return labels + [max(labels) + 1 + offset for offset in padding]


def create_mean_nodes(forest: RandomForestClassifier) -> list[NodeProto]:
    """The nodes from the trees' votes to probabilities; they drop the columns of padded classes first."""
    if len(forest.classes_) >= MINIMUM_CLASSES:
        return [helper.make_node("Div", ["votes", "trees"], [PROBABILITIES])]
    return [
        helper.make_node("Slice", ["votes", "first_class", "end_class", "class_axis"], ["class_votes"]),
        helper.make_node("Div", ["class_votes", "trees"], [PROBABILITIES]),
    ]


def create_constants(forest: RandomForestClassifier) -> list[TensorProto]:
    """The number of trees and, for padded classes, the bounds of the Slice."""
    constants = [numpy_helper.from_array(np.array(len(forest.estimators_), np.float32), "trees")]
    if len(forest.classes_) >= MINIMUM_CLASSES:
        return constants
    bounds = {"first_class": 0, "end_class": len(forest.classes_), "class_axis": 1}
    return constants + [numpy_helper.from_array(np.array([at], np.int64), key) for key, at in bounds.items()]
