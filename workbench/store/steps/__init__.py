"""What each step of `workbench.store.migrations` does to the tables, as SQL."""
