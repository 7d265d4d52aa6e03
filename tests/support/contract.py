"""The digest's JSON as the contract writes it: every key with its type, and every note in exactly one class."""

from collections import Counter
from typing import Any

SPEAKERS = {"youth", "worker", "company", "government", "institution", "staff", "other"}
KINDS = {"finding", "request", "promise", "hearsay", "minority"}
_QUOTE = {"note_id": str, "text": str}
_FINDING = {"kind": str, "text": str, "note_ids": [str], "quotes": [_QUOTE]}
_COUNTS: dict[str, Any] = {"*": int}
_SHAPE: dict[str, Any] = {
    "region": str,
    "date": str,
    "revision": int,
    "engine": {
        "kind": str,
        "model": (str, None),
        "prompt_version": (str, None),
        "fallback_reason": (str, None),
        "tokens": int,
    },
    "ledger": {
        "received": int,
        "cited": [str],
        "covered": [str],
        "unplaced": [str],
        "merged": [{"into": str, "note_ids": [str]}],
        "set_aside": [{"reason": str, "note_ids": [str]}],
        "withdrawn": int,
    },
    "numbers": {
        "meetings": int,
        "notes": int,
        "voices": int,
        "by_speaker": _COUNTS,
        "rating_average": (float, None),
        "rating_counts": _COUNTS,
    },
    "themes": [
        {
            "title": str,
            "note_ids": [str],
            "by_speaker": _COUNTS,
            "rating_average": (float, None),
            "findings": [_FINDING],
        }
    ],
    "minority": [_FINDING],
    "unplaced": [{"meeting": (str, None), "note_ids": [str], "quotes": [_QUOTE]}],
    "checks": {"findings": int, "passed": int, "dropped": int},
}


def check_digest(body: Any) -> None:
    """Raises AssertionError where the body is not what the contract says; keys may be added."""
    _check(body, _SHAPE, "digest")
    assert body["engine"]["kind"] in {"extractive", "language_model"}
    for counts in (body["numbers"]["by_speaker"], *(theme["by_speaker"] for theme in body["themes"])):
        assert set(counts) <= SPEAKERS
    assert set(body["numbers"]["rating_counts"]) <= {"1", "2", "3", "4", "5"}
    findings = [*body["minority"], *(f for theme in body["themes"] for f in theme["findings"])]
    assert {finding["kind"] for finding in findings} <= KINDS
    assert body["checks"]["findings"] == body["checks"]["passed"] + body["checks"]["dropped"]
    _check_ledger(body["ledger"])


def _check_ledger(ledger: Any) -> None:
    classes = Counter([*ledger["cited"], *ledger["covered"], *ledger["unplaced"]])
    for one in (*ledger["merged"], *ledger["set_aside"]):
        classes.update(one["note_ids"])
    assert all(times == 1 for times in classes.values()), "a note is in two classes"
    assert ledger["received"] == classes.total() + ledger["withdrawn"]


def _check(value: Any, shape: Any, where: str) -> None:
    match shape:
        case {"*": inner}:
            assert isinstance(value, dict), where
            for key, one in value.items():
                _check(one, inner, f"{where}.{key}")
        case dict():
            assert isinstance(value, dict), where
            assert shape.keys() <= value.keys(), f"{where} lacks {shape.keys() - value.keys()}"
            for key, inner in shape.items():
                _check(value[key], inner, f"{where}.{key}")
        case [inner]:
            assert isinstance(value, list), where
            for place, one in enumerate(value):
                _check(one, inner, f"{where}[{place}]")
        case (kind, None):
            assert value is None or type(value) is kind, f"{where}: {value!r}"
        case _:
            assert type(value) is shape, f"{where}: {value!r}"
