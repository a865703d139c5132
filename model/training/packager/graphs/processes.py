"""Gaussian processes: sums of covariances with the rows of the fit."""

from typing import Any

import numpy as np
from sklearn.gaussian_process import _gpc

from .distances import square_distances
from .ensembles import decide_against_rest
from .graph import Graph, Rows
from .linear import complete
from .registry import Decision, decide, decides, predicts, require
from .special import error_function


@predicts("GaussianProcessRegressor")
def predict_process(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The mean of the posterior."""
    require(hasattr(estimator, "X_train_"), estimator, "without rows")
    values = covariance(graph, estimator, estimator.kernel_, graph.dense(rows), estimator.X_train_)
    weights = np.asarray(estimator.alpha_).reshape(len(estimator.X_train_), -1)
    mean = graph("Mul", graph("MatMul", values, weights), np.atleast_1d(estimator._y_train_std).astype(np.float64))
    return graph("Add", mean, np.atleast_1d(estimator._y_train_mean).astype(np.float64))


def covariance(graph: Graph, estimator: Any, kernel: Any, rows: str, stored: Any) -> str:
    """A kernel of Gaussian processes between rows and stored rows."""
    kind = type(kernel).__name__
    known = ("Sum", "Product", "ConstantKernel", "WhiteKernel", "RBF", "Matern", "DotProduct")
    require(kind in known, estimator, f"with the kernel {kind}")
    if kind in ("Sum", "Product"):
        parts = [covariance(graph, estimator, each, rows, stored) for each in (kernel.k1, kernel.k2)]
        return graph("Add" if kind == "Sum" else "Mul", *parts)
    if kind in ("ConstantKernel", "WhiteKernel"):
        # Noise belongs to equal rows only, and scikit-learn counts none between new rows and stored ones.
        value = float(kernel.constant_value) if kind == "ConstantKernel" else 0.0
        return graph("Add", graph("Mul", graph.sum(rows), np.array([[0.0]])), np.full((1, len(stored)), value))
    if kind == "DotProduct":
        return graph.affine(rows, stored.T, float(kernel.sigma_0) ** 2)
    squares = square_distances(
        graph, graph("Div", rows, np.atleast_1d(kernel.length_scale).astype(np.float64)), stored / kernel.length_scale
    )
    if kind == "RBF":
        return graph("Exp", graph("Mul", squares, np.array([[-0.5]])))
    require(kernel.nu in (0.5, 1.5, 2.5), estimator, f"with nu={kernel.nu}")
    distance = graph("Mul", graph("Sqrt", squares), np.array([[float(np.sqrt(2 * kernel.nu))]]))
    decay = graph("Exp", graph("Neg", distance))
    if kernel.nu == 0.5:
        return decay
    factor = graph("Add", distance, np.array([[1.0]]))
    if kernel.nu == 2.5:
        factor = graph("Add", factor, graph("Div", graph("Mul", distance, distance), np.array([[3.0]])))
    return graph("Mul", factor, decay)


def variance(graph: Graph, estimator: Any, kernel: Any, rows: str) -> str:
    """The covariance of each row with itself, shape [rows, 1]."""
    kind = type(kernel).__name__
    if kind in ("Sum", "Product"):
        parts = [variance(graph, estimator, each, rows) for each in (kernel.k1, kernel.k2)]
        return graph("Add" if kind == "Sum" else "Mul", *parts)
    if kind == "DotProduct":
        return graph("Add", graph.sum(graph("Mul", rows, rows)), np.array([[float(kernel.sigma_0) ** 2]]))
    own = {"ConstantKernel": "constant_value", "WhiteKernel": "noise_level"}
    value = float(getattr(kernel, own[kind])) if kind in own else 1.0
    return graph("Add", graph("Mul", graph.sum(rows), np.array([[0.0]])), np.array([[value]]))


@decides("_BinaryGaussianProcessClassifierLaplace")
def decide_process(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The sign of the latent mean; its sigmoid, averaged over the latent variance as five error functions."""
    dense = graph.dense(rows)
    values = covariance(graph, estimator, estimator.kernel_, dense, estimator.X_train_)
    mean = graph("MatMul", values, (estimator.y_train_ - estimator.pi_)[:, None])
    explained = graph("MatMul", values, np.linalg.solve(estimator.L_, np.diag(estimator.W_sr_)).T)
    spread = graph("Sub", variance(graph, estimator, estimator.kernel_, dense), graph.sum(graph("Mul", explained, explained)))
    slopes, weights = _gpc.LAMBDAS.reshape(1, -1), _gpc.COEFS.reshape(1, -1)
    # sqrt(a / (a + l²)) with a = 1 / (2 v) is 1 / sqrt(1 + 2 v l²).
    root = graph("Sqrt", graph("Add", graph("Mul", graph("Mul", spread, np.array([[2.0]])), slopes**2), np.array([[1.0]])))
    parts = error_function(graph, graph("Div", graph("Mul", mean, slopes), root))
    second = graph("Add", graph.sum(graph("Mul", parts, weights / 2)), np.array([[0.5 * float(weights.sum())]]))
    return Decision(graph.to_places(graph("Greater", mean, np.array([[0.0]]))), complete(graph, second))


@decides("GaussianProcessClassifier")
def decide_processes(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """One process for two classes, one against the rest for more."""
    is_known = estimator.n_classes_ == 2 or estimator.multi_class == "one_vs_rest"
    require(is_known, estimator, f"with multi_class={estimator.multi_class!r}")
    part = estimator.base_estimator_
    return decide(graph, part, rows) if estimator.n_classes_ == 2 else decide_against_rest(graph, part, rows)
