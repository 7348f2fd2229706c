"""One module a family of rules; each `Rule` in them is found by scanning."""
