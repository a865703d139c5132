"""A refusal says what is wrong, what was expected, and the shortest way to an endpoint."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression, Ridge

from package_model import Unsupported, package_model
from packager import patients
from packager.agreement import show_row
from packager.steps import mixed

ROWS, VALUES = patients.PATIENTS, patients.PROGRESS
TURNED = ROWS[ROWS.columns[::-1]]
LINE = mixed(Ridge()).fit(ROWS, VALUES)
LEVELS = mixed(LogisticRegression(max_iter=500)).fit(ROWS, patients.LEVEL)
CURE = r"pass sample\[list\(estimator.feature_names_in_\)\]"


@pytest.mark.parametrize(
    ("estimator", "sample", "options", "message"),
    [
        (Ridge, ROWS, {}, r"got the class Ridge: pass what Ridge\(…\).fit\(…\) returns"),
        (mixed(Ridge()), ROWS, {}, "is not fitted: call fit"),
        (HistGradientBoostingClassifier(), patients.NUMERIC, {}, "is not fitted: call fit"),
        (LINE, TURNED, {}, f"columns in another order than the fit had: {CURE}"),
        (LINE, ROWS.drop(columns=["sex", "age"]), {}, "lacks the columns age, sex, which the fit had"),
        (LINE, ROWS.assign(day=pd.Timestamp(2024, 1, 1)), {}, f"the column day, which the fit did not have: {CURE}"),
        (LINE, None, {}, "expected the rows of the fit as a frame or an array, got NoneType"),
        (LINE, "rows.csv", {}, "as a frame or an array, got 'rows.csv'"),
        (LINE, ROWS, {"seed": "x"}, "seed must be a whole number from 0, got 'x'"),
        (LEVELS, ROWS, {"targets": patients.LABELS}, r"one target for each row of the sample, got the shape \(442, 3\)"),
        (LEVELS, ROWS, {"targets": ["most"] * len(ROWS)}, "targets have 'most', .* expected high, low, middle"),
        (LEVELS, ROWS, {"holdout": (ROWS.rename(columns={"age": "years"}), VALUES)}, "the holdout lacks the column age"),
    ],
)
def test_says_what_to_do(estimator: Any, sample: Any, options: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=message):
        package_model(estimator, sample, tmp_path / "model", **options)
    assert not (tmp_path / "model").exists()


def test_a_holdout_has_its_columns_by_name(tmp_path: Path) -> None:
    report = package_model(LEVELS, ROWS, tmp_path / "one", holdout=(ROWS, patients.LEVEL))
    package_model(LEVELS, ROWS, tmp_path / "other", holdout=(TURNED, patients.LEVEL))
    assert len(report) == 4
    assert (tmp_path / "one" / "card.json").read_bytes() == (tmp_path / "other" / "card.json").read_bytes()


def test_values_are_printed_without_the_types_of_numpy() -> None:
    row = pd.DataFrame({"word": pd.Series([np.str_("steel")], dtype=object), "size": [np.float64(2.5)]})
    assert show_row(row) == "{'word': 'steel', 'size': 2.5}"
