"""Reads, stores, syncs, settles and shows. See docs/architecture.md for the rooms."""
