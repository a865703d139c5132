"""Missing strings are null to callers and an empty string to the weights, and get the estimator's own answer."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from package_model import Unsupported, package_model
from packager import patients
from packager.fitted import ABOUT, read_json
from packager.steps import encode

ENCODED = make_pipeline(encode(OneHotEncoder()), Ridge())
SAMPLE = patients.NONES[patients.WORDS + patients.NUMBERS].assign(mass=patients.PATIENTS["mass"])


@pytest.mark.parametrize("gap", [None, np.nan])
def test_callers_send_null_for_a_missing_string(gap: Any, tmp_path: Path) -> None:
    sample = SAMPLE.assign(band=SAMPLE["band"].where(SAMPLE["band"].notna(), gap))
    estimator = ENCODED.fit(sample, patients.PROGRESS)
    package_model(estimator, sample, tmp_path, about=ABOUT)
    band = read_json(tmp_path / "card.json")["features"][1]
    assert (band["nullable"], band["categories"]) == (True, ["high", "normal", "raised"])
    samples = read_json(tmp_path / "samples.json")["samples"]
    row = next(each for each in samples if each["instance"]["band"] is None)
    assert row["prediction"]["value"] == pytest.approx(
        estimator.predict(pd.DataFrame([row["instance"]]).assign(band=pd.Series([gap], dtype=object)))[0]
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([None, np.nan, "a"], "has None and nan for missing strings: expected one of them"),
        ([None, "", "a"], "has None and the empty string for missing strings"),
        ([None, None, None], "has no values"),
        ([None, True, False], "A boolean cannot be missing in a tensor: convert the column with astype"),
    ],
)
def test_a_column_has_one_sign_for_missing_strings(values: list[Any], message: str, tmp_path: Path) -> None:
    rows = pd.DataFrame({"word": pd.Series(values, dtype=object), "number": [1.0, 2.0, 3.0]})
    with pytest.raises(Unsupported, match=message):
        package_model(Ridge().fit([[1.0, 2.0]] * 3, [1, 2, 3]), rows, tmp_path / "model", about=ABOUT)
