"""Databases for tests: the schema is always built by the migrations, once, and then copied or emptied."""

import asyncio
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from storage.database import Database
from storage.models import Base


async def _migrate(url: str) -> None:
    database = Database(url)
    await database.migrate()
    await database.truncate_log()
    await database.close()


def sqlite_template(file: Path) -> Path:
    """Builds an empty database file to copy."""
    asyncio.run(_migrate(f"sqlite+aiosqlite:///{file}"))
    return file


class Postgres:
    """One database on the test server, named for the worker that uses it."""

    def __init__(self, server: str, name: str) -> None:
        self._server = make_url(server)
        self._name = name
        self._beside: list[str] = []
        self.url = self._server.set(database=name).render_as_string(hide_password=False)

    def _run(self, *statements: str, database: str | None = None) -> None:
        url = self._server if database is None else self._server.set(database=database)
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def create(self) -> None:
        self._run(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)", f"CREATE DATABASE {self._name}")
        asyncio.run(_migrate(self.url))

    def bare(self) -> str:
        """Another database beside it, without a schema."""
        name = f"{self._name}_bare"
        if name not in self._beside:
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
            self._beside.append(name)
        self._run("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", database=name)
        return self._server.set(database=name).render_as_string(hide_password=False)

    def base_of_bare(self) -> str:
        """What `bare` holds now becomes the `_base` of a database that is made anew from it."""
        name = f"{self._name}_anew"
        for one in (name, f"{name}_base"):
            self._run(f"DROP DATABASE IF EXISTS {one} WITH (FORCE)")
            if one not in self._beside:
                self._beside.append(one)
        self._run(f"CREATE DATABASE {name}_base TEMPLATE {self._name}_bare")
        return self._server.set(database=name).render_as_string(hide_password=False)

    def empty(self) -> None:
        tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
        self._run(f"TRUNCATE {tables} RESTART IDENTITY CASCADE", database=self._name)

    def drop(self) -> None:
        for name in (self._name, *self._beside):
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
