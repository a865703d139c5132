"""The export answers like scikit-learn for forests that are harder than Iris: two classes, mixed leaves, tied votes."""

import unittest

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

import parity
from export import export_forest

ROWS = 1_000
FEATURES = 3


class ExportTest(unittest.TestCase):
    """One test per kind of forest; labels are noise, so votes are close."""

    def test_two_classes(self) -> None:
        self.assert_parity(fit(classes=2))

    def test_leaves_of_mixed_classes(self) -> None:
        self.assert_parity(fit(classes=3, min_samples_leaf=7))

    def test_labels_that_do_not_start_at_zero(self) -> None:
        self.assert_parity(fit(classes=4, first_label=5))

    def test_tied_votes_go_to_the_first_class(self) -> None:
        for classes in (2, 3):
            forest = fit(classes=classes, n_estimators=10)
            rows = draw(forest)
            ordered = np.sort(forest.predict_proba(rows), axis=1)
            self.assertGreater(np.count_nonzero(ordered[:, -1] == ordered[:, -2]), 20)
            self.assert_parity(forest)

    def test_a_wrong_answer_is_refused_with_its_row(self) -> None:
        weights = export_forest(fit(classes=3), name="test").SerializeToString()
        other = fit(classes=3, random_state=1)
        with self.assertRaisesRegex(parity.Disagreement, r"Worst is row \d+"):
            parity.require_parity(other, weights, draw(other))

    def assert_parity(self, forest: RandomForestClassifier) -> None:
        weights = export_forest(forest, name="test").SerializeToString()
        self.assertLess(parity.require_parity(forest, weights, draw(forest)), 1e-7)


def fit(*, classes: int, first_label: int = 0, **parameters: int) -> RandomForestClassifier:
    """A forest fitted to 120 rows of noise, by default with 40 trees."""
    random = np.random.default_rng(0)
    labels = first_label + random.integers(classes, size=120)
    forest = RandomForestClassifier(**{"n_estimators": 40, "random_state": 0, "n_jobs": 1, **parameters})
    return forest.fit(random.random((120, FEATURES)), labels)


def draw(forest: RandomForestClassifier) -> NDArray[np.float64]:
    """Rows of shape [ROWS, FEATURES], each with one value on a threshold, rounded to float32 up or down."""
    random = np.random.default_rng(1)
    rows = random.random((ROWS, FEATURES))
    tree = forest.estimators_[0].tree_
    splits = random.choice(np.flatnonzero(tree.feature >= 0), ROWS)
    rows[np.arange(ROWS), tree.feature[splits]] = tree.threshold[splits].astype(np.float32)
    return rows


if __name__ == "__main__":
    unittest.main()
