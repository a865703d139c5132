"""An owner may leave everything out but the estimator and its rows, and decides what of these rows is published."""

import json
import re
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from package_model import Unsupported, package_model
from packager import serving
from packager.fitted import ABOUT, FITTED, FRAME, ROWS, VALUES, WORDS, encode, read_json
from packager.public import OPEN


def test_infers_what_the_owner_leaves_out(tmp_path: Path) -> None:
    report = package_model(*FITTED["logistic regression"], tmp_path)
    card = read_json(tmp_path / "card.json")
    assert (card["name"], card["title"], card["intendedUse"]) == ("logistic-regression", "Logistic regression", OPEN)
    assert report.public == [
        "32 rows of the sample, which explanations compare with",
        "60 rows of the sample with their predictions",
        "the 3 labels and their shares",
        "range and quantiles of 3 columns",
    ]


def test_the_report_sums_up_what_was_written(tmp_path: Path) -> None:
    model, rows = FITTED["logistic regression"]
    inferred = repr(package_model(model, rows, tmp_path / "a model"))
    assert inferred.startswith("card: Logistic regression (logistic-regression 1), classification; features x0, x1, x2; labels 0, 1, 2\n")
    assert re.search(r"\nrandom rows: at most \d\.\de-1\d from the estimator\n", inferred)
    assert "\npublic: 60 rows of the sample with their predictions\n" in inferred
    assert "card.json: name, title, intendedUse, the features' units\n" in inferred
    assert re.search("next: .*/a model'", inferred.splitlines()[-1])
    assert "to complete" not in repr(package_model(model, rows, tmp_path / "told", about=ABOUT))


def test_private_models_publish_no_row_and_no_list_of_optional_words(tmp_path: Path) -> None:
    estimator = make_pipeline(encode(handle_unknown="ignore"), LogisticRegression(max_iter=500)).fit(FRAME, WORDS)
    report = package_model(estimator, FRAME, tmp_path, private=True)
    card = read_json(tmp_path / "card.json")
    assert "background" not in card["data"]
    assert not any("categories" in feature for feature in card["features"])
    given = {tuple(row) for row in FRAME.to_numpy().tolist()}
    samples = read_json(tmp_path / "samples.json")["samples"]
    assert len(samples) > 10
    assert not {tuple(sample["instance"].values()) for sample in samples} & given
    assert report.public == [
        "shares of the most frequent values of new",
        "the 2 labels and their shares",
        "range and quantiles of 2 columns",
    ]


FEW = FRAME.iloc[:60]
CUSTOMERS = FEW.assign(customer=[f"customer-{place:04}" for place in range(60)], size=FEW["size"] + np.arange(60) / 1e7)
LEVELS = [CUSTOMERS["customer"].tolist(), ["a", "b", "c"]]
ONE_HOT = OneHotEncoder(categories=LEVELS, handle_unknown="ignore")
ENCODE = ColumnTransformer([("words", ONE_HOT, ["customer", "kind"])], remainder="passthrough")
BOUGHT = WORDS[:60]


