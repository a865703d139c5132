"""Dates are sent as seconds since 1970, and what a function makes of them is found by asking it."""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from package_model import Unsupported, package_model
from packager import patients as p
from packager.dated import be_first, be_odd, count_days, read_parts, wave
from packager.fitted import read_json


@pytest.fixture(autouse=True)
def without_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without node, only Python's runtime checks what is written, which takes a third of the time."""
    monkeypatch.setenv("PATH", "")


def fit(step: Any, rows: pd.DataFrame) -> Any:
    """A ridge of what a step makes of the dates, beside the mass."""
    columns = ColumnTransformer([("visited", step, ["visited"]), ("mass", "passthrough", ["mass"])])
    return make_pipeline(columns, StandardScaler(), Ridge()).fit(rows, p.PROGRESS)


def ask(directory: Path, rows: pd.DataFrame, seconds: Any) -> Any:
    """What the weights answer for other instants."""
    feeds = {"visited": np.asarray(seconds, np.float64)[:, None], "mass": rows[["mass"]].to_numpy()}
    return onnxruntime.InferenceSession(directory / "model.onnx").run(["variable"], feeds)[0].ravel()


ROWS = p.TIMES[["mass", "visited"]]
# Beyond the dates of the fit: leap days, ends of years, a century without a leap day, and one before 1970.
ODD = pd.Series(
    pd.to_datetime(
        ["2024-02-29 23:59:59.999999", "2024-12-31", "2025-03-01", "2100-02-28", "2100-03-01 12:30", "1969-12-31 23:00"], format="ISO8601"
    )
)


@pytest.mark.parametrize("step", [FunctionTransformer(each) for each in (count_days, read_parts, wave)])
def test_repeats_what_is_made_of_dates(step: Any, tmp_path: Path) -> None:
    estimator = fit(step, ROWS)
    package_model(estimator, ROWS, tmp_path, holdout=(ROWS, p.PROGRESS))
    odd = ROWS.iloc[: len(ODD)].assign(visited=ODD.astype(ROWS["visited"].dtype))
    seconds = ODD.to_numpy("datetime64[us]").astype(np.int64) / 1e6
    assert ask(tmp_path, odd, seconds) == pytest.approx(estimator.predict(odd), rel=1e-9)
    feature = read_json(tmp_path / "card.json")["features"][1]
    assert (feature["unit"], feature["description"][-40:]) == ("s", ", in seconds since 1970-01-01T00:00:00Z.")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_callers_send_seconds_of_universal_time(zone: str, tmp_path: Path) -> None:
    rows = ROWS.assign(visited=ROWS["visited"].dt.tz_localize("UTC").dt.tz_convert(zone))
    start = pd.Timestamp("2024-01-01", tz=zone)
    estimator = fit(FunctionTransformer(lambda dates: (dates - start) / np.timedelta64(1, "h")), rows)
    package_model(estimator, rows, tmp_path)
    seconds = [instant.timestamp() for instant in rows["visited"].iloc[:5]]
    assert ask(tmp_path, rows.iloc[:5], seconds) == pytest.approx(estimator.predict(rows.iloc[:5]), rel=1e-9)


def test_missing_dates_are_null(tmp_path: Path) -> None:
    rows = ROWS.assign(visited=ROWS["visited"].mask(p.IS_GAP[:, 1]))
    estimator = fit(make_pipeline(FunctionTransformer(read_parts), SimpleImputer()), rows)
    package_model(estimator, rows, tmp_path)
    assert read_json(tmp_path / "card.json")["features"][1]["nullable"]
    samples = read_json(tmp_path / "samples.json")["samples"]
    assert any(each["instance"]["visited"] is None for each in samples)


def read_hours(dates: pd.DataFrame) -> Any:
    """The hour where the dates were written."""
    return dates["visited"].dt.hour.to_frame()


@pytest.mark.parametrize(
    ("step", "rows", "message"),
    [
        (FunctionTransformer(be_first), ROWS, "what it makes of dates is no line"),
        (FunctionTransformer(be_odd), ROWS, "column 0 of FunctionTransformer of visited is not served: what it makes of dates is no line"),
        (
            FunctionTransformer(read_hours),
            ROWS.assign(visited=ROWS["visited"].dt.tz_localize("UTC").dt.tz_convert("Europe/Berlin")),
            "what it makes of dates is no line.* or a hook",
        ),
        (
            FunctionTransformer(count_days),
            ROWS.assign(visited=ROWS["visited"] + pd.Timedelta(1, "ns")),
            r"round them .* dt.round\('us'\)",
        ),
    ],
)
def test_says_what_to_do_about_others(step: Any, rows: pd.DataFrame, message: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=message):
        package_model(fit(step, rows), rows, tmp_path / "model")
