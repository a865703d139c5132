"""Reads an InferenceService from standard input (JSON) into KServe's own types, and refuses what they do not have.

    python manifest.py < MANIFEST

Ends with 0 when each field is one of theirs, else with the first that is not.
"""

import json
import re
import sys
from typing import Any

import kserve.models
import kubernetes.client

SCALARS = {"str": str, "int": int, "bool": bool, "float": (int, float)}


def read(value: Any, kind: str, path: str) -> Any:
    """The value as an object of a type, by the names that the types' documents give."""
    # KServe's generator writes list[int] and dict(str, int), that of Kubernetes List[int] and Dict[str, int].
    if elements := re.fullmatch(r"[Ll]ist\[(.+)\]", kind):
        if not isinstance(value, list):
            sys.exit(f"{path}: expected a list, got {value!r}")
        return [read(element, elements[1], f"{path}[{index}]") for index, element in enumerate(value)]
    if entries := re.fullmatch(r"[Dd]ict[(\[]str, (.+)[)\]]", kind):
        if not isinstance(value, dict):
            sys.exit(f"{path}: expected an object, got {value!r}")
        return {key: read(element, entries[1], f"{path}.{key}") for key, element in value.items()}
    if (scalar := SCALARS.get(kind)) is not None:
        if not isinstance(value, scalar) or (kind != "bool" and isinstance(value, bool)):
            sys.exit(f"{path}: expected {kind}, got {value!r}")
        return value
    if kind == "object":
        return value
    return read_fields(value, kind, path)


def read_fields(value: Any, kind: str, path: str) -> Any:
    """The same for a type with fields; its own checks run when it is made."""
    model = getattr(kserve.models, kind, None) or getattr(kubernetes.client, kind)
    if not isinstance(value, dict):
        sys.exit(f"{path}: expected {kind}, got {value!r}")
    attributes = {name: attribute for attribute, name in model.attribute_map.items()}
    if unknown := [name for name in value if name not in attributes]:
        sys.exit(f"{path}: {kind} has no field {unknown[0]}")
    fields = {
        attributes[name]: read(element, model.openapi_types[attributes[name]], f"{path}.{name}")
        for name, element in value.items()
    }
    try:
        return model(**fields)
    except ValueError as error:
        sys.exit(f"{path}: {error}")


if __name__ == "__main__":
    read(json.load(sys.stdin), "V1beta1InferenceService", "")