def read_published(directory: Path) -> str:
    """Every byte that callers can read; the weights are not served."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(directory.iterdir()) if path.name != "model.onnx")


def find_sample(published: str) -> set[str]:
    """What of the sample is there: strings, and numbers that no two rows share."""
    values = [*CUSTOMERS["customer"], *map(repr, CUSTOMERS["size"].tolist())]
    return {value for value in values if value in published}


def test_private_models_publish_no_value_of_a_row(tmp_path: Path) -> None:
    estimator = make_pipeline(ENCODE, LogisticRegression(max_iter=50)).fit(CUSTOMERS, BOUGHT)
    package_model(estimator, CUSTOMERS, tmp_path / "open")
    assert len(find_sample(read_published(tmp_path / "open"))) == 120
    package_model(estimator, CUSTOMERS, tmp_path / "private", private=True)
    # Quantiles and the ends of a range may be values of a row.
    card = read_json(tmp_path / "private" / "card.json")
    ranges = json.dumps([feature.get("training") for feature in card["features"]])
    assert find_sample(read_published(tmp_path / "private")) <= find_sample(ranges)


def test_rows_that_may_be_shown_take_the_place_of_the_sample(tmp_path: Path) -> None:
    estimator = make_pipeline(ENCODE, LogisticRegression(max_iter=50)).fit(CUSTOMERS, BOUGHT)
    rows = CUSTOMERS.iloc[:40].assign(customer="customer-0000", size=np.arange(40.0))
    report = package_model(estimator, CUSTOMERS, tmp_path, public_rows=rows)
    assert report.public[:2] == [
        "32 rows of public_rows, which explanations compare with",
        "40 rows of public_rows with their predictions",
    ]
    card = read_json(tmp_path / "card.json")
    ranges = json.dumps([feature.get("training") for feature in card["features"]])
    assert find_sample(read_published(tmp_path)) <= {"customer-0000"} | find_sample(ranges)
    named = {feature["name"]: feature.get("categories") for feature in card["features"]}
    assert (named["customer"], named["kind"]) == (["customer-0000"], sorted(set(rows["kind"])))


def test_private_texts_are_made_up(tmp_path: Path) -> None:
    texts = [f"patient{place} has a cough" for place in range(90)]
    estimator = make_pipeline(TfidfVectorizer(max_features=3), LogisticRegression()).fit(texts, np.arange(90) % 2)
    package_model(estimator, texts, tmp_path, private=True)
    written = (tmp_path / "samples.json").read_text(encoding="utf-8")
    assert not [word for word in ("patient", "cough") if word in written.lower()]


def test_rows_that_may_be_shown_are_like_the_sample(tmp_path: Path) -> None:
    ridge = Ridge().fit(FRAME[["size"]], FRAME["size"])
    for rows, message in (
        (FRAME[["kind"]], "public_rows lacks the column size"),
        (FRAME[["size"]] * np.nan, "public_rows has no row that the endpoint will accept"),
        (FRAME[["size"]].astype("datetime64[s]"), "public_rows has dates or times in the column size"),
        (3, r"public_rows has rows of the shape \(\)"),
    ):
        with pytest.raises(Unsupported, match=message):
            package_model(ridge, FRAME[["size"]], tmp_path / "m", public_rows=rows)


def test_the_card_has_what_drift_is_measured_against(tmp_path: Path) -> None:
    frame = FRAME.assign(size=FRAME["size"].mask(FRAME["new"]), town=[f"t{place % 20:02}" for place in range(len(FRAME))])
    encoded = ColumnTransformer([("words", OneHotEncoder(), ["kind", "town"]), ("size", SimpleImputer(), ["size"])])
    values = FRAME["size"].to_numpy()
    package_model(make_pipeline(encoded, Ridge()).fit(frame, values), frame, tmp_path)
    card = read_json(tmp_path / "card.json")
    size, kind, _, new, town = card["features"]
    assert size["training"]["missing"] == pytest.approx(FRAME["new"].mean(), abs=1e-6)
    assert kind["categoryShares"] == pytest.approx(FRAME["kind"].value_counts(normalize=True).to_dict(), abs=1e-6)
    assert new["categoryShares"]["true"] == pytest.approx(FRAME["new"].mean(), abs=1e-6)
    assert list(town["categoryShares"]) == [f"t{place:02}" for place in range(9)]
    (output,) = card["outputs"]
    answers = make_pipeline(encoded, Ridge()).fit(frame, values).predict(frame)
    assert output["training"][0]["maximum"] == pytest.approx(answers.max(), abs=1e-6)


def test_labels_that_are_not_given_have_the_shares_of_the_answers(tmp_path: Path) -> None:
    package_model(*FITTED["logistic regression"], tmp_path)
    model, rows = FITTED["logistic regression"]
    shares = read_json(tmp_path / "card.json")["data"]["labelShares"]
    assert shares == pytest.approx({str(each): (model.predict(rows) == each).mean() for each in range(3)}, abs=1e-6)


def test_private_models_need_an_estimator_that_takes_other_values(tmp_path: Path) -> None:
    days = np.arange(40.0)[:, None] % 7
    with pytest.raises(Unsupported, match="private=True cannot keep the rows secret"):
        package_model(make_pipeline(OneHotEncoder(), Ridge()).fit(days, days[:, 0]), days, tmp_path / "m", private=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(serving.find_obstacle() is not None, reason="npm ci and npm run build have not run")
def test_serves_at_once_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = package_model(*FITTED["ridge"], tmp_path, serve=True)
    assert report.server is not None
    try:
        address, body = capsys.readouterr().out.split("curl ")[1].split(" --json ")
        content = body.strip().strip("'").encode()
        request = urllib.request.Request(f"http://{address}", content, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as reply:
            (prediction,) = json.load(reply)["predictions"]
        (instance,) = json.loads(content)["instances"]
        assert prediction["value"] == pytest.approx(FITTED["ridge"][0].predict([instance])[0], abs=1e-12)
    finally:
        report.server.terminate()
        report.server.wait(timeout=10)


def test_says_what_stands_in_the_way_of_texts_and_other_samples(tmp_path: Path) -> None:
    frame = FITTED["frame"][0]
    for estimator, sample, message in (
        (Ridge().fit(ROWS, VALUES), ["good film", "awful day"], "list of texts: .*starts with TfidfVectorizer"),
        (Ridge().fit(ROWS, VALUES), csr_matrix(ROWS), "sparse csr_matrix.*Call toarray"),
        (frame, FRAME[["kind", "size", "count", "new"]], "columns in another order than the fit had: pass sample"),
        (Ridge(), ROWS, "the estimator is not fitted: call fit"),
    ):
        with pytest.raises(Unsupported, match=message):
            package_model(estimator, sample, tmp_path / "model")
