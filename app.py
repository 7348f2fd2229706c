"""The WSGI door: ``app:create_app()`` for a server, ``python app.py`` to look at it here."""
from __future__ import annotations

from workbench.web import create_app

__all__ = ["create_app"]

if __name__ == "__main__":
    create_app().run(host="127.0.0.1", port=8000)
