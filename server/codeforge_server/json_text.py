"""JSON in and out: strict reading, one canonical text for each value.

Accepted is what every client can read back: UTF-8, no NaN or Infinity, no number beyond a double's
range, no member named twice, no lone surrogate, at most 200 levels. The canonical text is compact,
has sorted members and raw non-ASCII characters, so equal values have equal texts and answers can be
put together from stored texts without parsing them again. Integers keep all their digits; other
numbers are doubles and come back as the same double.
"""

from __future__ import annotations

import json
from itertools import accumulate
from typing import Any

from .errors import ApiError

MAX_DEPTH = 200
# Texts of integers up to this length are below a double's range limit (1.8e308) for certain, and
# texts longer than the second are above it, sign included.
_SAFE_LENGTH = 308
_LONGEST_INTEGER = 310
_BRACKETS = str.maketrans("{}", "[]")
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]")


def parse_document(body: bytes, envelope_levels: int = 0) -> Any:
    """The value in a request body.

    `envelope_levels` is how many levels around the stored value the body adds to MAX_DEPTH.
    Raises ApiError 400 that says what is wrong.
    """
    try:
        # A byte order mark is harmless, and the original server accepted it.
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ApiError(400, f"Malformed JSON: not UTF-8 at byte {error.start}") from None
    _check_depth(text, MAX_DEPTH + envelope_levels)
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise ApiError(400, f"Malformed JSON: {error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise ApiError(400, f"JSON is nested deeper than {MAX_DEPTH} levels") from None


def canonical_text(value: Any) -> str:
    """The text that is stored for `value`. Raises ApiError 400 for a lone surrogate in any string."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ApiError(400, "JSON holds a lone surrogate, which is not a character") from None
    return text


def quoted(text: str) -> str:
    """`text` as a JSON string."""
    return json.dumps(text, ensure_ascii=False)


def _check_depth(text: str, limit: int) -> None:
    """Raises ApiError 400 if brackets nest deeper than `limit`.

    Runs before parsing, since the parser's own guard is the interpreter's stack. All steps are bulk
    text operations, because a loop over the characters of a large import would take seconds.
    """
    if text.count("[") + text.count("{") <= limit:
        return
    # Without escape pairs every quote is the border of a string, so that the even parts are outside.
    outside = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    brackets = outside.translate(_BRACKETS).encode("utf-8", "replace").translate(None, _NOT_BRACKETS)
    # "[" is one below the byte 92 and "]" one above, so each opens or closes one level.
    if max(accumulate(map((92).__sub__, brackets)), default=0) > limit:
        raise ApiError(400, f"JSON is nested deeper than {MAX_DEPTH} levels")


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _value in pairs:
            if name in seen:
                raise ApiError(400, f"JSON object has the member {json.dumps(name[:60])} more than once")
            seen.add(name)
    return members


def _refuse_constant(name: str) -> Any:
    raise ApiError(400, f"{name} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ApiError(400, f"Number {text[:40]} is beyond the range of a double")
    return number


def _integer(text: str) -> int | float:
    if len(text) > _LONGEST_INTEGER:
        # Not converted at all: for a million digits that takes quadratic time.
        raise ApiError(400, f"Number {text[:40]}... is beyond the range of a double")
    if len(text) > _SAFE_LENGTH:
        _finite(text)
    # Python's integers have no negative zero.
    return -0.0 if text == "-0" else int(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique_members,
    parse_constant=_refuse_constant,
    parse_float=_finite,
    parse_int=_integer,
)
