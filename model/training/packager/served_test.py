"""What is written has been checked with the endpoint's own runtime, or a warning says that it has not."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from onnx import TensorProto, helper
from scipy.sparse import csr_matrix
from sklearn.cluster import AgglomerativeClustering
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge

from package_model import Unsupported, package_model
from packager import serving
from packager.columns import Unsupported as Refused
from packager.fitted import ABOUT, FITTED, GAPS, ONE_JOB, ROWS, VALUES, read_json
from packager.serving import NotServed, check_by_endpoint, check_by_python

HAS_ENDPOINT = serving.find_obstacle() is None


@pytest.mark.skipif(not HAS_ENDPOINT, reason="npm ci and npm run build have not run")
def test_several_values_of_a_forest_are_served(tmp_path: Path) -> None:
    forest = RandomForestRegressor(5, **ONE_JOB).fit(ROWS, np.column_stack([VALUES, ROWS[:, :2]]))
    package_model(forest, ROWS, tmp_path, about=ABOUT)
    assert read_json(tmp_path / "card.json")["outputs"][0]["shape"] == [-1, 3]
    assert check_by_endpoint(tmp_path) is None


@pytest.mark.skipif(not HAS_ENDPOINT, reason="npm ci and npm run build have not run")
def test_what_the_endpoint_finds_wrong_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("package_model.check_by_python", lambda *_: None)
    monkeypatch.setattr("package_model.create_samples", lambda *_: [{"instance": [0, 0, 0], "prediction": {"value": 1e9}}])
    with pytest.raises(Unsupported, match=r"the endpoint cannot serve this model: samples +1 of 1"):
        package_model(*FITTED["ridge"], tmp_path / "model", about=ABOUT)
    assert list(tmp_path.iterdir()) == []


def test_says_when_the_endpoint_is_not_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.warns(NotServed, match="not with the endpoint's: node is not on the PATH. Then run npm run model -- check"):
        package_model(*FITTED["ridge"], tmp_path, about=ABOUT)
    assert (tmp_path / "model.onnx").exists()


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([helper.make_node("ReduceMean", ["X"], ["value"], keepdims=1)], r"has the shape \[1, 1\]: expected \[\d+, 1\]"),
        (
            [
                helper.make_node("ReduceMean", ["X"], ["mean"], keepdims=1),
                helper.make_node("ReduceSum", ["X", "axes"], ["sum"], keepdims=1),
                helper.make_node("Add", ["sum", "mean"], ["value"]),
            ],
            "a row's answer depends on the other rows of its run",
        ),
    ],
)
def test_python_sees_rows_that_are_not_their_own(nodes: list[Any], message: str, tmp_path: Path) -> None:
    package_model(*FITTED["ridge"], tmp_path, about=ABOUT, precision="float32")
    axes = helper.make_tensor("axes", TensorProto.INT64, [1], [1])
    graph = helper.make_graph(
        nodes,
        "model",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 3])],
        [helper.make_tensor_value_info("value", TensorProto.FLOAT, None)],
        [axes] if len(nodes) > 1 else [],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    card = (tmp_path / "card.json").read_text(encoding="utf-8").replace('"variable"', '"value"')
    (tmp_path / "card.json").write_text(card, encoding="utf-8")
    (tmp_path / "model.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(Refused, match=message):
        check_by_python(tmp_path, None)


def test_a_directory_keeps_what_else_it_has_and_its_old_model_after_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    package_model(*FITTED["ridge"], tmp_path, about=ABOUT)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(Unsupported):
        package_model(Ridge(), ROWS, tmp_path, about=ABOUT)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert sorted(before) == ["card.json", "card.schema.json", "model.onnx", "notes.txt", "samples.json"]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "model" / "model.onnx").mkdir(parents=True)
    for place, message in (("file", "is a file: expected a directory"), ("model", "model.onnx is a directory: expected a file")):
        with pytest.raises(Unsupported, match=message):
            package_model(*FITTED["ridge"], tmp_path / place, about=ABOUT)
    assert list((tmp_path / "model").iterdir()) == [tmp_path / "model" / "model.onnx"]
    shutil.rmtree(tmp_path / "model")


TIMES = pd.to_datetime(["2024-01-01"] * 150)
NUMBERS = pd.DataFrame(ROWS, columns=["a", "b", "c"])
RIDGE = FITTED["ridge"][0]


@pytest.mark.parametrize(
    ("estimator", "sample", "message"),
    [
        (RIDGE, ROWS.tolist()[:2] + [[1]], "the sample is not an array of numbers"),
        (RIDGE, np.empty((0, 3)), r"the shape \(0, 3\): expected \[rows, features\]"),
        (RIDGE, csr_matrix(ROWS), "a sparse csr_matrix: expected a frame or an array"),
        (RIDGE, ROWS + 1j, "dtype complex128"),
        (RIDGE, ROWS.astype(str), "Pass strings and mixed columns in a frame"),
        (RIDGE, NUMBERS.assign(c=TIMES), r"column c has Timestamp.*JSON has no dates or times"),
        (RIDGE, NUMBERS.assign(c=TIMES - TIMES[0]), r"column c has Timedelta.*JSON has no dates or times"),
        (RIDGE, NUMBERS.assign(c=pd.array([None, True] * 75, "boolean")), r"column c has <NA>.*A boolean cannot be missing.*astype\(float\)"),
        (RIDGE, NUMBERS.assign(c=pd.array([True, None] * 75, "boolean")), r"column c has <NA>.*astype\(float\)"),
        (RIDGE, NUMBERS.assign(c=np.array([True, None] * 75, object)), r"column c has None.*astype\(float\)"),
        (
            RIDGE,
            NUMBERS.assign(c=2**53 + np.arange(150), d="x"),
            r"column c has integers .* such as 9007199254740993, which becomes",
        ),
        (
            RIDGE,
            NUMBERS.assign(c=pd.array([2**63 + 1] * 150, "uint64"), d="x"),
            "such as 9223372036854775809, which becomes",
        ),
        (RIDGE, GAPS, "the estimator rejects the sample: Input X contains NaN"),
        (RIDGE, ROWS[:, :2], "the estimator rejects the sample: X has 2 features"),
        (Ridge(), ROWS, "the estimator is not fitted: call fit"),
        (AgglomerativeClustering().fit(ROWS), ROWS, "labels only the rows that it was fitted with.*Use KMeans or Birch"),
    ],
)
def test_says_in_a_sentence_what_cannot_be_served(estimator: Any, sample: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=message):
        package_model(estimator, sample, tmp_path / "model", about=ABOUT)
    assert list(tmp_path.iterdir()) == []
