"""Writes what is served of scikit-learn, of boosting libraries and of pipelines: fits each on real data, packages it, keeps the outcome.

python model/training/packager/table.py [--only PAGE] [--out DIRECTORY] [NAME …]
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sklearn
from sklearn.base import clone

sys.path.insert(0, str(Path(__file__).parents[1]))

from packager.boosted_oblivious import EVERY  # noqa: E402
from packager.catalogue import KINDS, LEFT_OUT, fit, list_names  # noqa: E402
from packager.outcomes import TIED, Outcome, try_fit  # noqa: E402
from packager.pipelines import PIPELINES  # noqa: E402

DOCUMENTS = Path(__file__).parents[3] / "docs" / "reference"
TITLES = dict(zip(KINDS, ("Classifiers", "Regressors", "Clusterers", "Outlier detectors", "Transformers"), strict=True))
HEAD = """# Estimators

Which estimators of scikit-learn {version} `package_model` can serve. Each estimator that predicts new rows was fitted on real data (wine,
diabetes, digits) with its defaults, except for the settings in `packager/catalogue.py`; ensembles have 20 members. One data set per estimator
shows what is supported, not how often a model of yours would be refused.

*Served*: the weights give the same labels, and numbers within 1e-6, on the rows of the sample, on 1 000 random rows, and on both sides of 400
decision boundaries, located by bisection down to adjacent float64 numbers.
*Ties*: on some rows beside a boundary, the weights give the answer of the other side. The estimator's two best scores, or the two distances that
decide, differ there by less than 1e-6, so that rounding decides. The table gives the share of such rows, and so does the card.
*Limited*: other rows beside a boundary differ, too, so the model needs `accept_splits=True`. All other models are refused.

Not in the table, because their input or output is not that of an estimator by itself: {left_out}.

`npm run train -- table` writes this page. [Pipelines](pipelines.md) have a page of their own.

{summary}
"""
PIPELINES_HEAD = """# Pipelines

Which pipelines of scikit-learn {version} `package_model` can serve: {served} of {count} common ones. They were fitted on the diabetes data with strings,
missing values and dates among the columns; `packager/pipelines.py` defines them. *Served*, *ties* and *limited* are explained under
[estimators](estimators.md).

`npm run train -- table` writes this page.
"""
BOOSTED = """## Boosting libraries

