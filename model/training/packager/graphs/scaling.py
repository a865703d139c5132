"""Transformers of numbers: scaling, bins, projections, selections."""

from typing import Any

import numpy as np

from .graph import Graph, Rows
from .registry import require, transforms


@transforms("StandardScaler")
def transform_standard(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Centred and divided by the standard deviation."""
    dense = graph.dense(rows)
    dense = graph("Sub", dense, estimator.mean_) if estimator.with_mean else dense
    return graph("Div", dense, estimator.scale_) if estimator.with_std else dense


@transforms("MinMaxScaler")
def transform_range(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Moved into a range."""
    moved = graph("Add", graph("Mul", graph.dense(rows), estimator.scale_), estimator.min_)
    if not estimator.clip:
        return moved
    low, high = (np.array([[float(bound)]]) for bound in estimator.feature_range)
    return graph("Min", graph("Max", moved, low), high)


@transforms("MaxAbsScaler")
def transform_largest(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Divided by the largest."""
    require(not getattr(estimator, "clip", False), estimator, "with clip")
    return graph("Div", graph.dense(rows), estimator.scale_)


@transforms("RobustScaler")
def transform_robust(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Centred on the median."""
    dense = graph.dense(rows)
    dense = graph("Sub", dense, estimator.center_) if estimator.with_centering else dense
    return graph("Div", dense, estimator.scale_) if estimator.with_scaling else dense


@transforms("Normalizer")
def transform_normal(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Each row divided by its norm; rows of zeros stay."""
    dense = graph.dense(rows)
    if estimator.norm == "max":
        norm = graph("ReduceMax", graph("Abs", dense), axes=[1], keepdims=1)
    elif estimator.norm == "l1":
        norm = graph.sum(graph("Abs", dense))
    else:
        norm = graph("Sqrt", graph.sum(graph("Mul", dense, dense)))
    return graph("Div", dense, graph.where(graph("Equal", norm, np.array([[0.0]])), np.array([[1.0]]), norm))


@transforms("Binarizer")
def transform_binary(graph: Graph, estimator: Any, rows: Rows) -> str:
    """1 above the threshold."""
    return graph.to_double(graph("Greater", graph.dense(rows), np.array([[float(estimator.threshold)]])))


@transforms("PolynomialFeatures")
def transform_polynomial(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Products of powers."""
    dense = graph.dense(rows)
    product = ""
    for column, powers in enumerate(estimator.powers_.T):
        part = graph("Pow", str(graph.columns(dense, [column])), powers[None].astype(np.float64))
        product = graph("Mul", product, part) if product else part
    return product


@transforms("PCA", "IncrementalPCA")
def transform_components(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The projection on the principal components."""
    centred = graph("Sub", graph.dense(rows), estimator.mean_)
    projected = graph("MatMul", centred, estimator.components_.T)
    return graph("Div", projected, np.sqrt(estimator.explained_variance_)) if estimator.whiten else projected


@transforms("TruncatedSVD", "GaussianRandomProjection")
def transform_projection(graph: Graph, estimator: Any, rows: Rows) -> str:
    """A product with the components."""
    return graph("MatMul", graph.dense(rows), np.asarray(estimator.components_, np.float64).T)


@transforms("SparseRandomProjection")
def transform_sparse_projection(graph: Graph, estimator: Any, rows: Rows) -> str:
    """A product with the components, which are sparse."""
    return graph("MatMul", graph.dense(rows), estimator.components_.toarray().T)


@transforms("FastICA")
def transform_independent(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Unmixed sources."""
    dense = graph.dense(rows)
    dense = graph("Sub", dense, estimator.mean_) if estimator.whiten else dense
    return graph("MatMul", dense, estimator.components_.T)


@transforms("FactorAnalysis")
def transform_factors(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean of the factors."""
    weighted = estimator.components_ / estimator.noise_variance_
    inverse = np.linalg.inv(np.eye(len(estimator.components_)) + weighted @ estimator.components_.T)
    return graph("MatMul", graph("Sub", graph.dense(rows), estimator.mean_), weighted.T @ inverse)


@transforms("PLSRegression", "PLSCanonical", "CCA", "PLSSVD")
def transform_latent(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The scores of the latent variables."""
    scaled = graph("Div", graph("Sub", graph.dense(rows), estimator._x_mean), estimator._x_std)
    weights = estimator.x_rotations_ if hasattr(estimator, "x_rotations_") else estimator.x_weights_
    return graph("MatMul", scaled, weights)


@transforms(
    "VarianceThreshold",
    "SelectKBest",
    "SelectPercentile",
    "SelectFpr",
    "SelectFdr",
    "SelectFwe",
    "GenericUnivariateSelect",
    "SelectFromModel",
    "RFE",
    "RFECV",
    "SequentialFeatureSelector",
)
def transform_selection(graph: Graph, estimator: Any, rows: Rows) -> Rows:
    """Some of the columns."""
    return graph.columns(rows, estimator.get_support(indices=True))


@transforms("KBinsDiscretizer")
def transform_bins(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The bin of each value, as a number or one-hot."""
    dense, parts = graph.dense(rows), []
    for column, edges in enumerate(estimator.bin_edges_):
        above = graph("GreaterOrEqual", str(graph.columns(dense, [column])), np.asarray(edges[1:-1], np.float64)[None])
        place = (
            graph.sum(graph.to_double(above))
            if len(edges) > 2
            else graph("Mul", str(graph.columns(dense, [column])), np.array([[0.0]]))
        )
        parts.append(place if estimator.encode == "ordinal" else graph.one_hot(graph.to_places(place), len(edges) - 1))
    return graph.join(parts)
