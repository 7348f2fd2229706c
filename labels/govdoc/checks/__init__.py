"""The checks of the pack, one module a family; `labels.govdoc.load_checks` finds them."""
