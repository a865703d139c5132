"""The programs of the guides to networks run as they are printed, and their versions are those that are pinned."""

import re
from pathlib import Path
from typing import Any

import pytest

from packager.places import PROJECT
from packager.frameworks import find

GUIDES = {name: (PROJECT / "docs" / "guides" / f"{name}.md").read_text(encoding="utf-8") for name in ("pytorch", "hugging-face", "keras")}
PACKAGER = Path(__file__).parents[1]


def read_programs(name: str) -> list[str]:
    """The programs of a guide."""
    return re.findall(r"```python\n(.*?)```", GUIDES[name], re.DOTALL)


def run(program: str, directory: Path, **known: Any) -> dict[str, Any]:
    """What a program leaves; it writes to `model`, which the test has elsewhere."""
    place = dict(known)
    exec(compile(program.replace('"model"', repr(str(directory / "model"))), "guide", "exec"), place)  # noqa: S102
    assert (directory / "model" / "model.onnx").exists()
    return place


def test_the_module_of_the_guide_is_packaged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch", reason="npm run train -- frameworks installs PyTorch")
    program, _ = read_programs("pytorch")
    run(program, tmp_path)
    assert "softmax is added to the weights" in capsys.readouterr().out


def test_the_pipeline_and_the_pooling_of_the_guide_are_packaged(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="npm run train -- frameworks installs Transformers")
    from transformers import BertConfig, BertForSequenceClassification, BertModel

    from packager.frameworks.language_models import TEXTS, create_model, create_tokenizer

    given = {"model": create_model(BertForSequenceClassification, BertConfig), "tokenizer": create_tokenizer()}
    given |= {"encoder": create_model(BertModel, BertConfig), "texts": TEXTS[:10]}
    for place, program in enumerate(read_programs("hugging-face")):
        run(program, tmp_path / str(place), **given)


def test_the_model_of_keras_in_the_guide_is_packaged(tmp_path: Path) -> None:
    pytest.importorskip("keras", reason="packager/keras.txt has Keras")
    (program,) = read_programs("keras")
    report = run(program, tmp_path)["report"]
    assert "the numbers are probabilities, and served as they are" in report.notes


def test_the_file_of_the_guide_is_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch", reason="npm run train -- frameworks installs PyTorch")
    monkeypatch.chdir(tmp_path)
    _, program = read_programs("pytorch")
    exec(compile(program, "guide", "exec"), {"torch": torch, "network": torch.nn.Conv2d(1, 1, 3)})  # noqa: S102
    assert (tmp_path / "light.onnx").exists()


def test_every_version_is_the_one_that_is_pinned() -> None:
    pins = "".join((PACKAGER / name).read_text(encoding="utf-8") for name in ("keras.txt", "frameworks.txt"))
    manifest = (PACKAGER.parent / "pyproject.toml").read_text(encoding="utf-8").partition("optional-dependencies")[2]
    sources = [path.read_text(encoding="utf-8") for path in Path(find.__file__).parent.glob("*.py")]
    named = set(re.findall(r"((?:keras|onnxscript|tf2onnx|tensorflow-cpu|torch|transformers)==[\d.]+\d)", "".join([*GUIDES.values(), manifest, *sources])))
    assert len(named) >= 6
    assert [each for each in sorted(named) if f"\n{each} " not in pins] == []


def test_both_environments_have_the_packager_s_own_pins() -> None:
    def read(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==\S+", (PACKAGER / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert read("requirements.txt") <= read("keras.txt")
    assert read("requirements.txt") <= read("frameworks.txt")
