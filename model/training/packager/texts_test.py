"""Pipelines that start with texts are served as scikit-learn answers: their words are split as Python splits them."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC

from package_model import Unsupported, package_model
from packager.fitted import ABOUT, read_json
from packager.serving import find_obstacle
from packager.texts import STRANGE_WORDS, TOKENIZER, Words, find_vectorizers

RANDOM = np.random.default_rng(1)
GOOD, BAD = ["great", "lovely", "schön", "naïve", "tasty"], ["awful", "stale", "dreadful", "İyi", "müde"]
REST = ["the", "soup", "was", "a", "film", "x_1", "2024", "don't", "and", "😀", "日本語", "—", "I"]


def write_texts(words: list[str], count: int) -> list[str]:
    """Sentences with some of the words."""
    return [" ".join(RANDOM.permutation([*RANDOM.choice(words, 2), *RANDOM.choice(REST, 5)])) for _ in range(count)]


TEXTS = [*write_texts(GOOD, 60), *write_texts(BAD, 60), "", "!?"]
KINDS = np.array(["good"] * 60 + ["bad"] * 60 + ["good", "bad"])
LENGTHS = np.array([len(text) for text in TEXTS], np.float64)
FRAME = pd.DataFrame({"body": TEXTS, "length": LENGTHS, "kind": np.where(LENGTHS > 30, "long", "short")})

SERVED: dict[str, tuple[Any, Any, Any]] = {
    "words": (make_pipeline(TfidfVectorizer(), LogisticRegression()), TEXTS, KINDS),
    "pairs of words": (
        make_pipeline(TfidfVectorizer(ngram_range=(1, 2), stop_words="english", sublinear_tf=True), LinearSVC()),
        pd.Series(TEXTS, name="message"),
        KINDS,
    ),
    "marks": (make_pipeline(CountVectorizer(binary=True), MultinomialNB()), np.array(TEXTS, object), KINDS),
    "characters": (make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(2, 3)), LogisticRegression()), TEXTS, KINDS),
    "weighted counts": (make_pipeline(CountVectorizer(), TfidfTransformer(norm="l1"), ComplementNB()), TEXTS, KINDS),
    "values": (
        make_pipeline(TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", lowercase=False, use_idf=False), Ridge()),
        TEXTS,
        LENGTHS,
    ),
    "a vocabulary that no text has": (
        make_pipeline(CountVectorizer(vocabulary=["great", "a b c", "c++", "##at", "stale"]), LogisticRegression()),
        TEXTS,
        KINDS,
    ),
    "search": (GridSearchCV(make_pipeline(TfidfVectorizer(), LogisticRegression()), {}, cv=2), TEXTS, KINDS),
    "beside other columns": (
        make_pipeline(
            ColumnTransformer(
                [
                    ("text", TfidfVectorizer(), "body"),
                    ("number", StandardScaler(), ["length"]),
                    ("word", OneHotEncoder(), ["kind"]),
                ]
            ),
            LogisticRegression(max_iter=1000),
        ),
        FRAME,
        KINDS,
    ),
}


@pytest.mark.parametrize("title", SERVED)
def test_answers_as_the_pipeline_does(title: str, tmp_path: Path) -> None:
    # The endpoint's own check runs, too: its tokenizer repeats the samples, strange texts among them.
    assert find_obstacle() is None
    estimator, sample, targets = SERVED[title]
    report = package_model(estimator.fit(sample, targets), sample, tmp_path, about=ABOUT)
    assert max(report.values()) < 1e-9
    card = read_json(tmp_path / "card.json")
    (text,) = [feature for feature in card["features"] if "tokenizer" in feature]
    assert text["name"] == {"pairs of words": "message", "beside other columns": "body"}.get(title, "text")
    assert text["tokenizer"]["file"] == TOKENIZER
    instances = [each["instance"] for each in read_json(tmp_path / "samples.json")["samples"]]
    sent = [each[text["name"]] if isinstance(each, dict) else each[0] for each in instances]
    assert sum(any(word in each for each in sent) for word in STRANGE_WORDS) > len(STRANGE_WORDS) / 2


def test_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    estimator, sample, targets = SERVED["pairs of words"]
    estimator.fit(sample, targets)
    for name in ("first", "second"):
        package_model(estimator, sample, tmp_path / name, about=ABOUT)
    for name in ("model.onnx", "card.json", "samples.json", TOKENIZER):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_private_texts_are_not_published(tmp_path: Path) -> None:
    estimator, sample, targets = SERVED["words"]
    package_model(estimator.fit(sample, targets), sample, tmp_path, about=ABOUT, private=True)
    published = [each["instance"][0] for each in read_json(tmp_path / "samples.json")["samples"]]
    assert set(published) & set(TEXTS) <= {"", "!?"}
    assert "background" not in read_json(tmp_path / "card.json")["data"]


@pytest.mark.parametrize(
    ("first", "message"),
    [
        (TfidfVectorizer(tokenizer=str.split), "TfidfVectorizer has tokenizer=.*: expected None. Fit it without"),
        (TfidfVectorizer(strip_accents="unicode"), "has strip_accents='unicode': expected None"),
        (CountVectorizer(analyzer="char_wb"), "has analyzer='char_wb': expected 'word' or 'char'"),
        (CountVectorizer(token_pattern="[a-z]+"), r"has token_pattern='\[a-z\]\+': expected .*the default, or"),
        (HashingVectorizer(n_features=16), "HashingVectorizer keeps no words: fit TfidfVectorizer"),
        (
            FeatureUnion([("words", TfidfVectorizer()), ("letters", TfidfVectorizer(analyzer="char"))]),
            "two vectorizers read text: expected one for each text",
        ),
    ],
)
def test_says_what_cannot_be_served(first: Any, message: str, tmp_path: Path) -> None:
    pipeline = make_pipeline(first, LogisticRegression()).fit(TEXTS, KINDS)
    with pytest.raises(Unsupported, match=message):
        package_model(pipeline, TEXTS, tmp_path / "model", about=ABOUT)


def test_two_texts_in_a_row_are_refused(tmp_path: Path) -> None:
    frame = pd.DataFrame({"title": TEXTS, "body": TEXTS})
    columns = ColumnTransformer([("title", TfidfVectorizer(), "title"), ("body", TfidfVectorizer(), "body")])
    with pytest.raises(Unsupported, match="vectorizers read 2 columns: expected one text in a row. Join the columns"):
        package_model(make_pipeline(columns, LogisticRegression()).fit(frame, KINDS), frame, tmp_path / "model", about=ABOUT)


def test_words_have_the_ids_of_their_entries() -> None:
    vectorizer = CountVectorizer(ngram_range=(2, 2)).fit(["one two three"])
    words = Words(vectorizer, 100)
    assert words.ids == {"one": 1, "three": 2, "two": 3}
    assert words.to_ids(["Two ONE, four one", ""]).tolist() == [[3, 1, 0, 1], [0, 0, 0, 0]]
    assert find_vectorizers(make_pipeline(vectorizer, Ridge()), 0) == [(0, vectorizer)]
