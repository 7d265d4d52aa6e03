"""The world of the matrix, built once a worker."""

import asyncio
from pathlib import Path

import pytest

from tests.security.world import World, build


@pytest.fixture(scope="session")
def world(template: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    file = tmp_path_factory.mktemp("world") / "world.db"
    file.write_bytes(template.read_bytes())
    return asyncio.run(build(file))
