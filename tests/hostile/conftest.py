"""The town that is attacked: everybody of the authority matrix, with something of every kind."""

import asyncio
from pathlib import Path

import pytest

from tests.security.world import World, build


@pytest.fixture(scope="session")
def world(template: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    file = tmp_path_factory.mktemp("hostile") / "world.db"
    file.write_bytes(template.read_bytes())
    return asyncio.run(build(file))
