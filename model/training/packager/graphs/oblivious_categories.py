"""Categories of CatBoost: each test of a tree that depends on them is a table of the categories, found by asking the model.

CatBoost compares hashes of categories, or statistics of the fit that it keeps by hash. Either way the outcome of a test is fixed
once the model is fitted: the leaves that rows with each category fall into tell it.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .encoding import find_categories
from .graph import Graph, Table
from .registry import refuse

# Rows that are asked about the combinations of one test.
MOST_COMBINATIONS = 20_000
UNKNOWN = "a value that is none of the categories"
WHOLE = "pass all rows of the fit"
# The hash of an empty place in a table of CatBoost.
EMPTY = "18446744073709551615"
FEWER = "fit with max_ctr_complexity=1, or encode them before, as TargetEncoder or OneHotEncoder do in a pipeline"


@dataclass(frozen=True)
class Key:
    """What a test depends on: columns of categories, and numbers above a border."""

    categories: tuple[int, ...]
    borders: tuple[tuple[int, float], ...] = ()


def list_keys(model: dict[str, Any]) -> dict[int, Key]:
    """The key of each test of categories, by its index among all tests: those of numbers come first, statistics last."""
    features = model["features_info"]
    places = {each["feature_index"]: each["flat_feature_index"] for each in features.get("categorical_features", [])}
    numbers = {each["feature_index"]: each["flat_feature_index"] for each in features.get("float_features", [])}
    at = sum(len(each["borders"] or []) for each in features.get("float_features", []))
    keys = []
    for each in features.get("categorical_features", []):
        keys += [Key((each["flat_feature_index"],))] * len(each.get("values", []))
    for each in features.get("ctrs", []):
        keys += [to_key(each["elements"], places, numbers)] * len(each["borders"])
    return dict(enumerate(keys, at))


def to_key(elements: list[dict[str, Any]], places: dict[int, int], numbers: dict[int, int]) -> Key:
    """What a statistic combines: categories, one category or none of it, and numbers above a border."""
    categories = sorted({places[each["cat_feature_index"]] for each in elements if "cat_feature_index" in each})
    borders = sorted(
        {(numbers[each["float_feature_index"]], float(each["border"])) for each in elements if "float_feature_index" in each}
    )
    return Key(tuple(categories), tuple(borders))


def encode_key(graph: Graph, rows: Table, key: Key) -> str:
    """One number for each combination of what a key has, in the order of `list_combinations`."""
    total = graph.constant(np.array([[0.0]]))
    for place in key.categories:
        known = list_known(rows, place)
        # -1 stands for none of them.
        found = graph("Add", graph("Reshape", find_categories(graph, rows, place, known), np.array([-1, 1])), np.array([[1]]))
        total = graph("Add", graph("Mul", total, np.array([[float(len(known) + 1)]])), graph.to_double(found))
    for place, border in key.borders:
        number = graph.as_float32(graph.dense(rows.select([place])))
        is_above = graph.to_double(graph("Greater", number, np.array([[float(np.float32(border))]])))
        total = graph("Add", graph("Mul", total, np.array([[2.0]])), is_above)
    return total


def list_known(rows: Table, place: int) -> list[Any]:
    """The categories of a column in the sample."""
    return list(rows.values[place])


def ask_leaves(estimator: Any, rows: Table, key: Key) -> NDArray[np.int64]:
    """The leaf of each tree, shape [combinations, trees], for every combination of what a key has."""
    choices: list[list[Any]] = [[to_unknown(rows, place), *list_known(rows, place)] for place in key.categories]
    choices += [[np.nextafter(np.float32(border), np.float32(side)) for side in (-np.inf, np.inf)] for _, border in key.borders]
    if np.prod([float(len(each)) for each in choices]) > MOST_COMBINATIONS:
        refuse(estimator, f"with categories whose combinations are more than {MOST_COMBINATIONS}: {FEWER}")
    combinations = list(product(*choices))
    categories = set(estimator.get_cat_feature_indices())
    places = [*key.categories, *(place for place, _ in key.borders)]

    def fill(place: int) -> "pd.Series[Any]":
        """One column: what is asked, or the same for all rows."""
        kind = object if place in categories else np.float64
        usual = rows.values[place][0] if place in categories else 0.0
        asked = [each[places.index(place)] if place in places else usual for each in combinations]
        return pd.Series(asked, dtype=kind)

    frame = pd.DataFrame({name: fill(place) for place, name in enumerate(rows.names)})
    return np.asarray(estimator.calc_leaf_indexes(frame), np.int64).reshape(len(combinations), -1)


def require_all(estimator: Any, model: dict[str, Any], rows: Table) -> None:
    """Rejects a sample without some of the categories of the fit: the endpoint would answer them as unknown ones."""
    places = {each["feature_index"]: each["flat_feature_index"] for each in model["features_info"]["categorical_features"]}
    for place in places.values():
        if not rows.values[place]:
            kinds = "that are neither strings nor whole numbers: convert them before fitting"
            refuse(estimator, f"with categories in {rows.names[place]} {kinds}")
    for each in model["features_info"].get("ctrs", []):
        stored, (first, *others) = model["ctr_data"][each["identifier"]], each["elements"]
        if others or "cat_feature_index" not in first:
            continue
        place = places[first["cat_feature_index"]]
        hashes = set(map(str, stored["hash_map"][:: stored["hash_stride"]])) - {EMPTY}
        if len(hashes) > len(rows.values[place]):
            refuse(estimator, f"with a sample that lacks categories of {rows.names[place]}: {WHOLE}")


def to_unknown(rows: Table, place: int) -> Any:
    """A category that the sample does not have."""
    return UNKNOWN if rows.datatypes[place] == "BYTES" else max(list_known(rows, place)) + 1
