"""Writing files whole or not at all."""
from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, TextIO

from labels.errors import InputError, N_


@contextmanager
def write_atomically(path: Path, mode: int = 0o644) -> Iterator[TextIO]:
    """A text file that takes the place of `path` when the block ends without an error."""
    path = Path(path)
    if path.is_dir():
        raise InputError(N_("%(file)s is a folder, not a file"), file=path)
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    except OSError as error:
        raise InputError(N_("cannot write %(file)s: %(why)s"), file=path,
                         why=error.strerror) from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
