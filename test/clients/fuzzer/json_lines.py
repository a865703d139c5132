"""Lets the fuzzer send JSON lines, of which it knows only that they are text."""

import schemathesis


@schemathesis.serializer("application/jsonlines")
def to_lines(_context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
