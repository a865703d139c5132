"""Trees and their sums as one node in float64: thresholds as trained, missing values and categories where they belong."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import numpy_helper

from .graph import ML_DOMAIN, Graph

AT_MOST, BELOW, MEMBER = 0, 1, 6


@dataclass(frozen=True)
class Tree:
    """A tree by node: its children (left where the test holds), -1 in both for a leaf, and the leaf's value.

    `members` are the numbers that a node of the mode MEMBER looks for.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    features: NDArray[np.int64]
    thresholds: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    values: NDArray[np.float64]
    mode: int = AT_MOST
    members: dict[int, list[float]] | None = None


@dataclass
class Written:
    """The operator's attributes while trees are added."""

    roots: list[int]
    features: list[int]
    modes: list[int]
    splits: list[float]
    children: tuple[list[int], list[int]]
    are_leaves: tuple[list[int], list[int]]
    missing: list[int]
    members: list[float]
    targets: list[int]
    weights: list[float]


def sum_trees(graph: Graph, rows: str, trees: Sequence[tuple[Tree, int]], width: int) -> str:
    """The sum of the leaves that a row falls into, for each target, shape [rows, width]; a tree adds to one target."""
    written = Written([], [], [], [], ([], []), ([], []), [], [], [], [])
    for tree, target in trees:
        add_tree(written, tree, target)
    return graph(
        "TreeEnsemble",
        rows,
        domain=ML_DOMAIN,
        n_targets=width,
        aggregate_function=1,
        post_transform=0,
        tree_roots=written.roots,
        nodes_featureids=written.features,
        nodes_modes=numpy_helper.from_array(np.array(written.modes, np.uint8)),
        nodes_splits=numpy_helper.from_array(np.array(written.splits)),
        nodes_truenodeids=written.children[0],
        nodes_trueleafs=written.are_leaves[0],
        nodes_falsenodeids=written.children[1],
        nodes_falseleafs=written.are_leaves[1],
        nodes_missing_value_tracks_true=written.missing,
        leaf_targetids=written.targets,
        leaf_weights=numpy_helper.from_array(np.array(written.weights)),
        **({"membership_values": numpy_helper.from_array(np.array(written.members))} if written.members else {}),
    )


def add_tree(written: Written, tree: Tree, target: int) -> None:
    """Adds the nodes of a tree, depth first; a subtree whose leaves are equal becomes one leaf."""
    same = find_same(tree)
    written.roots.append(len(written.features))
    if not np.isnan(same[0]):
        add_node(written, tree, 0, is_test=False)
        point(written, written.roots[-1], 0, add_leaf(written, same[0], target), is_leaf=True)
        point(written, written.roots[-1], 1, add_leaf(written, same[0], target), is_leaf=True)
        return
    waiting = [(0, -1, 0)]
    while waiting:
        node, parent, side = waiting.pop()
        if parent >= 0 and not np.isnan(same[node]):
            point(written, parent, side, add_leaf(written, same[node], target), is_leaf=True)
            continue
        place = add_node(written, tree, node, is_test=True)
        if parent >= 0:
            point(written, parent, side, place, is_leaf=False)
        waiting += [(int(tree.right[node]), place, 1), (int(tree.left[node]), place, 0)]


def find_same(tree: Tree) -> NDArray[np.float64]:
    """The value that all leaves under a node share, NaN if they differ."""
    same = np.where(tree.left < 0, tree.values, np.nan)
    for node in order_upwards(tree):
        below = same[tree.left[node]], same[tree.right[node]]
        if below[0] == below[1]:
            same[node] = below[0]
    return same


def order_upwards(tree: Tree) -> list[int]:
    """The inner nodes, children before parents."""
    found, waiting = [], [0]
    while waiting:
        node = waiting.pop()
        if tree.left[node] >= 0:
            found.append(node)
            waiting += [int(tree.left[node]), int(tree.right[node])]
    return found[::-1]


def add_node(written: Written, tree: Tree, node: int, *, is_test: bool) -> int:
    """Adds an inner node, and returns its index."""
    members = (tree.members or {}).get(node) if is_test else None
    written.features.append(int(tree.features[node]) if is_test else 0)
    written.modes.append(MEMBER if members is not None else tree.mode)
    written.splits.append(float(tree.thresholds[node]) if is_test and members is None else 0.0)
    written.missing.append(int(is_test and bool(tree.missing_left[node])))
    if members is not None:
        written.members.extend([*members, np.nan])
    for side in (0, 1):
        written.children[side].append(0)
        written.are_leaves[side].append(0)
    return len(written.features) - 1


def add_leaf(written: Written, value: float, target: int) -> int:
    """Adds a leaf, and returns its index."""
    written.targets.append(target)
    written.weights.append(float(value))
    return len(written.weights) - 1


def point(written: Written, parent: int, side: int, place: int, *, is_leaf: bool) -> None:
    """Lets one side of a node lead to a node or a leaf."""
    written.children[side][parent] = place
    written.are_leaves[side][parent] = int(is_leaf)
