"""The pages of estimators and pipelines say what comes out; a sample of them is tried here."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from packager import table
from packager.outcomes import Outcome

ESTIMATORS = table.DOCUMENTS / "estimators.md"
PIPELINES = table.DOCUMENTS / "pipelines.md"
SAMPLE = [
    "HuberRegressor",
    "ExtraTreesRegressor",
    "GradientBoostingClassifier",
    "GaussianNB",
    "PolynomialFeatures",
    "DBSCAN",
    "ClassifierChain",
    "GaussianProcessClassifier",
    "SplineTransformer",
    "KNNImputer",
    "month and weekday by a function",
    "the same with missing numbers",
    "TransformedTargetRegressor(PowerTransformer)",
    "FunctionTransformer(np.clip) with kw_args",
    "most_frequent of NaN",
    "FunctionTransformer of a function of one's own",
]


@pytest.mark.parametrize(("page", "listed"), [(ESTIMATORS, table.list_trials), (PIPELINES, table.list_pipelines)])
def test_the_pages_say_what_comes_out(page: Path, listed: Callable[[], Iterator[tuple[str, str, Callable[[], Outcome]]]]) -> None:
    text = page.read_text(encoding="utf-8")
    for _, name, attempt in listed():
        assert f"| {name} |" in text
        if name in SAMPLE:
            found = attempt()
            assert f"| {name} | {found.result} |" in text


def test_nothing_fails_with_a_stack() -> None:
    for page in (ESTIMATORS, PIPELINES):
        assert "| failed |" not in page.read_text(encoding="utf-8")
