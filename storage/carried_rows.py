"""Rows of two databases of one schema, by their keys: for what is carried from one into the other (storage.carrying)."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import Table, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.models import Base

AT_ONCE = 500
"""Rows a statement."""

Row = dict[str, Any]
Key = tuple[Any, ...]


def everything(_row: Row) -> bool:
    return True


class Sides:
    """`there` is only read, `here` is written. Whole tables are held, but for the columns in `without`."""

    def __init__(self, there: AsyncConnection, here: AsyncConnection) -> None:
        self._there = there
        self._here = here

    async def there(
        self, name: str, which: Callable[[Row], bool] = everything, *, without: Collection[str] = ()
    ) -> dict[Key, Row]:
        return await _read(self._there, _table(name), which, without)

    async def here(self, name: str, *, without: Collection[str] = ()) -> dict[Key, Row]:
        return await _read(self._here, _table(name), everything, without)

    async def value_there(self, name: str, key: Key, column: str) -> Any:
        table = _table(name)
        query = select(table.columns[column]).where(_is(table, key))
        return (await self._there.execute(query)).scalar_one()

    async def add(self, name: str, rows: Mapping[Key, Row]) -> list[Key]:
        """Those that are not here yet, in the order of their keys, which tells nothing; the keys that were added.

        A reference that leads nowhere here is left out, or its row is.
        """
        table, known = _table(name), await self.here(name)
        new = {key: rows[key] for key in sorted(rows.keys() - known.keys(), key=str)}
        for constraint in table.foreign_key_constraints:
            [reference] = constraint.elements
            column, at = reference.parent, reference.column
            there = {row[at.name] for row in (await self.here(at.table.name)).values()}
            if column.nullable:
                for row in new.values():
                    row[column.name] = row[column.name] if row[column.name] in there else None
            else:
                new = {key: row for key, row in new.items() if row[column.name] in there}
        await self.insert(name, list(new.values()))
        return list(new)

    async def insert(self, name: str, rows: list[Row]) -> None:
        for start in range(0, len(rows), AT_ONCE):
            await self._here.execute(insert(_table(name)), rows[start : start + AT_ONCE])

    async def set(self, name: str, key: Key, values: Mapping[str, Any]) -> None:
        table = _table(name)
        await self._here.execute(update(table).where(_is(table, key)).values(**values))

    async def remove(self, name: str, key: Key) -> None:
        table = _table(name)
        await self._here.execute(delete(table).where(_is(table, key)))


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _is(table: Table, key: Key) -> Any:
    return and_(*(column == value for column, value in zip(table.primary_key, key, strict=True)))


async def _read(
    connection: AsyncConnection, table: Table, which: Callable[[Row], bool], without: Collection[str]
) -> dict[Key, Row]:
    columns = [column for column in table.columns if column.name not in without]
    async with connection.stream(select(*columns)) as rows:
        found = [row async for row in (dict(one) async for one in rows.mappings()) if which(row)]
    return {tuple(row[column.name] for column in table.primary_key): row for row in found}
