"""Transforms of targets back to their own unit, as a regressor of transformed targets answers."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .calibration import follow_curve
from .graph import Graph
from .registry import require
from .special import normal_share


def undo_range(graph: Graph, transformer: Any, values: str) -> str:
    """Out of a range."""
    return graph("Div", graph("Sub", values, transformer.min_), transformer.scale_)


def undo_standard(graph: Graph, transformer: Any, values: str) -> str:
    """Times the standard deviation, plus the mean."""
    scaled = graph("Mul", values, transformer.scale_) if transformer.with_std else values
    return graph("Add", scaled, transformer.mean_) if transformer.with_mean else scaled


def undo_robust(graph: Graph, transformer: Any, values: str) -> str:
    """Times the spread, plus the median."""
    scaled = graph("Mul", values, transformer.scale_) if transformer.with_scaling else values
    return graph("Add", scaled, transformer.center_) if transformer.with_centering else scaled


def undo_power(graph: Graph, transformer: Any, values: str) -> str:
    """The inverse of Yeo-Johnson for one value; Box-Cox has none here."""
    require(transformer.method == "yeo-johnson" and len(transformer.lambdas_) == 1, transformer, "as the inverse of targets")
    power = float(transformer.lambdas_[0])
    require(abs(power) > np.spacing(1.0) and abs(power - 2) > np.spacing(1.0), transformer, f"with the power {power:g}")
    plain = undo_standard(graph, transformer._scaler, values) if transformer.standardize else values
    zero, one = np.array([[0.0]]), np.array([[1.0]])
    grown = graph("Add", graph("Mul", graph("Max", plain, zero), np.array([[power]])), one)
    above = graph("Sub", graph("Pow", grown, np.array([[1 / power]])), one)
    other = 2 - power
    shrunk = graph("Add", graph("Mul", graph("Min", plain, zero), np.array([[-other]])), one)
    below = graph("Sub", one, graph("Pow", shrunk, np.array([[1 / other]])))
    return graph.where(graph("GreaterOrEqual", plain, zero), above, below)


def undo_quantiles(graph: Graph, transformer: Any, values: str) -> str:
    """The quantile at a share of the targets, column by column."""
    is_normal = transformer.output_distribution == "normal"
    shares = normal_share(graph, values) if is_normal else values
    columns = enumerate(transformer.quantiles_.T)
    return graph.join(
        [follow_curve(graph, transformer.references_, heights, str(graph.columns(shares, [place]))) for place, heights in columns]
    )


INVERSES: dict[str, Callable[[Graph, Any, str], str]] = {
    "MinMaxScaler": undo_range,
    "StandardScaler": undo_standard,
    "RobustScaler": undo_robust,
    "PowerTransformer": undo_power,
    "QuantileTransformer": undo_quantiles,
}
