"""Databases for the harness's lives, looked at and mistreated from outside the product."""

from pathlib import Path

from tests.faults.database_postgres import PostgresHome
from tests.faults.database_sqlite import SqliteHome
from tests.faults.home import Hold, Home

__all__ = ["Hold", "Home", "PostgresHome", "SqliteHome", "available_kinds", "home_of"]


def home_of(kind: str, folder: Path) -> Home:
    """`sqlite` or `postgresql`. To be destroyed by whoever asks for it."""
    return SqliteHome(folder) if kind == "sqlite" else PostgresHome(folder)


def available_kinds() -> tuple[str, ...]:
    """Those that this machine can have."""
    return ("sqlite",) if PostgresHome.available() else ("sqlite", "postgresql")
