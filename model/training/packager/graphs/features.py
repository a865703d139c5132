"""Transformers that make other features of all columns: pooled, projected with a penalty, sampled, or leaves of trees."""

from typing import Any

import numpy as np

from .distances import find_power, measure_by
from .graph import Graph, Rows
from .registry import require, transforms
from .trees import sum_trees


@transforms("FeatureAgglomeration")
def transform_pooled(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean of the columns in each cluster."""
    require(estimator.pooling_func is np.mean, estimator, "with a pooling_func other than the mean")
    members = np.eye(estimator.labels_.max() + 1)[estimator.labels_]
    return graph("Div", graph("MatMul", graph.dense(rows), members), members.sum(axis=0)[None])


@transforms("SparsePCA", "MiniBatchSparsePCA")
def transform_penalized(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Least squares with a ridge penalty, which is a product with one matrix."""
    components = estimator.components_
    penalty = np.eye(len(components)) * estimator.ridge_alpha
    centred = graph("Sub", graph.dense(rows), np.asarray(estimator.mean_, np.float64))
    return graph("MatMul", centred, np.linalg.solve(components @ components.T + penalty, components).T)


@transforms("SkewedChi2Sampler")
def transform_skewed(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Cosines of random projections of logarithms."""
    moved = graph("Log", graph("Add", graph.dense(rows), np.array([[float(estimator.skewedness)]])))
    raw = graph.affine(moved, estimator.random_weights_, estimator.random_offset_)
    return graph("Mul", graph("Cos", raw), np.array([[float(np.sqrt(2.0) / np.sqrt(estimator.n_components))]]))


@transforms("AdditiveChi2Sampler")
def transform_additive(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Waves of the logarithm of each value, scaled by its root; zero stays zero."""
    interval = estimator.sample_interval or {1: 0.8, 2: 0.5, 3: 0.4}[estimator.sample_steps]
    dense = graph.dense(rows)
    is_zero = graph("Equal", dense, np.array([[0.0]]))
    logarithm = graph("Log", graph.where(is_zero, np.array([[1.0]]), dense))
    parts = [graph("Sqrt", graph("Mul", dense, np.array([[interval]])))]
    for step in range(1, estimator.sample_steps):
        factor = graph("Sqrt", graph("Mul", dense, np.array([[2 * interval / np.cosh(np.pi * step * interval)]])))
        angle = graph("Mul", logarithm, np.array([[step * interval]]))
        parts += [graph("Mul", factor, graph(wave, angle)) for wave in ("Cos", "Sin")]
    return graph.join(parts)


@transforms("RadiusNeighborsTransformer")
def transform_radius(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Distances within the radius, 0 for all others; or 1 for those within."""
    power = find_power(estimator)
    measured = measure_by(graph, graph.dense(rows), estimator._fit_X, power)
    is_near = graph("LessOrEqual", measured, np.array([[float(estimator.radius) ** power]]))
    if estimator.mode == "connectivity":
        return graph.to_double(is_near)
    return graph.where(is_near, measured if power == 1 else graph("Sqrt", measured), np.array([[0.0]]))


@transforms("RandomTreesEmbedding")
def transform_leaves(graph: Graph, estimator: Any, rows: Rows) -> str:
    """1 for the leaf of each tree that a row falls into."""
    from .encoding import transform_one_hot
    from .forests import read_tree

    trees = [
        (read_tree(each.tree_, np.arange(each.tree_.node_count, dtype=np.float64)), place)
        for place, each in enumerate(estimator.estimators_)
    ]
    leaves = sum_trees(graph, graph.as_float32(graph.dense(rows)), trees, len(trees))
    return transform_one_hot(graph, estimator.one_hot_encoder_, leaves)
