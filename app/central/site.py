"""The documents that are served, in memory."""


class Site:
    """What is published now."""
