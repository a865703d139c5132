"""What needs no framework: which are loaded, what numbers are taken for, and what is taken out of an exported file."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from package_model import Unsupported
from packager.fitted import ROWS
from packager.frameworks import exported, parity
from packager.frameworks.network import Reading, to_probabilities
from packager.frameworks.sample import read_rows
from packager.frameworks.tasks import read_task

TRAINING = Path(__file__).parents[2]
NUMBERS = ROWS[:20].astype(np.float32)
SHARES = (np.exp(NUMBERS) / np.exp(NUMBERS).sum(1, keepdims=True)).astype(np.float32)
UNUSED = """
import sys
import numpy as np
from sklearn.linear_model import Ridge
from package_model import package_model

rows = np.arange(60.0).reshape(20, 3) ** 0.5
package_model(Ridge().fit(rows, rows[:, 0]), rows, sys.argv[1])
print(sorted({"torch", "keras", "tensorflow", "transformers"} & set(sys.modules)))
"""


def test_no_framework_is_loaded_for_an_estimator(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(TRAINING), "PATH": "", "ORT_DISABLE_TELEMETRY": "1"}
    command = [sys.executable, "-W", "ignore", "-c", UNUSED, str(tmp_path / "model")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def read(numbers: NDArray[Any], end: str | None = None, **options: Any) -> Reading:
    """What the numbers of the only output are taken for."""
    given = {"task": None, "outputs": None, "labels": None, "targets": None, **options}
    return read_task({"output": numbers}, lambda _: end, **given)


@pytest.mark.parametrize(
    ("numbers", "end", "options", "task", "activation"),
    [
        (SHARES, None, {}, "classification", None),
        (SHARES, "Softmax", {"labels": ["a", "b", "c"]}, "classification", None),
        (np.log(SHARES), "LogSoftmax", {}, "classification", "exp"),
        (NUMBERS, None, {"labels": ["a", "b", "c"]}, "classification", "softmax"),
        (NUMBERS, None, {"targets": [0, 1, 2, 1] * 5}, "classification", "softmax"),
        (NUMBERS[:, :1], None, {"labels": ["a", "b"]}, "classification", "sigmoid"),
        (SHARES[:, 0], "Sigmoid", {"targets": [0, 1] * 10}, "classification", None),
        (SHARES[:, 0], "Sigmoid", {}, "regression", None),
        (NUMBERS[:, :1], None, {"targets": NUMBERS[:, 0]}, "regression", None),
        (NUMBERS, None, {"task": "embedding"}, "embedding", None),
        (NUMBERS[:, :, None, None], None, {}, "tensors", None),
        (NUMBERS.argmax(1), None, {}, "tensors", None),
    ],
)
def test_says_what_numbers_are(numbers: Any, end: Any, options: dict[str, Any], task: str, activation: Any) -> None:
    reading = read(numbers, end, **options)
    assert (reading.task, reading.activation) == (task, activation)


@pytest.mark.parametrize(("width", "activation"), [(3, None), (3, "softmax"), (3, "exp"), (1, "sigmoid"), (1, None)])
def test_the_weights_make_the_same_probabilities(width: int, activation: Any) -> None:
    given = NUMBERS[:, :width] if activation != "exp" else np.log(SHARES)
    given = SHARES[:, :1] if (width, activation) == (1, None) else given
    model = create_model([helper.make_node("Identity", ["X"], ["probabilities"])], width)
    exported.add_probabilities(model, "probabilities", Reading("classification", {}, activation=activation), width)
    weights = exported.finish(model, {"X": given[:3]}, "Test")
    (found,) = onnxruntime.InferenceSession(weights).run(["probabilities"], {"X": given})
    assert found == pytest.approx(to_probabilities(given, activation), abs=1e-6)
    assert found.shape == (20, max(2, width))


def test_notes_of_the_exporter_are_removed() -> None:
    branch = helper.make_graph([helper.make_node("Constant", [], ["two"], value_float=2.0)], "branch", [], [])
    node = helper.make_node("Identity", ["X"], ["out"], doc_string="/home/me/train.py")
    node.attribute.append(helper.make_attribute("unused", branch))
    model = create_model([node], 3)
    for part in (model, model.graph, node, model.graph.node[0], model.graph.node[0].attribute[0].g.node[0]):
        part.metadata_props.append(onnx.StringStringEntryProto(key="stack_trace", value="/home/me/train.py"))
    assert b"/home/me" not in exported.clean(model).SerializeToString()


def test_a_name_that_the_graph_has_is_kept_apart() -> None:
    nodes = [helper.make_node("Neg", ["X"], ["value"]), helper.make_node("Abs", ["value"], ["out"])]
    model = create_model(nodes, 3)
    exported.rename(model, {"out": "value"})
    (found,) = onnxruntime.InferenceSession(model.SerializeToString()).run(["value"], {"X": NUMBERS})
    assert found.tolist() == np.abs(NUMBERS).tolist()


@pytest.mark.parametrize(
    ("expected", "actual", "message"),
    [
        ([[1.0], [2.0]], [[1.0], [2.0004]], r"1 of 2 rows differ .* up to 0.0002. Worst: row 1, value: .*pass tolerance=0.001"),
        ([[1.0], [2.0]], [[1.0], [5.0]], "by up to 1.5. .*The exporter writes something else"),
    ],
)
def test_a_difference_has_its_size_its_place_and_what_to_do(expected: Any, actual: Any, message: str) -> None:
    one, other = {"value": np.array(expected)}, {"value": np.array(actual)}
    with pytest.raises(parity.Disagreement, match=message):
        parity.require_close("rows", parity.measure(one, other), one, other, 1e-5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"labels": "abc"}, "the labels are the string 'abc': expected a list"),
        ({"labels": ["a"]}, r"the labels are \['a'\]: expected at least two"),
        ({"task": "classification", "labels": ["a", "b"]}, "answers 3 numbers a row and has 2 labels"),
        ({"outputs": "probabilities", "labels": ["a", "b", "c"]}, "expected shares that sum to 1"),
    ],
)
def test_says_what_is_wrong_with_labels(options: dict[str, Any], message: str) -> None:
    with pytest.raises(Unsupported, match=message):
        read(NUMBERS, **options)


def test_a_label_that_rounding_decides_is_no_golden_sample() -> None:
    shares = {"probabilities": np.array([[0.5, 0.5], [0.500001, 0.499999], [0.6, 0.4]])}
    assert parity.is_clear(shares, 1e-5).tolist() == [False, False, True]
    assert parity.is_clear(shares, 1).tolist() == [True] * 3


def test_logits_are_compared_before_they_become_small_shares() -> None:
    rows = read_rows(NUMBERS, None, ["x"], np.float32)
    model = create_model([helper.make_node("Identity", ["X"], ["logits"])], 3)
    weights = exported.finish(model, {"X": NUMBERS[:3]}, "Test")
    reading = Reading("classification", {}, activation="softmax")
    assert parity.check_raw(weights, rows, {"logits": NUMBERS}, reading, 1e-5) == {"rows of the sample before softmax": 0.0}
    with pytest.raises(parity.Disagreement, match="20 of 20 rows of the sample before softmax differ"):
        parity.check_raw(weights, rows, {"logits": NUMBERS + 0.001}, reading, 1e-5)


def test_integers_and_booleans_differ_or_not() -> None:
    assert parity.measure({"a": np.array([1, 2])}, {"a": np.array([1, 3])}).tolist() == [0, np.inf]


def test_large_rows_are_few_in_a_run() -> None:
    rows = read_rows(np.zeros((5, 1_000_000), np.float32)[:, :, None], None, ["x"], np.float32)
    assert [len(places) for places, _ in rows.groups()] == [4, 1]
    with pytest.raises(Unsupported, match="integers beyond 2"):
        read_rows(np.full((2, 2), 2**60), None, ["x"], np.float32)


def create_model(nodes: list[Any], width: int) -> onnx.ModelProto:
    """A model of some nodes."""
    last = nodes[-1].output[0]
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["n", width])],
        [helper.make_tensor_value_info(last, TensorProto.FLOAT, ["n", width])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
