"""Power transforms by column: Box-Cox and Yeo-Johnson."""

from typing import Any

import numpy as np

from .graph import Graph, Rows
from .registry import transforms
from .scaling import transform_standard


@transforms("PowerTransformer")
def transform_power(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Box-Cox or Yeo-Johnson by column, then standardized."""
    dense = graph.dense(rows)
    build = box_cox if estimator.method == "box-cox" else yeo_johnson
    parts = [
        build(graph, str(graph.columns(dense, [column])), float(power)) for column, power in enumerate(estimator.lambdas_)
    ]
    joined = graph.join(parts)
    return transform_standard(graph, estimator._scaler, joined) if estimator.standardize else joined


def box_cox(graph: Graph, column: str, power: float) -> str:
    """(x^λ - 1) / λ, or log(x)."""
    if power == 0:
        return graph("Log", column)
    return graph("Div", graph("Sub", graph("Pow", column, np.array([[power]])), np.array([[1.0]])), np.array([[power]]))


def yeo_johnson(graph: Graph, column: str, power: float) -> str:
    """Box-Cox of x + 1 above zero, and mirrored with 2 - λ below."""
    zero, one = np.array([[0.0]]), np.array([[1.0]])
    above = box_cox(graph, graph("Add", graph("Max", column, zero), one), 0.0 if abs(power) < np.spacing(1.0) else power)
    other = 2 - power
    mirrored = graph("Add", graph("Neg", graph("Min", column, zero)), one)
    below = graph("Neg", box_cox(graph, mirrored, other if abs(other) > np.spacing(1.0) else 0.0))
    return graph.where(graph("GreaterOrEqual", column, zero), above, below)
