"""What is marked in a document, and how to guess it.

Pure: no Flask, no SQL, no network, no file formats. Text in, spans, relations and classes out.
"""
