"""Turn the files of ``content/demo/data`` into a running shop. Every step keeps what is there already."""

from .shop import load_demo_shop

__all__ = ["load_demo_shop"]
