"""What `make test` needs beside Python packages: a Chromium, and Label Studio.

Run as ``python -m tests.prepare``; says what it does, and does nothing the second time.
"""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from workbench.studio import local

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def browser() -> str | None:
    """The path of an installed Chromium, if there is one."""
    return next((found for found in map(shutil.which, BROWSERS) if found), None)


def install_browser() -> None:
    """Install Debian's Chromium, where that is allowed; exit with a clear line otherwise."""
    if browser():
        return
    apt = shutil.which("apt-get")
    command = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not apt or (command and not shutil.which("sudo")):
        sys.exit("The browser tests need Chromium. Install it (Debian: apt-get install chromium)"
                 " and run make test again.")
    print("Installing Chromium for the browser tests (once) …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
        done = subprocess.run([*command, apt, *arguments], env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            sys.exit("Chromium could not be installed: "
                     + (done.stdout.strip().splitlines() or ["no word from apt-get"])[-1])


def install_studio() -> None:
    """Install Label Studio into the environment that the end-to-end tests use."""
    folder = Path(os.environ.get("WORKBENCH_STUDIO_VENV", ".venv-studio"))
    local.install(folder, lambda fraction, message: print(message, flush=True))


if __name__ == "__main__":
    install_browser()
    install_studio()
