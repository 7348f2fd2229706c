"""One real Label Studio for the whole run, in a temporary folder."""
from __future__ import annotations

import os
from pathlib import Path
from typing import Iterator

import pytest

from workbench.studio import local
from workbench.studio.client import Client

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def studio_executable() -> Path:
    """From WORKBENCH_STUDIO_VENV, else ``.venv-studio`` of the repository, made if missing."""
    return local.install(Path(os.environ.get("WORKBENCH_STUDIO_VENV", ROOT / ".venv-studio")))


@pytest.fixture(scope="session")
def studio_home(tmp_path_factory: pytest.TempPathFactory) -> local.StudioHome:
    return local.StudioHome(tmp_path_factory.mktemp("studio"))


@pytest.fixture(scope="session")
def label_studio(studio_home: local.StudioHome, studio_executable: Path) -> Iterator[local.Server]:
    try:
        yield local.start(studio_home, studio_executable)
    finally:
        local.stop(studio_home)


@pytest.fixture(scope="session")
def studio_client(label_studio: local.Server) -> Iterator[Client]:
    with Client(label_studio.url, label_studio.token) as client:
        yield client
