"""What comes out when an estimator is packaged: served, served with a limit, refused with the reason, or failed."""

import json
import tempfile
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from package_model import About, Disagreement, Unsupported, package_model
from packager.agreement import SHARES, SPLITS

ABOUT = About(name="table", title="Table", description="An estimator of the table.", intended_use="Tests.")
TIED = "ties"
LIMITED = "rows beside a split may get the answer of its other side (`accept_splits=True`)"
LONGEST = 400


@dataclass(frozen=True)
class Outcome:
    """`served` with the datatype, `limited`, `refused` with a reason, `not fitted`, or `failed` with the exception."""

    kind: str
    name: str
    result: str
    detail: str


def try_fit(kind: str, name: str, fit: Callable[[], tuple[Any, Any]]) -> Outcome:
    """Fits and packages; `fit` returns the fitted estimator and its rows."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            estimator, rows = fit()
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
        except Exception as failure:
            where = traceback.extract_tb(failure.__traceback__)[-1]
            return Outcome(kind, name, "failed", f"{type(failure).__name__} in {where.name}: {shorten(failure)}")


def try_again(kind: str, name: str, estimator: Any, rows: Any, refusal: Exception) -> Outcome:
    """Packages what differs only next to splits."""
    with tempfile.TemporaryDirectory() as place:
        try:
            package_model(estimator, rows, Path(place) / "model", about=ABOUT, accept_splits=True)
            return Outcome(kind, name, "limited", LIMITED)
        except (Unsupported, Disagreement):
            return Outcome(kind, name, "refused", shorten(refusal))


def describe_served(directory: Path, report: Mapping[str, float]) -> str:
    """The datatypes of a packaged model's inputs, and the share of rows with the label of the next number."""
    inputs = json.loads((directory / "card.json").read_text(encoding="utf-8"))["inputs"]
    datatypes = ", ".join(dict.fromkeys(each["datatype"] for each in inputs))
    share = report.get(SHARES[SPLITS], 0.0)
    return f"{datatypes}; {TIED} in {share:.1%} of the rows beside a change" if share > 0 else datatypes


def shorten(failure: Exception) -> str:
    """A reason that fits into a cell."""
    text = " ".join(str(failure).split()).replace("|", "\\|")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
