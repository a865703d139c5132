"""The ways to convert an estimator, in the order in which they are tried; the first that agrees with it is served."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from .about import Task
from .agreement import Agreement, Comparison, Disagreement
from .answers import Answer, Answers, create_runner
from .columns import Columns, Precision, Unsupported
from .conversion import NO_CONVERTER, Converted, convert, convert_to_double
from .graphs.graph import NoGraph, Refused
from .labels import Label, has_shares
from .margins import Margins
from .progress import tell
from .reading import require_float32


@dataclass(frozen=True)
class Asked:
    """The estimator's own answers, which candidates must repeat."""

    answer: Answer
    sample: Answers
    held_out: Any
    held_out_answers: Answers | None
    margins: Margins | None


@dataclass(frozen=True)
class Chosen:
    """A conversion that agrees with its estimator."""

    converted: Converted
    columns: Columns
    answer_served: Answer
    agreement: Agreement


EQUALLY_FAR = (
    "Rows of the fit are equally far from it, and which of them KNNImputer takes is up to NumPy: as with whole numbers. "
    "Fill with SimpleImputer or IterativeImputer, or let HistGradientBoosting take the gaps."
)
Candidate = tuple[Columns, Callable[[Columns], Converted]]


def list_candidates(
    estimator: Any, task: Task, columns: Columns, precision: Precision | None, several: Sequence[Label] = ()
) -> Iterator[Candidate]:
    """float64 first: this packager's own graph, then a library's converter. Only a bare forest, which reads float32, is exact there."""
    has_probabilities = has_shares(estimator, several)

    def by_graph(columns: Columns) -> Converted:
        return convert_to_double(estimator, task, columns, has_probabilities=has_probabilities, several=several)

    if columns.text is not None:
        yield columns, by_graph
        return
    is_known = task != "tensors" and (hasattr(estimator, "classes_") or task != "classification")

    def by_library(columns: Columns) -> Converted:
        return convert(estimator, columns, has_probabilities=has_probabilities)

    narrow = columns.in_precision("FP32")
    if type(estimator) is RandomForestClassifier and task == "classification":
        yield narrow, by_library
    if precision != "FP32":
        yield columns, by_graph
        if is_known:
            yield columns, by_library
    if precision != "FP64" and is_known:
        yield narrow, by_library
    if precision == "FP32" and not is_known:
        yield narrow, by_graph


def choose(
    estimator: Any, task: Task, columns: Columns, asked: Asked, classes: NDArray[Any] | None, **options: Any
) -> Chosen:
    """The first candidate that agrees on every kind of rows; otherwise raises the reason of the most exact that ran."""
    precision, seed, several = (options.pop(name) for name in ("precision", "seed", "several"))
    refusals: list[Exception] = []
    for tried, build in list_candidates(estimator, task, columns, precision, several):
        try:
            require_float32(tried)
            tell(f"converting to {' and '.join(sorted({column.datatype for column in tried.columns}))}")
            converted = build(tried)
            served = replace(tried, tensors=converted.tensors)
            kinds = {"are_places": converted.labels_are_places, "has_several": task == "tensors"}
            answer_served = create_runner(converted.weights, served, classes, **kinds)
            comparison = Comparison(asked.answer, answer_served, served, margins=asked.margins, **options)
            agreement = comparison.agree(asked.sample, asked.held_out, asked.held_out_answers, seed=seed)
            return Chosen(converted, served, answer_served, agreement)
        except Refused:
            raise
        except (Unsupported, Disagreement) as refusal:
            refusals.append(refusal)
    raise find_reason(refusals, estimator)


def find_reason(refusals: list[Exception], estimator: Any) -> Exception:
    """A difference says more than a missing converter, and a converter's reason more than that there is no graph."""
    differing = [each for each in refusals if isinstance(each, Disagreement)]
    known = [each for each in refusals if not isinstance(each, NoGraph)]
    missing = next((each for each in refusals if isinstance(each, NoGraph)), None)
    if differing and any(type(each).__name__ == "KNNImputer" for each in list_parts(estimator)):
        return Disagreement(f"{first_sentence(differing[0])} {EQUALLY_FAR}", differing[0].picture)
    if differing or missing is None:
        return (differing or known)[0]
    if known and not str(known[0]).startswith(NO_CONVERTER):
        return Unsupported(f"{missing}; nor by its library's converter: {known[0]}")
    return Unsupported(f"{missing}, and no converter has one. docs/reference/estimators.md lists what is served")


def first_sentence(refusal: Exception) -> str:
    """What differs, without the usual causes."""
    return str(refusal).partition(" Sums in float32")[0].partition(" If rows next to")[0]


def list_parts(estimator: Any) -> Iterator[Any]:
    """An estimator with all its steps and transformers."""
    yield estimator
    parts = [part for _, part in getattr(estimator, "steps", ())]
    parts += [part for _, part, _ in getattr(estimator, "transformers_", ())]
    parts += [part for _, part in getattr(estimator, "transformer_list", ())]
    parts += [part] if (part := getattr(estimator, "best_estimator_", None)) is not None else []
    for each in parts:
        yield from list_parts(each)
