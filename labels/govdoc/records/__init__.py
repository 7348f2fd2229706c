"""The records of the pack, one module a kind; `labels.govdoc.record_rules` finds them by scanning."""
