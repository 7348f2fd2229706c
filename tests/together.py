"""All tests, in two processes at once: those with a real Label Studio and browser, and the others.

Those that train models or measure go with the first, which wait for their server half of the time.

    python -m tests.together [ARGUMENT…]      arguments of pytest, for both

What the others say is shown as they say it; what those with Label Studio said follows when both
have ended. The exit status is 0 only if both passed.
"""
from __future__ import annotations

import signal
import subprocess
import sys
import tempfile

PYTEST = [sys.executable, "-m", "pytest"]


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryFile() as said:
        with_studio = subprocess.Popen(
            [*PYTEST, "-m", "(e2e or apart) and not long", *arguments],
            stdout=said, stderr=subprocess.STDOUT)
        try:
            status = subprocess.run(
                [*PYTEST, "-m", "not e2e and not apart and not long", *arguments]).returncode
            print("The tests with Label Studio and a browser, and those that take long:",
                  flush=True)
            status = with_studio.wait() or status
        finally:
            # Interrupted, it stops the servers it has started.
            if with_studio.poll() is None:
                with_studio.send_signal(signal.SIGINT)
                with_studio.wait()
        said.seek(0)
        sys.stdout.buffer.write(said.read())
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
