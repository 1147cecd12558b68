"""Publishing: a thread that turns new revisions into versions of the public folder (design D8)."""


class Publisher:
    """Publishes at an interval, or at once by `flush`."""

    def start(self) -> None:
        """Rebuild the tallies from the store, publish the first version, then follow."""

    def flush(self) -> int:
        """Publish now what is in the store, from any thread; returns the version that holds it."""
        raise NotImplementedError

    def stop(self) -> None:
        """End the thread after what it is doing."""
