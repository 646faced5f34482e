"""Tell the relay, without making anybody wait, that there is something to deliver."""


def nudge() -> None:
    """Return at once."""
