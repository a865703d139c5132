"""Texts as the ids of their words: what a vectorizer of scikit-learn reads, and the tokenizer that makes the same ids for callers.

ONNX Runtime's own operators for text lower-case and split otherwise than Python. So the weights take ids, and the endpoint makes them
with a tokenizer in the form of Hugging Face's tokenizer.json, which states what the vectorizer does as two regular expressions.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import Columns, Unsupported

VECTORIZERS = ("CountVectorizer", "TfidfVectorizer")
TOKENIZER = "tokenizer.json"
# What Python's \w and \s are, for the engines that serve: theirs differ.
LETTER = r"[\p{L}\p{N}_]"
SPACE = r"[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
# The shortest word of each pattern that is known.
PATTERNS = {
    **dict.fromkeys((r"(?u)\b\w\w+\b", r"\b\w\w+\b", r"(?u)\w\w+", r"\w\w+", r"\w{2,}", r"\b\w{2,}\b"), 2),
    **dict.fromkeys((r"(?u)\b\w+\b", r"\b\w+\b", r"(?u)\w+", r"\w+"), 1),
}
# Characters, and so tokens, of the longest text: twice the longest of the sample, and at least this many.
USUAL_LENGTH = 10_000
LONGEST = 1_000_000
OTHER = "[UNK]"
# Random texts are made of the sample's words and of these.
STRANGE_WORDS = (
    "unheard", "Größe", "naïve", "ÉTÉ", "İstanbul", "ΣΊΣΥΦΟΣ", "日本語", "don't", "e-mail", "x_1", "3.14", "²", "😀👍🏽", "--", "…",
    "a", "\t", "\r\n", "\x1c", "\xa0", "e\u0301", "Ⅷ",
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What a fitted vectorizer takes for tokens: ids from 1 on, and 0 for all others."""

    vectorizer: Any
    longest: int

    @cached_property
    def ids(self) -> dict[str, int]:
        """The id of each token that some entry of the vocabulary has."""
        return number_tokens(self.vectorizer)

    @cached_property
    def split(self) -> Callable[[str], list[str]]:
        """A text's tokens, before they are joined to n-grams."""
        vectorizer = self.vectorizer
        preprocess = vectorizer.build_preprocessor()
        if vectorizer.analyzer == "char":
            return lambda text: list(re.sub(r"\s\s+", " ", preprocess(text)))
        stops, find = frozenset(vectorizer.get_stop_words() or ()), vectorizer.build_tokenizer()
        return lambda text: [word for word in find(preprocess(text)) if word not in stops]

    def to_ids(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Ids of the shape [rows, tokens of the longest], filled up with 0."""
        found = [[self.ids.get(token, 0) for token in self.split(text)] for text in texts]
        ids = np.zeros((len(found), max([1, *map(len, found)])), np.int64)
        for row, each in enumerate(found):
            ids[row, : len(each)] = each
        return ids

    def to_feeds(self, name: str, texts: Sequence[str]) -> dict[str, NDArray[np.int64]]:
        """The ids alone."""
        return {name: self.to_ids(texts)}

    def draw(self, texts: Sequence[str], random: np.random.Generator, count: int) -> NDArray[np.object_]:
        """Random texts."""
        return draw_texts(texts, random, count, self.longest)

    @cached_property
    def document(self) -> bytes:
        """The tokenizer, as the endpoint reads it."""
        return (json.dumps(describe_tokenizer(self.vectorizer, self.ids), ensure_ascii=False) + "\n").encode()

    def describe(self) -> dict[str, object]:
        """What the card says of it."""
        return {
            "file": TOKENIZER,
            "sha256": hashlib.sha256(self.document).hexdigest(),
            "pad": 0,
            "specialTokens": False,
            "truncate": False,
            **({} if self.longest == USUAL_LENGTH else {"maxCharacters": self.longest}),
        }


def draw_texts(texts: Sequence[str], random: np.random.Generator, count: int, longest: int) -> NDArray[np.object_]:
    """Random texts: words of the given ones, some in capitals, among strange ones."""
    known = [word for text in texts[:200] for word in str(text).split()] or ["word"]
    words = np.array([*known, *STRANGE_WORDS * max(1, len(known) // len(STRANGE_WORDS) // 4)], np.object_)
    drawn = [random.choice(words, random.integers(0, 20)) for _ in range(count)]
    found = [" ".join(word.upper() if random.random() < 0.1 else word for word in each) for each in drawn]
    return np.array([text[:longest] for text in found], np.object_)


def mark_texts(estimator: Any, columns: Columns) -> Columns:
    """The columns with those that vectorizers read as texts."""
    found: dict[int, Any] = {}
    for place, vectorizer in find_vectorizers(estimator, 0):
        name = columns.names[place]
        if place in found:
            raise Unsupported(f"two vectorizers read {name}: expected one for each text. Fit one, with ngram_range for more")
        if columns.columns[place].datatype != "BYTES":
            raise Unsupported(f"{type(vectorizer).__name__} reads {name}: expected texts")
        if columns.columns[place].has_missing:
            raise Unsupported(f"the column {name} has missing texts: expected strings. Replace them before fitting")
        require_plain(vectorizer)
        found[place] = vectorizer
    if len(found) > 1:
        raise Unsupported(f"vectorizers read {len(found)} columns: expected one text in a row. Join the columns before fitting")
    marked = list(columns.columns)
    for place, vectorizer in found.items():
        longest = max(USUAL_LENGTH, 2 * max(map(len, marked[place].values)))
        if longest > LONGEST:
            raise Unsupported(f"{marked[place].name} has a text of {longest // 2} characters: expected at most {LONGEST // 2}")
        marked[place] = replace(marked[place], datatype="TEXT", words=Words(vectorizer, longest))
    return replace(columns, columns=marked)


def find_vectorizers(estimator: Any, place: int) -> list[tuple[int, Any]]:
    """Each vectorizer with the place of the column that it reads; `place` is what a first step reads."""
    kind = type(estimator).__name__
    if kind in VECTORIZERS:
        return [(place, estimator)]
    if kind == "HashingVectorizer":
        raise Unsupported("HashingVectorizer keeps no words: fit TfidfVectorizer or CountVectorizer")
    if hasattr(estimator, "best_estimator_"):
        return find_vectorizers(estimator.best_estimator_, place)
    if hasattr(estimator, "steps"):
        return find_vectorizers(estimator.steps[0][1], place)
    if kind == "FeatureUnion":
        return [each for _, part in estimator.transformer_list for each in find_vectorizers(part, place)]
    if kind != "ColumnTransformer" or not hasattr(estimator, "transformers_"):
        return []
    indices = estimator._transformer_to_input_indices
    return [
        each
        for name, part, _ in estimator.transformers_
        if len(indices[name]) > 0
        for each in find_vectorizers(part, int(indices[name][0]))
    ]


def require_plain(vectorizer: Any) -> None:
    """Rejects what two regular expressions cannot say."""
    kind = type(vectorizer).__name__
    for name, wanted in (("tokenizer", None), ("preprocessor", None), ("strip_accents", None), ("input", "content")):
        if getattr(vectorizer, name) != wanted:
            raise Unsupported(f"{kind} has {name}={getattr(vectorizer, name)!r}: expected {wanted!r}. Fit it without")
    if vectorizer.analyzer not in ("word", "char"):
        raise Unsupported(f"{kind} has analyzer={vectorizer.analyzer!r}: expected 'word' or 'char'")
    if vectorizer.analyzer == "word" and vectorizer.token_pattern not in PATTERNS:
        known = r"(?u)\b\w\w+\b, the default, or (?u)\b\w+\b"
        raise Unsupported(f"{kind} has token_pattern={vectorizer.token_pattern!r}: expected {known}")


def split_entry(vectorizer: Any, entry: str) -> list[str] | None:
    """The tokens of an entry of the vocabulary; None for one that no text can have."""
    low, high = vectorizer.ngram_range
    if vectorizer.analyzer == "char":
        return list(entry) if low <= len(entry) <= high else None
    tokens = entry.split(" ")
    is_found = low <= len(tokens) <= high and all(re.fullmatch(r"\w+", token) for token in tokens)
    return tokens if is_found else None


def number_tokens(vectorizer: Any) -> dict[str, int]:
    """An id for each token, from 1 on, in order."""
    entries = [split_entry(vectorizer, entry) for entry in vectorizer.vocabulary_]
    return {token: at for at, token in enumerate(sorted({token for entry in entries for token in entry or ()}), 1)}


def describe_tokenizer(vectorizer: Any, ids: dict[str, int]) -> dict[str, object]:
    """A tokenizer.json: how a text is changed, what of it is a token, and the tokens' ids."""
    is_char = vectorizer.analyzer == "char"
    changes: list[dict[str, object]] = [{"type": "Lowercase"}] if vectorizer.lowercase else []
    if is_char:
        changes.append({"type": "Replace", "pattern": {"Regex": f"{SPACE}{SPACE}+"}, "content": " "})
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Sequence", "normalizers": changes} if changes else None,
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": r"[\s\S]" if is_char else describe_words(vectorizer)},
            "behavior": "Removed",
            "invert": True,
        },
        "post_processor": None,
        "decoder": None,
        # Whole words only: no token starts with the prefix that pieces would have.
        "model": {
            "type": "WordPiece",
            "unk_token": OTHER,
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": max([1, *map(len, ids)]),
            "vocab": {OTHER: 0, **ids},
        },
    }


def describe_words(vectorizer: Any) -> str:
    """The regular expression of a whole word that is no stop word."""
    shortest = PATTERNS[vectorizer.token_pattern]
    word = LETTER + ("+" if shortest == 1 else "{2,}")
    stops = sorted(each for each in vectorizer.get_stop_words() or () if re.fullmatch(r"\w+", each))
    if not stops:
        return word
    return f"(?<!{LETTER})(?!(?:{'|'.join(stops)})(?!{LETTER})){word}"
