"""Estimators made of others, one part after another: pipelines, searches, chains, stacks, transformed targets."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .encoding import apply_function
from .graph import Graph, Rows
from .inverses import INVERSES
from .registry import Decision, decide, decides, predict, predicts, require, transform, transforms

WRAPPED = {
    "GridSearchCV": "best_estimator_",
    "RandomizedSearchCV": "best_estimator_",
    "HalvingGridSearchCV": "best_estimator_",
    "HalvingRandomSearchCV": "best_estimator_",
    "SelfTrainingClassifier": "estimator_",
    "RANSACRegressor": "estimator_",
    "FrozenEstimator": "estimator",
}
SELECTING = ("RFE", "RFECV")


def unwrap(estimator: Any) -> Any:
    """The fitted estimator that another one asks."""
    return getattr(estimator, WRAPPED[type(estimator).__name__])


@predicts(*WRAPPED)
def predict_wrapped(graph: Graph, estimator: Any, rows: Rows) -> str:
    """What the wrapped estimator predicts."""
    return predict(graph, unwrap(estimator), rows)


@decides(*WRAPPED)
def decide_wrapped(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """What the wrapped classifier decides."""
    return decide(graph, unwrap(estimator), rows)


@transforms(*WRAPPED)
def transform_wrapped(graph: Graph, estimator: Any, rows: Rows) -> Rows:
    """What the wrapped transformer returns."""
    return transform(graph, unwrap(estimator), rows)


@predicts(*SELECTING)
def predict_selected(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The prediction from the selected columns."""
    return predict(graph, estimator.estimator_, transform(graph, estimator, rows))


@decides(*SELECTING)
def decide_selected(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The decision from the selected columns."""
    return decide(graph, estimator.estimator_, transform(graph, estimator, rows))


def run_steps(graph: Graph, steps: Sequence[tuple[str, Any]], rows: Rows) -> Rows:
    """The rows after some steps of a pipeline."""
    for _, step in steps:
        rows = rows if step is None or isinstance(step, str) else transform(graph, step, rows)
    return rows


@predicts("Pipeline")
def predict_pipeline(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The last step's prediction."""
    return predict(graph, estimator.steps[-1][1], run_steps(graph, estimator.steps[:-1], rows))


@decides("Pipeline")
def decide_pipeline(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The last step's decision."""
    return decide(graph, estimator.steps[-1][1], run_steps(graph, estimator.steps[:-1], rows))


@transforms("Pipeline")
def transform_pipeline(graph: Graph, estimator: Any, rows: Rows) -> Rows:
    """The rows after all steps."""
    return run_steps(graph, estimator.steps, rows)


@predicts("TransformedTargetRegressor")
def predict_transformed(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The prediction, transformed back."""
    raw = predict(graph, estimator.regressor_, rows)
    transformer, kind = estimator.transformer_, type(estimator.transformer_).__name__
    if kind == "FunctionTransformer":
        return apply_function(graph, estimator, transformer.inverse_func, raw)
    require(kind in INVERSES, estimator, f"with the transformer {kind}")
    return INVERSES[kind](graph, transformer, raw)


@predicts("MultiOutputRegressor")
def predict_several(graph: Graph, estimator: Any, rows: Rows) -> str:
    """One regressor for each value."""
    return graph.join([predict(graph, each, rows) for each in estimator.estimators_])


@predicts("RegressorChain")
def predict_chain(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Each regressor also reads what those before it predict."""
    found = [graph.dense(rows)]
    for each in estimator.estimators_:
        found.append(predict(graph, each, graph.join(found)))
    return str(graph.columns(graph.join(found[1:]), np.argsort(estimator.order_)))


def to_stacked(graph: Graph, estimator: Any, rows: Rows) -> str:
    """What the last estimator of a stack reads."""
    found = [
        to_stacked_part(graph, estimator, each, method, rows)
        for each, method in zip(estimator.estimators_, estimator.stack_method_, strict=True)
    ]
    return graph.join([*found, graph.dense(rows)] if estimator.passthrough else found)


def to_stacked_part(graph: Graph, stack: Any, each: Any, method: str, rows: Rows) -> str:
    """One estimator's answer: values, scores, or probabilities, of which two classes give one."""
    if not hasattr(stack, "classes_"):
        return predict(graph, each, rows)
    decision = decide(graph, each, rows)
    if method == "predict":
        return graph.to_double(graph("Reshape", decision.label, np.array([-1, 1])))
    found = decision.probabilities if method == "predict_proba" else decision.scores
    require(found is not None, stack, f"that reads {method} of {type(each).__name__}")
    is_pair = method == "predict_proba" and len(stack.classes_) == 2
    return str(graph.columns(str(found), [1])) if is_pair else str(found)


@predicts("StackingRegressor")
def predict_stack(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The last regressor, which reads the others."""
    return predict(graph, estimator.final_estimator_, to_stacked(graph, estimator, rows))


@decides("StackingClassifier")
def decide_stack(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The last classifier, which reads the others."""
    return decide(graph, estimator.final_estimator_, to_stacked(graph, estimator, rows))


@decides("FixedThresholdClassifier", "TunedThresholdClassifierCV")
def decide_at_threshold(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """The positive class from a threshold upwards."""
    inner = decide(graph, estimator.estimator_, rows)
    require(inner.probabilities is not None, estimator, "without probabilities")
    threshold = getattr(estimator, "best_threshold_", getattr(estimator, "threshold", "auto"))
    bound = 0.5 if threshold == "auto" else float(threshold)
    score = str(graph.columns(str(inner.probabilities), [1]))
    return Decision(graph.to_places(graph("GreaterOrEqual", score, np.array([[bound]]))), inner.probabilities)
