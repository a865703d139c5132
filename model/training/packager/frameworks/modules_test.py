"""Modules of PyTorch are served as they answer in eval(), or refused with what to change."""

import json
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pandas as pd
import pytest

torch = pytest.importorskip("torch", reason="npm run train -- frameworks installs PyTorch")

from torch import nn  # noqa: E402

from package_model import About, Disagreement, Unsupported, package_model  # noqa: E402
from packager.fitted import read_json  # noqa: E402
from packager.frameworks import modules  # noqa: E402
from packager.serving import find_obstacle  # noqa: E402

RANDOM = np.random.default_rng(0)
ROWS = RANDOM.normal(size=(90, 3)).astype(np.float32)
IDS = RANDOM.integers(0, 10, (90, 5))
KINDS = ["left", "middle", "right"]
NAMED = About(name="test", title="Test", description="Answers.", intended_use="Tests.", labels=KINDS)
PICTURES = torch.rand(20, 1, 6, 6, generator=torch.Generator().manual_seed(0))
torch.manual_seed(0)


def create_network(width: int = 3, *last: nn.Module) -> nn.Module:
    """Two layers with what answers otherwise in training."""
    return nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(), nn.Linear(8, width), *last)


def ask(module: nn.Module, *inputs: Any) -> Any:
    """The module's own answers."""
    mode = module.training
    with torch.no_grad():
        found = module.eval()(*map(torch.as_tensor, inputs))
    module.train(mode)
    return found


class TwoInputs(nn.Module):
    """Takes numbers and ids, and gives two tensors."""

    def __init__(self) -> None:
        super().__init__()
        self.vectors, self.line = nn.Embedding(10, 4), nn.Linear(7, 2)

    def forward(self, numbers: Any, ids: Any) -> dict[str, Any]:
        joined = torch.cat([numbers, self.vectors(ids).mean(1)], -1)
        return {"scores": self.line(joined), "total": joined.sum(-1)}


class Of(nn.Module):
    """A module of one function."""

    def __init__(self, function: Any) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Any) -> Any:
        return self.function(x)


def test_a_classifier_is_served_by_name_with_probabilities(tmp_path: Path) -> None:
    assert find_obstacle() is None
    network = create_network()
    frame = pd.DataFrame(ROWS, columns=["a", "b", "c"])
    targets = ask(network, ROWS).argmax(1).numpy()
    report = package_model(network, frame, tmp_path, about=NAMED, targets=targets, holdout=(frame[:30], targets[:30]), serve=True)
    assert max(report.values()) < 1e-6
    assert {"rows of the sample before softmax", "random rows", "rows alone", "rows joined in other runs", "rows of the holdout"} < set(report)
    assert report.notes[0].startswith("the module was in train()")
    assert report.notes[1].startswith("the numbers are logits; softmax is added")
    assert network.training
    card = read_json(tmp_path / "card.json")
    assert (card["labels"], card["evaluation"]["accuracy"], card["outputs"][0]["role"]) == (KINDS, 1, "probabilities")
    # Through the endpoint, as a caller gets it.
    server = report.server
    assert isinstance(server, subprocess.Popen)
    try:
        answers = predict(read_port(server.pid), frame.to_dict("records")[:5])
    finally:
        server.terminate()
    wanted = torch.softmax(ask(network, ROWS[:5]), -1).numpy()
    assert [answer["label"] for answer in answers] == [KINDS[at] for at in wanted.argmax(1)]
    assert np.array([list(answer["probabilities"].values()) for answer in answers]) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize(
    ("network", "sample", "options", "task", "note"),
    [
        (create_network(3, nn.Softmax(-1)), ROWS, {"about": NAMED}, "classification", "the numbers are probabilities"),
        (create_network(4, nn.LogSoftmax(-1)), ROWS, {}, "classification", "the classes are named 0 to 3"),
        (create_network(1, nn.Sigmoid()), ROWS, {"targets": (ROWS[:, 0] > 0).astype(int)}, "classification", "named 0 to 1"),
        (create_network(1, nn.Flatten(0)), ROWS, {"task": "classification"}, "classification", "a logit of the second label"),
        (create_network(), ROWS, {"about": NAMED, "outputs": "scores"}, "classification", "served as scores"),
        (create_network(3, nn.Sigmoid()), ROWS, {"about": NAMED}, "regression", "each label has a probability of its own"),
        (create_network(1), torch.from_numpy(ROWS), {}, "regression", ""),
        (create_network(1).double(), ROWS, {}, "regression", ""),
        (create_network(1), RANDOM.integers(0, 9, (50, 3)), {}, "regression", ""),
        (create_network(4), ROWS, {"task": "embedding"}, "embedding", ""),
        (nn.Sequential(nn.Conv2d(1, 3, 4), nn.Flatten(), nn.Linear(27, 3)), PICTURES, {"about": NAMED}, "classification", "logits"),
        (nn.Conv2d(1, 2, 3), PICTURES, {}, "tensors", ""),
        (TwoInputs(), {"numbers": ROWS, "ids": IDS}, {}, "tensors", ""),
        (TwoInputs(), (ROWS, IDS), {"private": True}, "tensors", ""),
        (Of(lambda x: x.argmax(1)), ROWS, {}, "tensors", ""),
        (Of(lambda x: (x * 2).sum(1)), ROWS[:1], {}, "regression", ""),
    ],
)
def test_says_what_the_numbers_are(
    network: nn.Module, sample: Any, options: dict[str, Any], task: str, note: str, tmp_path: Path
) -> None:
    report = package_model(network, sample, tmp_path, **options)
    assert max(report.values()) < 1e-5
    assert note in " ".join(report.notes)
    assert read_json(tmp_path / "card.json")["task"] == task


