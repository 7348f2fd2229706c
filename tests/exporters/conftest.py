"""Each format's export of the nasty release, made once."""
from __future__ import annotations

from typing import Callable

import pytest

from exporters import Export, export
from tests.exporters.nasty import RELEASE


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Export]:
    done: dict[str, Export] = {}

    def get(name: str) -> Export:
        if name not in done:
            done[name] = export(RELEASE, name, tmp_path_factory.mktemp("exports") / name)
        return done[name]
    return get
