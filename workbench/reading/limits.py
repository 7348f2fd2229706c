"""What a file may cost. One table for all readers; every number is a bound, not a target.

A file beyond a bound is refused with a `ReadError`, never read in part.
"""
from __future__ import annotations

MB = 1 << 20

# Sizes in bytes.
MAX_FILE = 300 * MB            # a file as it lies on the disk
MAX_UNPACKED = 300 * MB        # all that a container (docx, xlsx, zip, 7z) unpacks to
MAX_RATIO = 200                # unpacked to packed; prose in XML stays below 30
RATIO_FLOOR = 5 * MB           # below this no ratio is looked at: a blank sheet packs 1 : 1000
MAX_PLAIN = 40 * MB            # a file of text, or a web page: one document
MAX_ROWS = 100 * MB            # a file of documents, one a line
MAX_HERE = MB // 2             # plain text that is read without a child, for speed
MAX_TEXT = 10_000_000          # characters of one document

# Counts.
MAX_MEMBERS = 2_000            # files in an archive
MAX_NESTING = 2                # an archive in an archive
MAX_PAGES = 2_000              # pages of a PDF

# The child process that parses (`workbench.reading.sandbox`).
CHILD_MEMORY = 900 * MB        # address space beyond what the child needs to start
START_SECONDS = 30.0           # for the child to load its libraries
CHILD_OUTPUT = 200 * MB        # bytes of one answer
CHILD_SECONDS = 6.0            # for a file, or for unpacking an archive
PAGE_SECONDS = 0.05            # more for every page of a PDF
BYTE_SECONDS = 0.02 / MB       # more for every byte of the file
CHILD_FILES = 200              # files that one child reads before a fresh one takes its place
