"""Splines: a cubic or other polynomial between two knots, and its continuation beyond the first and last."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PPoly

from .graph import Graph, Rows
from .registry import require, transforms


@transforms("SplineTransformer")
def transform_splines(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The base functions of each column."""
    known = ("constant", "linear", "continue", "periodic")
    require(estimator.extrapolation in known, estimator, f"with extrapolation={estimator.extrapolation!r}")
    dense, parts = graph.dense(rows), []
    for place, spline in enumerate(estimator.bsplines_):
        values = apply_spline(graph, estimator, spline, str(graph.columns(dense, [place])))
        width = spline.c.shape[1]
        parts.append(values if estimator.include_bias else str(graph.columns(values, range(width - 1))))
    return graph.join(parts)


def apply_spline(graph: Graph, estimator: Any, spline: Any, column: str) -> str:
    """The base functions of one column, shape [rows, functions]."""
    knots = spline.t[spline.k : len(spline.t) - spline.k]
    low, high = (np.array([[knot]]) for knot in (knots[0], knots[-1]))
    if estimator.extrapolation == "continue":
        return evaluate_pieces(graph, spline, column)
    if estimator.extrapolation == "periodic":
        turns = graph("Floor", graph("Div", graph("Sub", column, low), high - low))
        return evaluate_pieces(graph, spline, graph("Sub", column, graph("Mul", turns, high - low)))
    within = evaluate_pieces(graph, spline, graph("Min", graph("Max", column, low), high))
    if estimator.extrapolation == "constant":
        return within
    slopes = spline.derivative()
    below = graph("Min", graph("Sub", column, low), np.array([[0.0]]))
    above = graph("Max", graph("Sub", column, high), np.array([[0.0]]))
    straight = graph("Add", graph("Mul", below, slopes(knots[0])[None]), graph("Mul", above, slopes(knots[-1])[None]))
    return graph("Add", within, straight)


def evaluate_pieces(graph: Graph, spline: Any, column: str) -> str:
    """The polynomial of the piece that each value lies in; those of the ends go on beyond them."""
    starts, powers = list_pieces(spline)
    above = graph.sum(graph.to_double(graph("GreaterOrEqual", column, starts[None, 1:]))) if len(starts) > 1 else None
    place = graph.to_places(above or graph("Mul", column, np.array([[0.0]])))
    distance = graph("Sub", column, graph("Reshape", graph.pick(starts, place), np.array([-1, 1])))
    total = graph.pick(powers[0], place)
    for coefficients in powers[1:]:
        total = graph("Add", graph("Mul", total, distance), graph.pick(coefficients, place))
    return total


def list_pieces(spline: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each piece starts, and its coefficients by falling powers, shape [powers, pieces, functions]."""
    found = [PPoly.from_spline((spline.t, column, spline.k)) for column in spline.c.T]
    pieces = slice(spline.k, len(spline.t) - spline.k - 1)
    return spline.t[pieces], np.stack([each.c[:, pieces] for each in found], axis=2)
