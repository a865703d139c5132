"""Completes drafted model directories: one feature for each input, and golden samples of the pipelines that the files replace.

    PYTHONPATH=model/training python -m fusing.complete DIRECTORY guide    runs the guide's programs there
    PYTHONPATH=model/training python -m fusing.complete DIRECTORY cards    completes DIRECTORY/pixels and its neighbours
"""

import json
import sys
from pathlib import Path
from typing import Any

from fusing.recipes import Recipe, Values, open_session, read_recipes, run_guide


def complete(directory: Path, recipe: Recipe) -> None:
    """Writes card.json and samples.json of the directory that is named after the fused file."""
    draft = directory / Path(recipe.fused).stem
    card = json.loads((draft / "card.json").read_text(encoding="utf-8").replace("TODO ", "").replace("TODO", "Done"))
    card["features"] = [
        {"name": each["name"], "description": "Any.", "input": each["name"], "column": 0, "shape": each["shape"][1:]}
        for each in card["inputs"]
    ]
    original = open_session(directory / recipe.original)
    samples = [
        {
            "instance": [values[each["name"]].tolist() for each in card["inputs"]],
            "prediction": to_prediction(card, recipe.answer(original, values)),
        }
        for values in recipe.instances
    ]
    (draft / "card.json").write_text(json.dumps(card), encoding="utf-8")
    (draft / "samples.json").write_text(json.dumps({"samples": samples}), encoding="utf-8")


def to_prediction(card: dict[str, Any], answers: Values) -> dict[str, Any]:
    """The form in which callers get it."""
    if "labels" not in card:
        return {name: answer.tolist() for name, answer in answers.items()}
    [scores] = answers.values()
    labels = card["labels"]
    return {"label": labels[scores.argmax()], "scores": dict(zip(labels, scores.tolist(), strict=True))}


if __name__ == "__main__":
    work = Path(sys.argv[1])
    if sys.argv[2] == "guide":
        run_guide(work)
    else:
        for each in read_recipes(work):
            complete(work, each)
