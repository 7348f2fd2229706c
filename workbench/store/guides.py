"""What changed in what people go by: one list over all that is versioned."""
from __future__ import annotations

from workbench.store.connection import Row, Store

# One SELECT a source: `kind`, `version`, `at`, `by`, `why`.
_SOURCES = (
    "SELECT 'rules' AS kind, version, made_at AS at, made_by AS by, why FROM overlays",
    "SELECT 'guide', version, made_at, made_by, why FROM schemas WHERE step = 'done'",
)


def guide_changes(store: Store, since: str | None = None, limit: int = 20) -> list[Row]:
    """The newest changes first; with `since` only those made after that time."""
    return store.rows(
        f"SELECT * FROM ({' UNION ALL '.join(_SOURCES)})"
        " WHERE (:since IS NULL OR at > :since) ORDER BY at DESC, version DESC LIMIT :limit",
        {"since": since, "limit": limit})
