"""Readers: one module a file format, found by scanning.

A module of this package is a reader if it has ``SUFFIXES`` (lower case, with the dot) and
``read(name, data) -> list[Draft]``. It decodes, and states what its format states; structure is
found afterwards, in `workbench.reading.structure`, for all formats alike. It raises ReadError.
"""
