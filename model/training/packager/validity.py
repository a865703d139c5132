"""Checks a card against `card.schema.json` and the rules of the endpoint before anything is written."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators
from jsonschema.exceptions import best_match

from .columns import Unsupported
from .places import SCHEMA

LONGEST_QUOTE = 80
QUOTED_AROUND = 20
TYPES = {"array": "a list", "string": "a string", "number": "a number", "integer": "an integer", "object": "a mapping"}


def match_whole(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    """Matches as JavaScript does: `$` does not match before a final line break."""
    if isinstance(value, str) and re.search(re.sub(r"\$$", r"\\Z", pattern), value) is None:
        yield ValidationError(f"{value!r} does not match {pattern!r}")


CardValidator = validators.extend(Draft202012Validator, {"pattern": match_whole})


def require_members(members: Mapping[str, Any]) -> None:
    """Checks some members of a card alone, so a wrong name is reported before a long conversion."""
    require_finite(members)
    schema = read_schema()
    known = {name: schema["properties"][name] for name in members}
    require_valid(members, {"properties": known, "$defs": schema["$defs"]})


def require_card(card: Mapping[str, Any]) -> None:
    """Checks the whole card: finite numbers, texts of Unicode, its schema, and its outputs."""
    require_finite(card)
    require_unicode(card)
    require_valid(card, read_schema())
    for output in card["outputs"]:
        require_output(card, output)


def require_finite(card: Mapping[str, Any]) -> None:
    """Rejects NaN and infinity, which JSON does not have."""
    strange = find_strange(card)
    if strange is not None:
        raise Unsupported(f"the card cannot be written: {strange} must be a finite number; JSON has no NaN or infinity")


def require_unicode(card: Mapping[str, Any]) -> None:
    """Rejects halves of surrogate pairs, which no file holds."""
    text = json.dumps(card, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError as failure:
        around = text[max(0, failure.start - QUOTED_AROUND) : failure.end + QUOTED_AROUND]
        raise Unsupported(f"the card cannot be written: it has a character that is not Unicode, in {around!r}. Replace it") from failure


def require_output(card: Mapping[str, Any], output: Mapping[str, Any]) -> None:
    """Checks widths and datatypes by the rules of src/model/card/card-rules.ts."""
    name, role, datatype, shape = (output[key] for key in ("name", "role", "datatype", "shape"))
    width, labels = math.prod(shape[1:]), card.get("labels", [])
    if any(size < 1 for size in shape[1:]):
        raise Unsupported(f"the output {name} has the shape {shape}: expected a fixed size for all but the rows")
    if role == "probabilities" and width != len(labels):
        raise Unsupported(f"the output {name} has {width} columns: expected one for each of {len(labels)} labels")
    if "columns" in output and [len(output["columns"])] != shape[1:]:
        raise Unsupported(f"value_names has {len(output['columns'])} names: expected one for each of {width} values")
    if role == "label" and (width != 1 or datatype not in ("INT64", "INT32", "BYTES")):
        raise Unsupported(f"the output {name} is {datatype} {shape}: expected one integer or string per row as the label")
    if role in ("probabilities", "embedding") and datatype not in ("FP32", "FP64"):
        raise Unsupported(f"the output {name} has the datatype {datatype}: expected floating-point numbers for {role}")


def require_valid(value: Any, schema: Mapping[str, Any]) -> None:
    """Raises Unsupported with the most relevant fault."""
    error = best_match(CardValidator(schema).iter_errors(value))
    if error is not None:
        raise Unsupported(describe(error))


def describe(error: ValidationError) -> str:
    """Which part of the card is wrong, what was expected, and what was given."""
    place = ".".join(str(part) for part in error.absolute_path) or "it"
    return f"the card cannot be written: {place} must be {find_expected(error)}, got {shorten(error.instance)}"


def find_expected(error: ValidationError) -> str:
    """What a keyword of the schema requires, in words."""
    limit = error.validator_value
    match error.validator:
        case "pattern":
            return f"a string that matches {limit}"
        case "type":
            return TYPES.get(limit, f"of the type {limit}")
        case "minLength":
            return "a non-empty string"
        case "minItems":
            return f"a list with a length of at least {limit}"
        case "uniqueItems":
            return "a list of distinct entries"
        case "minimum" | "exclusiveMinimum":
            return f"{'more than' if error.validator == 'exclusiveMinimum' else 'at least'} {limit}"
        case "maximum":
            return f"at most {limit}"
        case _:
            return f"valid by its schema ({error.message[:LONGEST_QUOTE]})"


def shorten(value: Any) -> str:
    """A value as Python writes it, truncated if it is long."""
    text = repr(value) if isinstance(value, str) else " ".join(repr(value).split())
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def find_strange(value: Any, place: str = "") -> str | None:
    """The path of the first NaN or infinity in a card."""
    if isinstance(value, float):
        return None if math.isfinite(value) else place
    entries = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    found = (find_strange(entry, f"{place}.{key}".lstrip(".")) for key, entry in entries)
    return next((each for each in found if each is not None), None)


def read_schema() -> dict[str, Any]:
    """Reads the project's schema of cards."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return schema
