"""The records of the pack, one module a kind; `labels.govdoc.record_rules` scans for them."""
