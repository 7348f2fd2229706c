"""The checks of the pack, one module a family; `labels.govdoc.checks` finds them by scanning."""
