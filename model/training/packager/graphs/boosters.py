"""What the graphs of boosting libraries share: levels of pandas as numbers, sets of whole numbers, and sums in float32."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from .encoding import find_categories
from .graph import Graph, Rows, Table
from .trees import Tree, sum_trees


def encode_levels(graph: Graph, rows: Rows, levels: dict[int, list[Any]]) -> str:
    """All columns as numbers; those with levels as the index of their level, which is how pandas encodes categories."""
    if not isinstance(rows, Table):
        return rows
    parts = []
    for place in range(len(rows.tensors)):
        if place in levels:
            found = graph("Reshape", find_categories(graph, rows, place, levels[place]), np.array([-1, 1]))
            number = graph.to_double(found)
            parts.append(graph.where(graph("Less", number, np.array([[0.0]])), np.array([[np.nan]]), number))
        else:
            parts.append(graph.dense(rows.select([place])))
    return graph.join(parts)


def sum_by_set(graph: Graph, dense: str, trees: list[tuple[Tree, int]], width: int, features: int) -> str:
    """The sum of trees whose sets look for whole numbers: a fraction counts as the number without it."""
    sets = [int(tree.features[node]) for tree, _ in trees for node in tree.members or {}]
    if sets:
        is_negative = graph("Less", dense, np.array([[0.0]]))
        whole = graph.where(is_negative, graph("Ceil", dense), graph("Floor", dense))
        dense = graph.where(graph.constant(np.isin(np.arange(features), sets)[None]), whole, dense)
    return sum_trees(graph, dense, trees, width)


def sum_in_float32(
    graph: Graph, dense: str, trees: list[tuple[Tree, int]], starts: NDArray[np.float32], features: int
) -> str:
    """The sums of XGBoost, which adds the leaves one by one in float32, from the start of their target on.

    Each leaf gets a place of its own; the running sum along the places then rounds as XGBoost does.
    """
    width = len(starts)
    ordered = [[(start_tree(start), 0)] for start in starts]
    for tree, target in trees:
        ordered[target].append((tree, 0))
    most = max(map(len, ordered))
    placed = [(tree, target * most + at) for target in range(width) for at, (tree, _) in enumerate(ordered[target])]
    leaves = graph("Cast", sum_by_set(graph, dense, placed, width * most, features), to=TensorProto.FLOAT)
    running = graph("CumSum", graph("Reshape", leaves, np.array([-1, width, most])), np.array(2))
    return graph.to_double(graph("Gather", running, np.array(most - 1), axis=2))


def start_tree(value: np.float32) -> Tree:
    """A tree that is one leaf."""
    nowhere, none = np.array([-1]), np.array([0])
    return Tree(nowhere, nowhere, none, none.astype(np.float64), none.astype(np.bool_), np.array([value], np.float64))