def test_golden_samples_are_the_answers_of_the_module(tmp_path: Path) -> None:
    network = TwoInputs()
    package_model(network, {"numbers": ROWS, "ids": IDS}, tmp_path)
    samples = read_json(tmp_path / "samples.json")["samples"]
    instances = [each["instance"] for each in samples]
    wanted = ask(network, *(torch.tensor([each[name] for each in instances]) for name in ("numbers", "ids")))
    for name, values in wanted.items():
        assert np.array([each["prediction"][name] for each in samples]) == pytest.approx(values.numpy(), abs=1e-6)


def test_the_weights_tell_nothing_of_this_machine_and_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    network = create_network()
    for name in ("first", "second"):
        package_model(network, ROWS, tmp_path / name, about=NAMED)
    for name in ("model.onnx", "card.json", "samples.json"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()
    content = (tmp_path / "first" / "model.onnx").read_bytes()
    assert not any(word in content for word in (b"site-packages", b".py", str(Path(__file__).parent).encode()))
    # Without its notes the file is what the exporter wrote.
    assert len(onnx.load_from_string(content).graph.node) >= 3


@pytest.mark.parametrize(
    ("network", "sample", "options", "message"),
    [
        (create_network(), ROWS, {}, "answers 3 numbers a row, which may be anything: pass about=.*task='regression'"),
        (create_network(2), ROWS, {"about": NAMED}, "answers 2 numbers a row and has 3 labels: expected a number for each"),
        (create_network(), ROWS, {"about": NAMED, "outputs": "probabilities"}, r"a row of the answers is \[.*sum to 1"),
        (create_network(), ROWS, {"task": "ranking"}, "task must be 'classification', .* got 'ranking'"),
        (create_network(), ROWS, {"precision": "float32"}, "precision='float32' is not for this model: networks have none"),
        (create_network(), ROWS[:, :2], {}, "rejects the sample: .*mat1 and mat2 shapes cannot be multiplied"),
        (create_network(), pd.DataFrame({"a": ["x", "y"]}), {}, "the column a has the dtype .*: expected numbers"),
        (create_network(), ["a", "b"], {}, "has values such as 'a'.*A text needs a model of language with its tokenizer"),
        (create_network(), [[1.0], [1.0, 2.0]], {}, "has rows of different shapes"),
        (create_network(), None, {}, "the sample is None: expected an array or a tensor"),
        (create_network(), torch.full((5, 3, 1), torch.nan), {}, "the input .* has nan: expected finite numbers"),
        (create_network(1), ROWS, {"holdout": (ROWS[:, :2], ROWS[:, 0])}, "the holdout has other inputs"),
        (create_network(1), ROWS, {"targets": [1]}, "expected 90 targets, one for each row, got 1"),
        (create_network().half(), ROWS, {}, r"weights of torch.float16: .*Pass module.float\(\)"),
        (create_network().to("meta"), ROWS, {}, "the module has no weights: some are on the device meta"),
        (create_network().state_dict(), ROWS, {}, "a state_dict has weights without a network"),
        ("model.pt", ROWS, {}, "model.pt is a file of weights: load it"),
        (torch.jit.script(nn.Linear(3, 1)), ROWS, {}, "expected a torch.nn.Module, got a ScriptModule"),
        (TwoInputs(), {"numbers": ROWS, "ids": IDS[:5]}, {}, "different numbers of rows: numbers has 90, ids has 5"),
        (Of(lambda x: nn.functional.dropout(x).sum(1)), ROWS, {}, "differs from itself: .* by up to .*without training=self.training"),
        (Of(lambda x: (x - x.mean(0)).sum(1)), ROWS, {}, "depends on the other rows of its run: .* by up to"),
        (Of(lambda x: x.log().sum(1)), ROWS, {}, r"answers row 0 of the sample with \[nan\] in output: expected finite"),
        (Of(lambda x: x.view(90, -1).sum(1)), ROWS, {}, r"but not 20 or one of them: .* by x.shape\[0\] or -1"),
        (Of(lambda x: x.mean()), ROWS, {}, r"the output output has the shape \[\] for 90 rows"),
        (Of(lambda x: x.sum(1) if x.sum() > 1e9 else x.mean(1)), ROWS, {}, "another way for other values.*use torch.where"),
        (Of(lambda x: "yes"), ROWS, {}, "the network returns a str: expected tensors"),
        (Of(lambda x: (x.sum(1), None)), ROWS, {}, "returns a NoneType as output_1: expected tensors"),
    ],
)  # fmt: skip
def test_says_what_to_change(network: Any, sample: Any, options: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=message):
        package_model(network, sample, tmp_path / "model", **options)
    assert list(tmp_path.iterdir()) == []


def test_names_the_exporter_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lack(*_: Any, **__: Any) -> None:
        raise ModuleNotFoundError("No module named 'onnxscript'", name="onnxscript")

    monkeypatch.setattr(modules.torch.onnx, "export", lack)
    with pytest.raises(Unsupported, match=r"PyTorch exports with onnxscript: pip install onnxscript==\d"):
        package_model(create_network(1), ROWS, tmp_path / "model")


def test_a_difference_is_told_with_its_size_and_its_cure(tmp_path: Path) -> None:
    # Wide sums of large numbers: float32 rounds them in the order in which they are added.
    wide = nn.Sequential(nn.Linear(64, 4096), nn.Linear(4096, 1))
    with torch.no_grad():
        wide[0].weight *= 1000
    rows = RANDOM.normal(size=(40, 64)).astype(np.float32)
    with pytest.raises((Disagreement, Unsupported), match="by up to .*pass tolerance=") as refused:
        package_model(wide, rows, tmp_path / "model", tolerance=1e-9)
    tolerance = float(str(refused.value).rpartition("tolerance=")[2].rstrip("."))
    assert 1e-9 < tolerance <= 0.01


def read_port(process: int) -> int:
    """The port on which a process listens."""
    inodes = {link.readlink().name for link in Path(f"/proc/{process}/fd").iterdir() if "socket" in str(link.readlink())}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{process}/net/{table}").read_text(encoding="utf-8").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                return int(fields[1].rpartition(":")[2], 16)
    raise AssertionError("it does not listen")


def predict(port: int, instances: list[Any]) -> list[dict[str, Any]]:
    """The endpoint's answers."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/predict",
        data=json.dumps({"instances": instances}).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        found: list[dict[str, Any]] = json.load(answer)["predictions"]
        return found
