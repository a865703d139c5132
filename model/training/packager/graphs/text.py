"""Vectorizers of texts: counts of words and of their neighbours, weighted by how rare they are. The graph starts with ids."""

from typing import Any

import numpy as np

from ..texts import VECTORIZERS, number_tokens, split_entry
from .graph import Graph, Rows, Table
from .registry import require, transforms


@transforms(*VECTORIZERS)
def transform_texts(graph: Graph, estimator: Any, rows: Rows) -> str:
    """A column for each entry of the vocabulary."""
    require(isinstance(rows, Table) and list(rows.datatypes) == ["TEXT"], estimator, "that reads anything but one text")
    counts = count_entries(graph, estimator, str(rows.tensors[0]))  # type: ignore[union-attr]
    return weigh(graph, estimator._tfidf, counts) if hasattr(estimator, "_tfidf") else counts


@transforms("TfidfTransformer")
def transform_counts(graph: Graph, estimator: Any, rows: Rows) -> str:
    """Counts, weighted."""
    return weigh(graph, estimator, graph.dense(rows))


def count_entries(graph: Graph, vectorizer: Any, ids: str) -> str:
    """How often a text has each entry, or whether it has it."""
    low, high = vectorizer.ngram_range
    numbers = number_tokens(vectorizer)
    pools: dict[int, list[tuple[list[int], int]]] = {length: [] for length in range(1, high + 1)}
    for entry, column in sorted(vectorizer.vocabulary_.items(), key=lambda item: item[1]):
        tokens = split_entry(vectorizer, entry)
        # An entry that no text can have is an n-gram of an id that no token has.
        never = [len(numbers) + 1 + int(column)] * low
        found = never if tokens is None else [numbers[token] for token in tokens]
        pools[len(found)].append((found, int(column)))
    lengths = [sum(len(found) for found, _ in pools[length]) for length in pools]
    counted = graph(
        "TfIdfVectorizer",
        ids,
        mode="TF",
        min_gram_length=low,
        max_gram_length=high,
        max_skip_count=0,
        ngram_counts=[0, *np.cumsum(lengths)[:-1].tolist()],
        ngram_indexes=[column for pool in pools.values() for _, column in pool],
        pool_int64s=[each for pool in pools.values() for found, _ in pool for each in found],
    )
    counts = graph.to_double(counted)
    return graph.to_double(graph("Greater", counts, np.array(0.0))) if vectorizer.binary else counts


def weigh(graph: Graph, weights: Any, counts: str) -> str:
    """As `TfidfTransformer` does: logarithms of counts, rarity, and rows of length 1."""
    if weights.sublinear_tf:
        # The logarithm of 1 stands for that of 0, which has none.
        has = graph("Greater", counts, np.array(0.0))
        logarithms = graph("Log", graph.where(has, counts, np.array(1.0)))
        counts = graph.where(has, graph("Add", logarithms, np.array(1.0)), np.array(0.0))
    if weights.use_idf:
        counts = graph("Mul", counts, np.asarray(weights.idf_, np.float64)[None])
    if weights.norm is None:
        return counts
    if weights.norm == "l1":
        length = graph.sum(graph("Abs", counts))
    else:
        require(weights.norm == "l2", weights, f"with norm={weights.norm!r}")
        length = graph("Sqrt", graph.sum(graph("Mul", counts, counts)))
    is_empty = graph("Equal", length, np.array(0.0))
    return graph("Div", counts, graph.where(is_empty, np.array(1.0), length))
