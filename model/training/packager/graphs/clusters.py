"""Clusters of bisecting K-means: from the root of its tree to the nearer of two centres, level by level."""

from typing import Any

import numpy as np

from .distances import square_distances
from .graph import Graph, Rows
from .registry import Decision, decides


@decides("BisectingKMeans")
def decide_bisecting(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The leaf that a row ends in."""
    dense = graph.dense(rows)
    return Decision(descend(graph, dense, estimator._bisecting_tree, getattr(estimator, "_X_mean", 0.0)))


def descend(graph: Graph, rows: str, node: Any, mean: Any) -> str:
    """The label under a node, for rows that reach it."""
    if node.left is None:
        nothing = graph("Mul", graph.sum(rows), np.array([[0.0]]))
        return graph.to_places(graph("Add", nothing, np.array([[float(node.label)]])))
    centres = np.vstack([node.left.center, node.right.center]) + mean
    nearer = graph("ArgMin", square_distances(graph, rows, centres), axis=1, keepdims=0)
    is_right = graph("Equal", nearer, np.array([1]))
    return graph.where(is_right, descend(graph, rows, node.right, mean), descend(graph, rows, node.left, mean))
