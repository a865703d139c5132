"""Models of boosting libraries answer bit by bit as their library does, up to its own exponentials."""

from pathlib import Path

import pytest

from package_model import Unsupported, package_model
from packager import table
from packager.boosted import EXTREME, LIBRARIES, LIGHTS, Variant
from packager.fitted import ABOUT

# The raw sums are the same bits; a probability differs by what the library's exponential in float32 is off.
IDENTICAL: dict[str, tuple[Variant, float]] = {
    **{
        f"XGBoost, {title}": (EXTREME[title], 0.0)
        for title in ("300 trees", "missing=-1", "early stopping by a callback", "dart", "three quantiles", "two targets")
    },
    **{f"XGBoost, {title}": (EXTREME[title], 3e-7) for title in ("count:poisson", "reg:logistic", "multi:softmax")},
    **{f"LightGBM, {title}": (LIGHTS[title], 0.0) for title in ("zero_as_missing", "early stopping", "reg_sqrt")},
    **{f"LightGBM, {title}": (LIGHTS[title], 1e-15) for title in ("cross_entropy_lambda", "multiclassova", "rf of classes")},
}


@pytest.mark.parametrize("title", IDENTICAL)
@pytest.mark.filterwarnings("ignore")
def test_answers_as_the_library_does(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variant, tolerance = IDENTICAL[title]
    # Without node, only Python's runtime checks what is written, which takes a third of the time.
    monkeypatch.setenv("PATH", "")
    report = package_model(*variant(), tmp_path, about=ABOUT)
    assert max(report.values()) <= tolerance


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        (EXTREME["gblinear"], "XGBRegressor is not served with the booster gblinear: fit Ridge"),
        (EXTREME["two targets in a tree"], "several numbers in a leaf: fit with multi_strategy='one_output_per_tree'"),
        (EXTREME["binary:hinge"], "the objective binary:hinge: fit with binary:logistic"),
        (LIGHTS["linear_tree"], "LGBMRegressor is not served with linear leaves: fit with linear_tree=False"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_says_what_to_fit_instead(variant: Variant, message: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=message):
        package_model(*variant(), tmp_path / "model", about=ABOUT)


def test_the_table_of_the_docs_has_every_variant() -> None:
    text = table.DOCUMENT.read_text(encoding="utf-8")
    for library, variants in LIBRARIES.items():
        assert f"### {library}" in text
        for title in variants:
            assert f"| {title} |" in text
