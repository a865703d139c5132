"""Writes which estimators of scikit-learn are served: fits each on real data, packages it, and keeps what came out.

python model/training/packager/table.py [--out FILE] [NAME …]
"""

import argparse
import json
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import lightgbm
import xgboost

sys.path.insert(0, str(Path(__file__).parents[1]))

from package_model import About, Disagreement, Unsupported, package_model  # noqa: E402
from packager.agreement import SHARES, SPLITS  # noqa: E402
from packager.boosted import LIBRARIES  # noqa: E402
from packager.catalogue import KINDS, LEFT_OUT, fit, list_names  # noqa: E402

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "estimators.md"
ABOUT = About(name="table", title="Table", description="An estimator of the table.", intended_use="Tests.")
TITLES = dict(zip(KINDS, ("Classifiers", "Regressors", "Clusterers", "Outlier detectors", "Transformers"), strict=True))
TIED = "ties"
LIMITED = "rows beside a split may get the answer of its other side (`accept_splits=True`)"
HEAD = """# Estimators

What `package_model` makes of each estimator of scikit-learn {version} that answers for new rows, fitted on real data (wine,
diabetes, digits): with 20 estimators in an ensemble and the settings of `packager/catalogue.py`, else with its defaults. One data set
each shows what is covered, not how often a model of yours would be refused.

*Served* means: the same labels, and numbers within 1e-6, on the rows of the sample, on 1 000 random rows and on the two sides of 400
changes of the answer, found by bisection down to neighbouring float64 numbers. *Ties* says that some of those two sides got each
other's label, where the estimator's own two best scores differ by less than 1e-6; the share is given, and the card states it.
*Limited* means that other rows next to a change differ, so that `accept_splits=True` is needed. Nothing else is served.

Left out, because no estimator alone has their answers or input: {left_out}.

`npm run train -- table` writes this page.

{summary}
"""
BOOSTED = """## Boosting libraries

Models of XGBoost {xgboost} and LightGBM {lightgbm} as people fit them. The weights compare and add as the library does: XGBoost in float32
and tree by tree, so that the sums are the same bits, LightGBM in float64."""


@dataclass(frozen=True)
class Outcome:
    """What came out for an estimator: `served` with the datatype, `limited`, `refused` with a reason, or `failed`."""

    kind: str
    name: str
    result: str
    detail: str


def try_estimator(kind: str, name: str) -> Outcome:
    """Fits and packages one estimator."""
    return try_fit(kind, name, lambda: fit(kind, name))


def try_fit(kind: str, name: str, fitting: Callable[[], tuple[Any, Any]]) -> Outcome:
    """Packages what a function fits."""
    try:
        estimator, rows = fitting()
    except Exception as failure:
        return Outcome(kind, name, "not fitted", shorten(failure))
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out = Path(place) / "model"
        try:
            report = package_model(estimator, rows, out, about=ABOUT)
            return Outcome(kind, name, "served", describe_served(out, report))
        except Unsupported as refusal:
            return Outcome(kind, name, "refused", shorten(refusal))
        except Disagreement as refusal:
            return try_again(kind, name, estimator, rows, refusal)


def try_again(kind: str, name: str, estimator: Any, rows: Any, refusal: Exception) -> Outcome:
    """Packages what differs only next to splits."""
    with tempfile.TemporaryDirectory() as place:
        try:
            package_model(estimator, rows, Path(place) / "model", about=ABOUT, accept_splits=True)
            return Outcome(kind, name, "limited", LIMITED)
        except (Unsupported, Disagreement):
            return Outcome(kind, name, "refused", shorten(refusal))


def describe_served(directory: Path, report: Mapping[str, float]) -> str:
    """The datatype of a packaged model's numbers, and the share of rows with the label of the next number."""
    datatype = json.loads((directory / "card.json").read_text(encoding="utf-8"))["inputs"][0]["datatype"]
    share = report.get(SHARES[SPLITS], 0.0)
    return f"{datatype}; {TIED} in {share:.1%} of the rows beside a change" if share > 0 else str(datatype)


def shorten(failure: Exception) -> str:
    """A reason that fits into a cell."""
    text = " ".join(str(failure).split()).replace("|", "\\|")
    return text if len(text) <= 200 else f"{text[:199]}…"


def write(outcomes: Sequence[Outcome], version: str) -> str:
    """The page."""
    counts = [f"| {TITLES[kind]} | {count(outcomes, kind)} |" for kind in KINDS]
    summary = "\n".join(["| kind | served exactly | served with ties |", "|---|---|---|", *counts])
    parts = [HEAD.format(version=version, summary=summary, left_out=", ".join(LEFT_OUT))]
    for kind in KINDS:
        parts += write_section(f"## {TITLES[kind]}", "estimator", [each for each in outcomes if each.kind == kind])
    parts += [BOOSTED.format(xgboost=xgboost.__version__, lightgbm=lightgbm.__version__), ""]
    for library in LIBRARIES:
        parts += write_section(f"### {library}", "model", [each for each in outcomes if each.kind == library])
    return "\n".join(parts)


def write_section(heading: str, subject: str, outcomes: Sequence[Outcome]) -> list[str]:
    """A heading and a table."""
    lines = [f"| {each.name} | {each.result} | {each.detail} |" for each in outcomes]
    return [heading, "", f"| {subject} | result | input or reason |", "|---|---|---|", *lines, ""]


def list_trials() -> Iterator[tuple[str, str, Callable[[], Outcome]]]:
    """The kind and name of each row of the page, and how to try it."""
    for kind, name in list_names():
        yield kind, name, partial(try_estimator, kind, name)
    for library, variants in LIBRARIES.items():
        for title, variant in variants.items():
            yield library, title, partial(try_fit, library, title, variant)


def count(outcomes: Sequence[Outcome], kind: str) -> str:
    """How many of a kind are served exactly, of how many, and how many more with ties."""
    found = [each for each in outcomes if each.kind == kind]
    served = [each for each in found if each.result == "served"]
    tied = [each for each in served if TIED in each.detail]
    return f"{len(served) - len(tied)} of {len(found)} | {len(tied)}" if found else "- | -"


def main() -> None:
    """Reads the command line and writes the page, or prints the outcomes of the named estimators."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these estimators or libraries; printed, not written")
    parser.add_argument("--out", type=Path, default=DOCUMENT)
    options = parser.parse_args()
    import sklearn

    outcomes = []
    for kind, name, attempt in list_trials():
        if options.names and not {kind, name} & set(options.names):
            continue
        started = time.monotonic()
        outcomes.append(attempt())
        print(f"{time.monotonic() - started:.1f} s", end="\t")
        print(*(getattr(outcomes[-1], key) for key in ("kind", "name", "result", "detail")), sep="\t", flush=True)
    if not options.names:
        options.out.write_text(write(outcomes, sklearn.__version__), encoding="utf-8")


if __name__ == "__main__":
    main()
