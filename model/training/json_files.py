"""Writes JSON that reads well in a diff and has the same bytes on every run."""

import json
import re
import textwrap
from collections.abc import Mapping, Sequence

# A list without nesting as json.dumps indents it; a JSON string cannot contain a line break.
FLAT_LIST = re.compile(r"\[\n([^\[\]{}]*)\n *\]")
LINE_WIDTH = 80
NUMBER = re.compile(r"-?[0-9.]+(e[+-]?[0-9]+)?,?")


def round_number(value: float, digits: int = 9) -> int | float:
    """Rounds away noise in the last digits; a whole number loses its `.0`, as in JavaScript."""
    rounded = round(float(value), digits)
    return int(rounded) if rounded.is_integer() else rounded


def to_line(value: object) -> str:
    """Any JSON value on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def to_document(value: object) -> bytes:
    """An indented document with short lists on one line, as formatters write them."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return f"{FLAT_LIST.sub(join_if_short, text)}\n".encode()


def join_if_short(found: re.Match[str]) -> str:
    """The list on one line if it fits, numbers on as few lines as possible, otherwise unchanged."""
    entries = [entry.strip() for entry in found[1].splitlines()]
    line = " ".join(entries)
    if len(line) <= LINE_WIDTH:
        return f"[{line}]"
    if not all(NUMBER.fullmatch(entry) for entry in entries):
        return found[0]
    indent = re.match(r" *", found[1])[0]  # type: ignore[index]
    return f"[\n{textwrap.fill(line, LINE_WIDTH + len(indent), initial_indent=indent, subsequent_indent=indent)}\n{indent[2:]}]"


def to_lines(document: Mapping[str, object]) -> bytes:
    """A document with one line per entry of each of its lists."""
    members = [f"{to_line(key)}: {to_list(value)}" for key, value in document.items()]
    return "{{\n{}\n}}\n".format(",\n".join(members)).encode()


def to_list(value: object) -> str:
    """A list with one line per entry; any other value on one line."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return to_line(value)
    return "[\n{}\n]".format(",\n".join(to_line(entry) for entry in value))