Models of XGBoost {xgboost-cpu}, LightGBM {lightgbm} and CatBoost {catboost} as people fit them. The weights compare and add as the library does: XGBoost in float32
and tree by tree, so that the sums are the same bits, LightGBM and CatBoost in float64."""


def try_estimator(kind: str, name: str) -> Outcome:
    """Fits and packages one estimator."""
    return try_fit(kind, name, lambda: fit(kind, name))


def fit_pipeline(group: str, title: str) -> tuple[Any, Any]:
    """A fitted copy of a pipeline and its rows."""
    estimator, rows, targets = PIPELINES[group][title]
    return clone(estimator).fit(rows, targets), rows


def write(outcomes: Sequence[Outcome], sklearn_version: str) -> str:
    """The page."""
    counts = [f"| {TITLES[kind]} | {count(outcomes, kind)} |" for kind in KINDS]
    summary = "\n".join(["| kind | served exactly | served with ties |", "|---|---|---|", *counts])
    parts = [HEAD.format(version=sklearn_version, summary=summary, left_out=", ".join(LEFT_OUT))]
    for kind in KINDS:
        parts += write_section(f"## {TITLES[kind]}", "estimator", [each for each in outcomes if each.kind == kind])
    versions = {name: version(name) for name in ("xgboost-cpu", "lightgbm", "catboost")}
    parts += [BOOSTED.format(**versions), ""]
    for library in EVERY:
        parts += write_section(f"### {library}", "model", [each for each in outcomes if each.kind == library])
    return "\n".join(parts)


def write_pipelines(outcomes: Sequence[Outcome], version: str) -> str:
    """The page of pipelines."""
    served = sum(each.result == "served" for each in outcomes)
    parts = [PIPELINES_HEAD.format(version=version, served=served, count=len(outcomes))]
    for group in PIPELINES:
        parts += write_section(f"## {group}", "pipeline", [each for each in outcomes if each.kind == group])
    return "\n".join(parts)


def write_section(heading: str, subject: str, outcomes: Sequence[Outcome]) -> list[str]:
    """A heading and a table."""
    lines = [f"| {each.name} | {each.result} | {each.detail} |" for each in outcomes]
    return [heading, "", f"| {subject} | result | input or reason |", "|---|---|---|", *lines, ""]


def list_trials() -> Iterator[tuple[str, str, Callable[[], Outcome]]]:
    """The kind and name of each row of the page, and how to try it."""
    for kind, name in list_names():
        yield kind, name, partial(try_estimator, kind, name)
    for library, variants in EVERY.items():
        for title, variant in variants.items():
            yield library, title, partial(try_fit, library, title, variant)


def list_pipelines() -> Iterator[tuple[str, str, Callable[[], Outcome]]]:
    """Group and title of each pipeline, and how to try it."""
    for group, cases in PIPELINES.items():
        for title in cases:
            yield group, title, partial(try_fit, group, title, partial(fit_pipeline, group, title))


def count(outcomes: Sequence[Outcome], kind: str) -> str:
    """How many of a kind are served exactly, of how many, and how many more with ties."""
    found = [each for each in outcomes if each.kind == kind]
    served = [each for each in found if each.result == "served"]
    tied = [each for each in served if TIED in each.detail]
    return f"{len(served) - len(tied)} of {len(found)} | {len(tied)}" if found else "- | -"


def main() -> None:
    """Reads the command line and writes the pages, or prints the outcomes of what is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these estimators, libraries or groups; printed, not written")
    parser.add_argument("--only", choices=PAGES, help="write one of the pages")
    parser.add_argument("--out", type=Path, default=DOCUMENTS, help="directory of the pages")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many to try at a time")
    options = parser.parse_args()
    started = time.monotonic()
    for page, (list_page, to_text) in PAGES.items():
        if options.only not in (None, page):
            continue
        chosen = [each for each in list_page() if not options.names or set(each[:2]) & set(options.names)]
        outcomes = try_all([attempt for _, _, attempt in chosen], options.jobs)
        if not options.names:
            (options.out / page).write_text(to_text(outcomes, sklearn.__version__), encoding="utf-8")
    print(f"done in {time.monotonic() - started:.0f} s", file=sys.stderr)


def try_all(attempts: Sequence[Callable[[], Outcome]], jobs: int) -> list[Outcome]:
    """What comes out of each, in order; `jobs` at a time, each in a process that is forked from this one."""
    if jobs == 1 or len(attempts) < jobs:
        return [try_aloud(attempt) for attempt in attempts]
    global ATTEMPTS  # noqa: PLW0603
    # A fit that is not yet done cannot be sent to another process, its place in the list can.
    ATTEMPTS = attempts
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        return pool.map(try_at, range(len(attempts)), chunksize=1)


def try_at(place: int) -> Outcome:
    """What comes out of one of the attempts that this process inherited."""
    return try_aloud(ATTEMPTS[place])


def try_aloud(attempt: Callable[[], Outcome]) -> Outcome:
    """Prints what comes out, and the time that it took."""
    started = time.monotonic()
    found = attempt()
    print(f"{time.monotonic() - started:.1f} s", found.kind, found.name, found.result, found.detail, sep="\t", flush=True)
    return found


ATTEMPTS: Sequence[Callable[[], Outcome]] = ()
PAGES = {"estimators.md": (list_trials, write), "pipelines.md": (list_pipelines, write_pipelines)}

if __name__ == "__main__":
    main()
