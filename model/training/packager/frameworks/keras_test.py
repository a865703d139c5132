"""Models of Keras are served as they answer with training=False, on the backend that the tests run on."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

keras = pytest.importorskip("keras", reason="packager/keras.txt has Keras")

from keras import layers  # noqa: E402

from package_model import About, Unsupported, package_model  # noqa: E402
from packager.fitted import read_json  # noqa: E402
from packager.frameworks import keras_models  # noqa: E402
from packager.serving import find_obstacle  # noqa: E402

RANDOM = np.random.default_rng(0)
ROWS = RANDOM.normal(size=(60, 3)).astype(np.float32)
IDS = RANDOM.integers(0, 10, (60, 5))
keras.utils.set_random_seed(0)


def name(*labels: str) -> About:
    """What the owner says."""
    return About(name="test", title="Test", description="Answers.", intended_use="Tests.", labels=labels or None)


def stack(shape: tuple[int, ...], *parts: Any) -> Any:
    """A model of layers one behind the other."""
    return keras.Sequential([keras.Input(shape), *parts])


def join(*, is_dict: bool) -> Any:
    """Numbers and ids, in a dict with two outputs or in a list with one."""
    numbers, ids = keras.Input((3,), name="numbers"), keras.Input((5,), dtype="int64", name="ids")
    joined = layers.Concatenate()([numbers, layers.GlobalAveragePooling1D()(layers.Embedding(10, 4)(ids))])
    if not is_dict:
        return keras.Model([numbers, ids], layers.Dense(1)(joined))
    # The order in which exporters sort these is not that of the model.
    outputs = {"zone": layers.Dense(2)(joined), "area": layers.Dense(2)(joined)}
    return keras.Model({"numbers": numbers, "ids": ids}, outputs)


class Own(keras.Model):
    """A model that knows its inputs when it is called."""

    def __init__(self) -> None:
        super().__init__()
        self.line = layers.Dense(2)

    def call(self, rows: Any) -> Any:
        return self.line(rows)


class Noise(layers.Layer):
    """Random whether it trains or not."""

    def call(self, rows: Any) -> Any:
        return keras.random.dropout(rows, 0.5)


@pytest.mark.parametrize(
    ("model", "sample", "options", "task"),
    [
        (
            stack((3,), layers.Dense(8, "relu"), layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(3, "softmax")),
            pd.DataFrame(ROWS, columns=["a", "b", "c"]),
            {"targets": RANDOM.integers(0, 3, 60)},
            "classification",
        ),
        (keras.Sequential([layers.Dense(3)]), ROWS, {"about": name("x", "y", "z")}, "classification"),
        (
            stack((6, 6, 1), layers.Conv2D(4, 3, activation="relu"), layers.Flatten(), layers.Dense(1, "sigmoid")),
            RANDOM.random((20, 6, 6, 1)),
            {"about": name("no", "yes")},
            "classification",
        ),
        (join(is_dict=True), {"numbers": ROWS, "ids": IDS}, {}, "tensors"),
        (join(is_dict=False), [ROWS, IDS], {}, "regression"),
        (stack((7, 3), layers.LSTM(4), layers.Dense(1)), RANDOM.normal(size=(30, 7, 3)), {}, "regression"),
        (Own(), ROWS, {"task": "embedding"}, "embedding"),
    ],
)
def test_a_model_is_served(model: Any, sample: Any, options: dict[str, Any], task: str, tmp_path: Path) -> None:
    assert find_obstacle() is None
    report = package_model(model, sample, tmp_path, **options)
    assert max(report.values()) < 1e-5
    card = read_json(tmp_path / "card.json")
    assert card["task"] == task
    assert card["training"]["parameters"]["backend"] == keras.backend.backend()
    if task != "tensors":
        return
    samples = read_json(tmp_path / "samples.json")["samples"]
    given = {part: np.array([each["instance"][part] for each in samples]) for part in ("numbers", "ids")}
    for part, values in model(given, training=False).items():
        found = np.array([each["prediction"][part] for each in samples])
        assert found == pytest.approx(keras.ops.convert_to_numpy(values), abs=1e-5)


@pytest.mark.parametrize(
    ("model", "sample", "message"),
    [
        (stack((3,), layers.Dense(2)), ROWS, "answers 2 numbers a row, which may be anything"),
        (stack((3,), layers.Dense(1)), ROWS[:, :2], "the network rejects the sample"),
        (stack((3,), layers.Dense(2, dtype="float16")), ROWS, "weights of float16: expected float32"),
        (stack((3,), Noise(), layers.Dense(1)), ROWS, "the network differs from itself: .* by up to"),
        (join(is_dict=False), {"numbers": ROWS, "words": IDS}, "the sample lacks the input ids: expected numbers, ids"),
    ],
)
def test_says_what_to_change(model: Any, sample: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=message):
        package_model(model, sample, tmp_path / "model", about=name())
    assert list(tmp_path.iterdir()) == []


def test_says_which_backends_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras_models.keras.backend, "backend", lambda: "numpy")
    with pytest.raises(Unsupported, match="Keras runs on numpy here, which has no exporter: .*KERAS_BACKEND is torch"):
        package_model(stack((3,), layers.Dense(1)), ROWS, tmp_path / "model")
