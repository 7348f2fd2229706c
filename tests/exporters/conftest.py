"""Each format's export of the nasty release, made once; the checks of GLiNER2."""
from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from typing import Any, Callable, Iterator

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


class _Unused(types.ModuleType):
    """Stands where a module that nothing uses is imported; what is taken from it is a class."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


@pytest.fixture(scope="session")
def gliner2_data() -> Iterator[Any]:
    """`gliner2.training.data`, the checks of GLiNER2 itself.

    They are plain Python, and gliner2 says that they need no torch, but its package imports it for
    the models next to them. Where torch is missing, an empty module is put in its place.
    """
    if importlib.util.find_spec("gliner2") is None:
        pytest.skip("gliner2 is not installed")
    with pytest.MonkeyPatch.context() as patch:
        if importlib.util.find_spec("torch") is None:
            for name in ("torch", "torch.nn", "torch.nn.functional", "torch.nn.utils",
                         "torch.nn.utils.rnn", "torch.utils", "torch.utils.data", "transformers"):
                patch.setitem(sys.modules, name, _Unused(name))
        before = set(sys.modules)
        data = importlib.import_module("gliner2.training.data")
        for name in set(sys.modules) - before:
            if name.startswith("gliner2"):
                patch.delitem(sys.modules, name)
    # Imported once; the empty modules are gone again, so that nothing else takes them for torch.
    yield data
