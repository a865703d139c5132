"""What callers sent and told makes the same model each time, and never one that has seen its hold-out."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

import iris
import train
from captured import Captured, Unusable, join, read_captured
from card import FEATURES, create_card

NAMES = list(FEATURES)


def row(values: list[float], truth: object = "setosa", **more: object) -> dict[str, object]:
    return {
        "instance": dict(zip(NAMES, values, strict=False)),
        "truth": truth,
        "use": "training",
        "version": "1",
        "day": "2026-11-27",
        **more,
    }


def draw(count: int) -> list[dict[str, object]]:
    """Rows over the training range, a third of which somebody contradicts once."""
    values = np.random.default_rng(1).uniform(1, 7, (count, len(NAMES))).round(1).tolist()
    told = [row(each, label) for each in values for label in ("setosa", "setosa")]
    return told + [row(each, "virginica") for each in values[::3]]


class CapturedTest(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.unseen = iris.split(iris.read_iris(), holdout_rows=train.HOLDOUT_ROWS, seed=train.SEED)[1]

    def write(self, rows: list[dict[str, object]]) -> Path:
        path = Path(self.directory.name) / "rows.ndjson"
        path.write_text("".join(f"{json.dumps(each)}\n" for each in rows), encoding="utf-8")
        return path

    def read(self, rows: list[dict[str, object]]) -> Captured:
        return read_captured(self.write(rows), NAMES, own=iris.read_iris(), unseen=self.unseen)

    def test_the_same_rows_in_another_order_give_the_same_bytes(self) -> None:
        rows = draw(30)
        first, second = train.train(self.write(rows)), train.train(self.write(rows[::-1]))
        card = create_card(first, "2")
        self.assertEqual((first.weights, card), (second.weights, create_card(second, "2")))
        self.assertEqual(card["version"], "2")
        self.assertEqual(card["data"]["trainingRows"], 120 + 60)
        self.assertEqual(
            {**card["data"]["captured"], "sha256": ""},
            {
                "rows": 60,
                "keptFromTraining": 0,
                "outvoted": 10,
                "versions": {"1": 60},
                "firstDay": "2026-11-27",
                "lastDay": "2026-11-27",
                "sha256": "",
            },
        )
        one_less = create_card(train.train(self.write(rows[1:])), "2")
        self.assertNotEqual(one_less["data"]["captured"]["sha256"], card["data"]["captured"]["sha256"])
        self.assertNotEqual(one_less["weights"]["sha256"], card["weights"]["sha256"])

    def test_contradictory_labels_are_served_as_they_were_learned_and_no_row_of_a_caller_is_published(self) -> None:
        files = train.create_files(train.train(self.write([*draw(30), row([4.71, 3.17, 1.53, 0.29])])), "2")
        self.assertEqual(json.loads(files["card.json"])["data"]["captured"]["rows"], 61)
        for name in ("card.json", "samples.json"):
            self.assertNotIn(b"4.71", files[name])

    def test_rows_of_the_hold_out_and_those_kept_aside_are_not_learned(self) -> None:
        seen = row([5.1, 3.5, 9.9, 0.2])
        kept = [row(values) for values in self.unseen.features.tolist()]
        aside = row([1, 2, 3, 4], use="holdout")
        captured = self.read([*kept, seen, aside])
        self.assertEqual(captured.rows.features.tolist(), [[5.1, 3.5, 9.9, 0.2]])
        self.assertEqual(captured.held_out, len(kept) + 1)

    def test_a_tie_teaches_nothing_and_the_own_rows_decide(self) -> None:
        own = iris.read_iris().features.tolist()
        trusted = next(values for values in own if values not in self.unseen.features.tolist())
        rows = [row([1, 2, 3, 4], "setosa"), row([1, 2, 3, 4], "virginica"), row([4, 3, 2, 1])]
        poison = [row(trusted, "virginica") for _ in range(100)]
        captured = self.read([*rows, *poison])
        self.assertEqual((captured.rows.features.tolist(), captured.outvoted), ([[4, 3, 2, 1]], 102))

    def test_what_is_no_row_is_refused(self) -> None:
        good = row([1, 2, 3, 4])
        for wrong in (
            row([1, 2, 3]),
            row([1, 2, 3, 4], "rose"),
            row([1, 2, 3, 4], ["setosa"]),
            {**good, "instance": {**dict(zip(NAMES, [1, 2, 3, 4], strict=True)), "more": 1}},
            row([1, 2, 3, "long"]),
            row([1, 2, 3, float("nan")]),
            row([1, 2, 3, 1e300]),
            {"instance": {}},
            {**good, "use": "holdout"},
        ):
            with self.subTest(wrong), self.assertRaises(Unusable):
                self.read([wrong])
        with self.assertRaises(Unusable):
            self.read([])

    def test_a_text_with_an_end_of_line_of_unicode_is_one_line(self) -> None:
        path = self.write([])
        path.write_text(json.dumps(row([5, 3, 1.4, 0.25], version="1\u2028"), ensure_ascii=False), encoding="utf-8")
        captured = read_captured(path, NAMES, own=iris.read_iris(), unseen=self.unseen)
        self.assertEqual(captured.versions, {"1\u2028": 1})

    def test_joined_rows_keep_their_labels(self) -> None:
        rows = iris.read_iris()
        both = join(rows, rows)
        self.assertEqual(both.labels.tolist(), rows.labels.tolist() * 2)
        self.assertEqual(both.features.shape, (300, 4))


if __name__ == "__main__":
    unittest.main()
