"""Multi-layer perceptrons in float64."""

from typing import Any

import numpy as np

from .graph import Graph, Rows
from .linear import complete, sigmoid, softmax
from .registry import Decision, decides, predicts, require, transforms

ACTIVATIONS = {"identity": "", "relu": "Relu", "tanh": "Tanh", "logistic": "Sigmoid"}


def run_layers(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The raw output of the last layer."""
    current, last = graph.dense(rows), len(estimator.coefs_) - 1
    for place, (weights, offset) in enumerate(zip(estimator.coefs_, estimator.intercepts_, strict=True)):
        current = graph.affine(current, weights, offset)
        activation = ACTIVATIONS[estimator.activation]
        if place < last and activation:
            current = graph(activation, current)
    return current


@predicts("MLPRegressor")
def predict_network(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The last layer's values."""
    require(estimator.out_activation_ == "identity", estimator, f"with the output {estimator.out_activation_}")
    return run_layers(graph, estimator, rows)


@decides("MLPClassifier")
def decide_network(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """Sigmoid for two classes, softmax for more."""
    raw = run_layers(graph, estimator, rows)
    if estimator.out_activation_ == "logistic":
        second = sigmoid(graph, raw)
        label = graph.to_places(graph("Greater", second, np.array([[0.5]])))
        return Decision(label, complete(graph, second))
    shares = softmax(graph, raw)
    return Decision(graph.first_largest(shares), shares)


@transforms("BernoulliRBM")
def transform_machine(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The probability of each hidden unit."""
    return sigmoid(graph, graph.affine(graph.dense(rows), estimator.components_.T, estimator.intercept_hidden_))
