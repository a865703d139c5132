"""Models of language are served with their tokenizer: texts in, and what the pipeline answers out."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("transformers", reason="npm run train -- frameworks installs Transformers")
torch = pytest.importorskip("torch", reason="npm run train -- frameworks installs PyTorch")

from transformers import (  # noqa: E402
    BertConfig,
    BertForMaskedLM,
    BertForSequenceClassification,
    BertForTokenClassification,
    BertModel,
    RobertaConfig,
    RobertaModel,
    pipeline,
)

from package_model import About, Unsupported, package_model  # noqa: E402
from packager.fitted import read_json  # noqa: E402
from packager.frameworks.language_models import LONGEST, TEXTS, create_model, create_tokenizer  # noqa: E402
from packager.frameworks.packaging import PIPELINE_ROWS  # noqa: E402
from packager.serving import find_obstacle  # noqa: E402

TOKENIZER = create_tokenizer()
LABELS = {0: "dislikes", 1: "likes"}
HELD_OUT = ["naïve façade 😀", "", "[SEP] the [MASK]", "日本語 text", "The soup was great. " * 12]


def classify(**options: Any) -> Any:
    """A pipeline with random weights."""
    model = create_model(BertForSequenceClassification, BertConfig, **options)
    return pipeline("text-classification", model=model, tokenizer=TOKENIZER)


class First(torch.nn.Module):
    """Another pooling than the mean: the vector of the first token."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        return self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state[:, 0]


def test_a_classifier_answers_as_its_pipeline(tmp_path: Path) -> None:
    # The endpoint's own check runs, too: its tokenizer repeats the samples, strange and long texts among them.
    assert find_obstacle() is None
    pipe = classify(id2label=LABELS, label2id={name: at for at, name in LABELS.items()})
    report = package_model(pipe, [*TEXTS, *HELD_OUT], tmp_path)
    assert max(report.values()) < 1e-6
    assert {PIPELINE_ROWS, "random rows", "rows alone", "rows joined in other runs"} < set(report)
    card = read_json(tmp_path / "card.json")
    (text,) = card["features"]
    assert (card["labels"], text["tokenizer"]["mask"], text["tokenizer"]["types"]) == (
        list(LABELS.values()),
        "attention_mask",
        "token_type_ids",
    )
    assert card["inputs"][0] == {"name": "input_ids", "datatype": "INT64", "shape": [-1, -1], "maxShape": [-1, LONGEST]}
    for sample in read_json(tmp_path / "samples.json")["samples"]:
        found = pipe(sample["instance"][0], top_k=None, truncation=True)
        assert sample["prediction"]["label"] == found[0]["label"]
        assert sample["prediction"]["probabilities"][found[0]["label"]] == pytest.approx(found[0]["score"], abs=1e-6)


@pytest.mark.parametrize(
    ("options", "task", "note"),
    [
        ({"num_labels": 3, "problem_type": "multi_label_classification"}, "regression", "each label has a probability of its own"),
        ({"num_labels": 1, "problem_type": "regression"}, "regression", ""),
        ({"num_labels": 1}, "regression", ""),
    ],
)
def test_other_heads_are_served_as_the_pipeline_reads_them(options: dict[str, Any], task: str, note: str, tmp_path: Path) -> None:
    report = package_model(classify(**options), pd.Series(TEXTS[:40], name="review"), tmp_path)
    card = read_json(tmp_path / "card.json")
    assert (card["task"], card["features"][0]["name"]) == (task, "review")
    assert note in " ".join(report.notes)
    assert report[PIPELINE_ROWS] < 1e-6


def test_features_are_one_vector_a_text(tmp_path: Path) -> None:
    pipe = pipeline("feature-extraction", model=create_model(BertModel, BertConfig), tokenizer=TOKENIZER)
    report = package_model(pipe, pd.DataFrame({"body": TEXTS[:40]}), tmp_path)
    assert report.notes[-1].startswith("the mean of the tokens' vectors is served")
    sample = read_json(tmp_path / "samples.json")["samples"][0]
    wanted = np.mean(pipe(sample["instance"]["body"])[0], axis=0)
    assert sample["prediction"]["embedding"] == pytest.approx(wanted.tolist(), abs=1e-6)


def test_positions_behind_the_padding_bound_the_length(tmp_path: Path) -> None:
    model = create_model(RobertaModel, RobertaConfig, max_position_embeddings=20, pad_token_id=1)
    package_model((model, TOKENIZER), TEXTS[:30], tmp_path / "own")
    assert read_json(tmp_path / "own" / "card.json")["inputs"][0]["maxShape"] == [-1, 18]


def test_a_module_of_ones_own_makes_the_vector(tmp_path: Path) -> None:
    module = First(create_model(BertModel, BertConfig))
    package_model((module, TOKENIZER), TEXTS[:30], tmp_path, task="embedding", private=True)
    card, samples = read_json(tmp_path / "card.json"), read_json(tmp_path / "samples.json")["samples"]
    assert [each["name"] for each in card["inputs"]] == ["input_ids", "attention_mask"]
    assert not {each["instance"][0] for each in samples} & set(TEXTS)


class Slow:
    """A tokenizer without a file."""

    model_max_length = 24


@pytest.mark.parametrize(
    ("given", "sample", "message"),
    [
        (pipeline("fill-mask", model=create_model(BertForMaskedLM, BertConfig), tokenizer=TOKENIZER), TEXTS, "expected text-class"),
        ((create_model(BertForTokenClassification, BertConfig), TOKENIZER), TEXTS, "answers each token, .*pass the pair"),
        ((create_model(BertModel, BertConfig), Slow()), TEXTS, r"Slow has no tokenizer.json: .*use_fast=True"),
        ((torch.nn.Linear(1, 1), TOKENIZER), TEXTS, "forward takes input: expected input_ids and attention_mask"),
        (classify(), np.ones((3, 3)), "takes texts: expected a list of strings, got a ndarray"),
        (classify(), ["a", None], "expected a list of strings, got None among them"),
        (create_model(BertModel, BertConfig), TEXTS, "has values such as .*its tokenizer, as a pair"),
    ],
)
def test_says_what_to_pass(given: Any, sample: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=message):
        package_model(given, sample, tmp_path / "model", about=About("a", "A", "Answers.", "Tests."))
    assert list(tmp_path.iterdir()) == []
