"""Parsing in a child process that can do nothing but parse.

The child gets the bytes of a file through a pipe and answers with documents. It has an empty
environment, limited memory and processor time, and once its libraries are loaded **no new file
descriptor**: whatever a file names, neither a file nor a socket can be opened. One child reads
many files; it is replaced after `CHILD_FILES`, and whenever it broke a limit.

A frame is eight bytes of length and a pickle; the bytes of the file follow a request. Answers are
unpickled with a short list of classes, so that a child taken over by a file can say nothing but
documents and errors.
"""
from __future__ import annotations

import ast
import atexit
import importlib
import inspect
import io
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any, BinaryIO, Callable, Sequence

from labels.errors import N_, ReadError
from workbench.reading import limits

_HEADER = struct.Struct(">Q")
_CHUNK = 1 << 20
_KEPT = 2
_CODECS = ("gb18030", "gbk", "gb2312", "big5", "big5hkscs", "utf-8", "utf-8-sig", "utf-16",
           "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp437", "cp936", "cp950",
           "cp1252", "latin-1", "ascii", "idna", "unicode-escape", "raw-unicode-escape")
_LAZY = ("psutil",)  # libraries that the libraries import only when they need them (py7zr)
_ANSWERS = {
    "labels.document": ("Span", "Block", "Section", "Part", "Cell", "Table", "Footnote", "Name",
                        "NameList", "ReadWarning", "Definition", "Document"),
    "labels.errors": ("ReadError",),
    "workbench.reading.archives": ("Packed",),
    "decimal": ("Decimal",),
}


def call(operation: str, name: str, data: bytes) -> Any:
    """Run `operation` ("read" or "unpack") on the file `name` in a child.

    Raises the ReadError that the child raises, or one that tells how the child ended: too slow,
    too much memory, died.
    """
    worker = _POOL.take()
    reusable = False
    try:
        answer = worker.ask(operation, name, data)
        reusable = True
    except _Broken as broken:
        raise ReadError(broken.message, file=name, hint=broken.hint, **broken.context) from None
    finally:
        _POOL.give(worker, reusable)
    if isinstance(answer, ReadError):
        raise answer
    return answer


def stop() -> None:
    """End the idle children; the next call starts a new one."""
    _POOL.close()


def peak() -> int:
    """The largest resident memory, in bytes, of the children that gave an answer or were stopped;
    for measurements."""
    return _POOL.peak


class _Broken(Exception):
    """The child did not answer."""

    def __init__(self, message: str, hint: str = "", **context: Any) -> None:
        super().__init__(message)
        self.message, self.hint, self.context = message, hint, context


class _Answers(pickle.Unpickler):
    """Reads only the classes that an answer is made of."""

    def find_class(self, module: str, name: str) -> Any:
        if name not in _ANSWERS.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")
        return super().find_class(module, name)


