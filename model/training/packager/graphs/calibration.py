"""Calibrated classifiers, and the monotonic curves that isotonic regression fits."""

from typing import Any

import numpy as np

from .ensembles import mean
from .graph import Graph, Rows
from .linear import complete, normalize, softmax
from .registry import Decision, decide, decides, predicts, require


@decides("CalibratedClassifierCV")
def decide_calibrated(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The mean of calibrated probabilities."""
    shares = mean(graph, [calibrate(graph, estimator, each, rows) for each in estimator.calibrated_classifiers_])
    return Decision(graph.first_largest(shares), shares)


def calibrate(graph: Graph, estimator: Any, part: Any, rows: Rows) -> str:
    """Each class by its own curve, normalized; or all by one temperature."""
    classes = len(part.classes)
    require(part.method in ("sigmoid", "isotonic", "temperature"), estimator, f"with the method {part.method}")
    require(len(part.estimator.classes_) == classes, estimator, "with a part that knows fewer classes")
    decision = decide(graph, part.estimator, rows)
    has_scores = hasattr(part.estimator, "decision_function")
    scores = decision.scores if has_scores else decision.probabilities
    require(scores is not None, estimator, f"that reads scores of {type(part.estimator).__name__}")
    if part.method == "temperature":
        logits = to_logits(graph, str(scores), has_scores=has_scores, classes=classes)
        return softmax(graph, graph("Mul", logits, np.array([[float(part.calibrators[0].beta_)]])))
    if classes == 2:
        score = str(scores) if has_scores else str(graph.columns(str(scores), [1]))
        return complete(graph, apply_curve(graph, part.calibrators[0], score))
    found = [
        apply_curve(graph, each, str(graph.columns(str(scores), [place]))) for place, each in enumerate(part.calibrators)
    ]
    shares = graph.join(found)
    is_nothing = graph("Equal", graph.sum(shares), np.array([[0.0]]))
    return normalize(graph, graph.where(is_nothing, np.ones((1, classes)), shares))


def to_logits(graph: Graph, scores: str, *, has_scores: bool, classes: int) -> str:
    """What a temperature divides: scores, or the logarithms of probabilities, kept from log(0) as scikit-learn does."""
    if not has_scores:
        return graph("Log", graph("Add", scores, np.array([[1e-12]])))
    return graph.join([graph("Neg", scores), scores]) if classes == 2 else scores


def apply_curve(graph: Graph, calibrator: Any, score: str) -> str:
    """The probability that belongs to a score."""
    if type(calibrator).__name__ == "IsotonicRegression":
        return interpolate(graph, calibrator, score)
    return graph("Sigmoid", graph.affine(score, np.array([[-float(calibrator.a_)]]), -float(calibrator.b_)))


@predicts("IsotonicRegression")
def predict_isotonic(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The value on the curve."""
    return interpolate(graph, estimator, graph.dense(rows))


def interpolate(graph: Graph, estimator: Any, column: str) -> str:
    """Linear between thresholds; beyond them the ends, as with out_of_bounds="clip"."""
    require(estimator.out_of_bounds == "clip", estimator, 'without out_of_bounds="clip"')
    return follow_curve(graph, estimator.X_thresholds_, estimator.y_thresholds_, column)


def follow_curve(graph: Graph, places: Any, heights: Any, column: str) -> str:
    """Linear between points, and the ends beyond them."""
    at, values = (np.asarray(each, np.float64) for each in (places, heights))
    if len(at) == 1:
        return graph("Add", graph("Mul", column, np.array([[0.0]])), values[None])
    clipped = graph("Min", graph("Max", column, at[None, :1]), at[None, -1:])
    above = graph.sum(graph.to_double(graph("Greater", clipped, at[None, 1:-1]))) if len(at) > 2 else None
    place = graph.to_places(above or graph("Mul", clipped, np.array([[0.0]])))
    slopes = np.diff(values) / np.diff(at)
    start, base, slope = (
        graph("Reshape", graph.pick(each, place), np.array([-1, 1])) for each in (at[:-1], values[:-1], slopes)
    )
    return graph("Add", graph("Mul", slope, graph("Sub", clipped, start)), base)
