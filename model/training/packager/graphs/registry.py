"""Finds the graph of an estimator by its class: what it predicts, how it decides, how it transforms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from .dates import transform_dates
from .graph import Graph, NoGraph, Refused, Rows, Table


@dataclass(frozen=True)
class Decision:
    """A classifier's answer: the index of the label [rows], and what it has of probabilities and scores [rows, columns].

    Two classes have one column of scores, as `decision_function` does.
    """

    label: str
    probabilities: str | None = None
    scores: str | None = None


Predicting = Callable[[Graph, Any, Rows], str]
Deciding = Callable[[Graph, Any, Rows], Decision]
DecidingEach = Callable[[Graph, Any, Rows], list[Decision]]
Transforming = Callable[[Graph, Any, Rows], Rows]

PREDICTING: dict[str, Predicting] = {}
DECIDING: dict[str, Deciding] = {}
DECIDING_EACH: dict[str, DecidingEach] = {}
TRANSFORMING: dict[str, Transforming] = {}
Build = TypeVar("Build")
SOLVES = (
    "because it solves an optimisation of its own for each row: use PCA, TruncatedSVD, FastICA, SparsePCA or Nystroem, "
    "whose transforms are products"
)
NEIGHBOURING = "because it places each row among its neighbours by equations of their own: use PCA, KernelPCA or Nystroem"
# Estimators whose answers no graph of fixed size repeats, and what to use instead.
REASONS = {
    **dict.fromkeys(("DictionaryLearning", "MiniBatchDictionaryLearning", "SparseCoder", "NMF", "MiniBatchNMF"), SOLVES),
    "LatentDirichletAllocation": SOLVES,
    **dict.fromkeys(("Isomap", "LocallyLinearEmbedding"), NEIGHBOURING),
    "PolynomialCountSketch": "because it convolves sketches of the columns: use PolynomialFeatures, or Nystroem(kernel='poly')",
}
# They hand columns on to other steps.
COMPOSED = ("Pipeline", "ColumnTransformer", "FeatureUnion")
LIBRARIES = ("sklearn", "lightgbm", "xgboost", "catboost", "packager")


def predicts(*names: str) -> Callable[[Predicting], Predicting]:
    """Registers how estimators predict values, shape [rows, columns]."""
    return register(PREDICTING, names)


def decides(*names: str) -> Callable[[Deciding], Deciding]:
    """Registers how estimators choose among classes."""
    return register(DECIDING, names)


def decides_each(*names: str) -> Callable[[DecidingEach], DecidingEach]:
    """Registers how estimators of several labels choose each of them."""
    return register(DECIDING_EACH, names)


def transforms(*names: str) -> Callable[[Transforming], Transforming]:
    """Registers how estimators transform rows."""
    return register(TRANSFORMING, names)


def register(builds: dict[str, Build], names: Sequence[str]) -> Callable[[Build], Build]:
    """Enters what it decorates under each of the names."""

    def enter(build: Build) -> Build:
        builds.update(dict.fromkeys(names, build))
        return build

    return enter


def predict(graph: Graph, estimator: Any, rows: Rows) -> str:
    """The values that `estimator.predict` returns, shape [rows, columns]."""
    return str(find(PREDICTING, estimator)(graph, estimator, rows))


def decide(graph: Graph, estimator: Any, rows: Rows) -> Decision:
    """What a classifier answers."""
    return find(DECIDING, estimator)(graph, estimator, rows)


def decide_each(graph: Graph, estimator: Any, rows: Rows) -> list[Decision]:
    """What an estimator of several labels answers, in their order."""
    return find(DECIDING_EACH, estimator)(graph, estimator, rows)


def transform(graph: Graph, estimator: Any, rows: Rows) -> Rows:
    """What `estimator.transform` returns; of dates alone, what it is seen to return."""
    if isinstance(rows, Table) and is_dated(rows) and type(estimator).__name__ not in COMPOSED:
        return transform_dates(graph, estimator, rows)
    return find(TRANSFORMING, estimator)(graph, estimator, rows)


def is_dated(rows: Table) -> bool:
    """Whether all columns have dates."""
    return len(rows.times) > 0 and all(dtype is not None for dtype in rows.times)


def find(builds: dict[str, Build], estimator: Any) -> Build:
    """How to build for exactly this class of a known library: a subclass may compute something else."""
    kind = type(estimator)
    if kind.__name__ in REASONS:
        refuse(estimator, REASONS[kind.__name__])
    if kind.__module__.partition(".")[0] not in LIBRARIES or kind.__name__ not in builds:
        raise NoGraph(f"no float64 graph for {kind.__name__}")
    return builds[kind.__name__]


def require(condition: bool, estimator: Any, reason: str) -> None:
    """Leaves the estimator to a library's converter unless the condition holds."""
    if not condition:
        raise NoGraph(f"no float64 graph for {type(estimator).__name__} {reason}")


def refuse(estimator: Any, reason: str) -> NoReturn:
    """Ends the attempt: a library's converter would give other answers than the estimator."""
    raise Refused(f"{type(estimator).__name__} is not served {reason}")