class Worker:
    """A child process and its two pipes; used by one thread at a time."""

    def __init__(self) -> None:
        command = [sys.executable, "-s", "-B", "-m", "workbench.reading.sandbox"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd="/", close_fds=True, start_new_session=True, env={
                "PYTHONPATH": os.pathsep.join(os.path.abspath(path) for path in sys.path),
                "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"})
        self.owner = os.getpid()
        self.files = 0
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)

    @property
    def fresh(self) -> bool:
        """Whether this child may read one more file, here."""
        return (self.owner == os.getpid() and self.files < limits.CHILD_FILES
                and self.process.poll() is None)

    def peak(self) -> int:
        """The largest resident memory of the child so far, in bytes; 0 where it is not told."""
        try:
            with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
                lines = [line.split() for line in status]
        except OSError:
            return 0
        return next((int(line[1]) * 1024 for line in lines if line[:1] == ["VmHWM:"]), 0)

    def ask(self, operation: str, name: str, data: bytes) -> Any:
        self.files += 1
        request = pickle.dumps((operation, name, len(data)), protocol=5)
        try:
            if self.files == 1:
                self._answer(_Clock(limits.START_SECONDS))  # it says that it is ready
            clock = _Clock(limits.CHILD_SECONDS + limits.BYTE_SECONDS * len(data))
            for piece in (_HEADER.pack(len(request)), request, data):
                self._write(piece, clock)
            while True:
                kind, value = self._answer(clock)
                if kind != "more":
                    return value
                clock.grant(float(value))
        except (BrokenPipeError, EOFError):
            raise self._death() from None

    def _write(self, data: bytes, clock: "_Clock") -> None:
        assert self.process.stdin is not None
        pipe = self.process.stdin.fileno()
        view = memoryview(data)
        while view:
            self._wait(pipe, select.POLLOUT, clock)
            view = view[os.write(pipe, view[:_CHUNK]):]

    def _answer(self, clock: "_Clock") -> tuple[str, Any]:
        (length,) = _HEADER.unpack(self._read(_HEADER.size, clock))
        if length > limits.CHILD_OUTPUT:
            raise _Broken(N_("%(file)s unpacks to more than %(limit)s MB"), N_("split it"),
                          limit=limits.CHILD_OUTPUT // limits.MB)
        try:
            kind, value = _Answers(io.BytesIO(self._read(length, clock))).load()
        except (pickle.UnpicklingError, ValueError, TypeError, AttributeError, IndexError,
                ImportError, KeyError) as error:
            raise _Broken(N_("%(file)s: the parser gave an answer that is none (%(why)s)"),
                          why=error) from error
        return str(kind), value

    def _read(self, length: int, clock: "_Clock") -> bytes:
        assert self.process.stdout is not None
        pipe = self.process.stdout.fileno()
        held = bytearray()
        while len(held) < length:
            self._wait(pipe, select.POLLIN, clock)
            piece = os.read(pipe, min(_CHUNK, length - len(held)))
            if not piece:
                raise EOFError
            held += piece
        return bytes(held)

    def _wait(self, pipe: int, event: int, clock: "_Clock") -> None:
        waiting = select.poll()
        waiting.register(pipe, event)
        if not waiting.poll(clock.left() * 1000):
            raise _Broken(N_("%(file)s takes longer than %(seconds)s seconds to read"),
                          N_("it may be damaged or made to do harm; split it, or save it anew"),
                          seconds=round(clock.granted))

    def _death(self) -> _Broken:
        try:
            status = self.process.wait(2)
        except subprocess.TimeoutExpired:
            status = 0
        if status == -signal.SIGXCPU:
            return _Broken(N_("%(file)s takes too much processor time to read"),
                           N_("it may be damaged or made to do harm; save it anew"))
        if status in (-signal.SIGKILL, _MEMORY_STATUS):
            return _Broken(N_("%(file)s needs more than %(limit)s MB of memory to read"),
                           N_("it may be made to do harm; split it, or save it anew"),
                           limit=limits.CHILD_MEMORY // limits.MB)
        return _Broken(N_("%(file)s: the parser died of it (status %(status)s)"),
                       N_("the file is damaged; open it in its program and save it anew"),
                       status=status)

    def close(self) -> None:
        """End the child; one of another process (after a fork) is let go."""
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except BrokenPipeError:
                continue  # what was not sent to a dead child is lost with it


@dataclass
class _Clock:
    """The seconds granted for a file, counted from now."""

    granted: float

    def __post_init__(self) -> None:
        self._begun = time.monotonic()

    def grant(self, seconds: float) -> None:
        self.granted += min(max(seconds, 0.0), limits.MAX_PAGES * limits.PAGE_SECONDS)

    def left(self) -> float:
        return max(self.granted - (time.monotonic() - self._begun), 0.0)


class _Pool:
    """Idle children; a thread takes one, or starts one."""

    def __init__(self) -> None:
        self._idle: list[Worker] = []
        self._lock = threading.Lock()
        self.peak = 0

    def take(self) -> Worker:
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                return Worker()
            if worker.fresh:
                return worker
            worker.close()

    def give(self, worker: Worker, reusable: bool) -> None:
        with self._lock:
            self.peak = max(self.peak, worker.peak())
            if reusable and worker.fresh and len(self._idle) < _KEPT:
                self._idle.append(worker)
                return
        worker.close()

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()


_POOL = _Pool()
_MEMORY_STATUS = 77
atexit.register(_POOL.close)


# --- in the child --------------------------------------------------------------------------------

def main() -> None:
    """Answer requests until the pipe closes."""
    source, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    operations = _operations()
    _close_doors(source, answers)
    _send(answers, ("ready", None))
    while True:
        request = _request(source)
        if request is None:
            return
        operation, name, data = request
        _processor_limit(limits.CHILD_SECONDS + limits.BYTE_SECONDS * len(data))

        def more(pages: int) -> None:
            seconds = pages * limits.PAGE_SECONDS
            _processor_limit(limits.CHILD_SECONDS + seconds)
            _send(answers, ("more", seconds))

        try:
            answer: tuple[str, Any] = ("done", operations[operation](name, data, more))
        except ReadError as error:
            answer = ("done", _plain(error))
        except MemoryError:
            os._exit(_MEMORY_STATUS)
        except RecursionError:
            answer = ("done", ReadError(N_("%(file)s is nested too deeply"), file=name))
        except Exception as error:  # noqa: B902 - whatever a parser raises, the file is the cause
            answer = ("done", ReadError(
                N_("%(file)s is damaged: %(why)s"), file=name,
                why=" ".join(f"{type(error).__name__}: {error}".split())[:200],
                hint=N_("open it in its program and save it anew")))
        del request, data
        try:
            _send(answers, answer)
        except MemoryError:
            os._exit(_MEMORY_STATUS)


def _plain(error: ReadError) -> ReadError:
    """The error with nothing in its context but text and numbers, and without its causes."""
    context = {key: value if isinstance(value, (int, float)) else str(value)
               for key, value in error.context.items()}
    return ReadError(error.message, hint=error.hint, **context)


def _send(pipe: BinaryIO, answer: tuple[str, Any]) -> None:
    data = pickle.dumps(answer, protocol=5)
    pipe.write(_HEADER.pack(len(data)))
    if len(data) <= limits.CHILD_OUTPUT:
        pipe.write(data)
    pipe.flush()


def _request(source: BinaryIO) -> Any:
    """The next request: it comes from the parent, so that it is trusted."""
    header = source.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    operation, name, length = pickle.loads(source.read(_HEADER.unpack(header)[0]))
    return operation, name, source.read(length)


def _operations() -> dict[str, Callable[[str, bytes, Callable[[int], None]], Any]]:
    """What can be asked, with all that it needs loaded: afterwards no library can be opened."""
    import codecs
    from workbench import reading
    from workbench.reading import archives
    for codec in _CODECS:
        codecs.lookup(codec)
    ours = [module for name, module in list(sys.modules.items())
            if name.startswith("workbench.reading")]
    for needed in (*_LAZY, *(name for module in ours for name in _imports(module))):
        try:
            importlib.import_module(needed)
        except ImportError:
            continue  # a name in a module, or a library that is not installed
    for module in ours:
        if hasattr(module, "prepare"):
            module.prepare()
    return {"read": reading.read_here, "unpack": archives.unpack_here}


def _imports(module: Any) -> Sequence[str]:
    """The modules that functions of `module` import when they are called."""
    found: list[str] = []
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module)
            found.extend(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def _close_doors(source: BinaryIO, answers: BinaryIO) -> None:
    """No new file descriptors, no files written, no core, little memory. Cannot be undone."""
    import resource
    base = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() if (
        os.path.exists("/proc/self/statm")) else 512 * limits.MB
    resource.setrlimit(resource.RLIMIT_AS, (base + limits.CHILD_MEMORY,) * 2)
    # Without this one py7zr would look into /proc for the memory there is.
    resource.setrlimit(resource.RLIMIT_DATA, (base + limits.CHILD_MEMORY,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # New descriptors take the lowest free number; below this one all are in use.
    last = max(source.fileno(), answers.fileno(), 2)
    for number in range(last + 1):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(2, number)
    resource.setrlimit(resource.RLIMIT_NOFILE, (last + 1,) * 2)


def _processor_limit(seconds: float) -> None:
    """Let the process end if it works so many seconds longer, even if its parent is gone."""
    import resource
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 2, hard))


if __name__ == "__main__":
    main()
