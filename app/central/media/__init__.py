"""The media's line: the register of those who may use it, and the server that they read from.

The register works with the centre's database; the server reads published files only. What they share is
one signed document, the list of media.
"""
