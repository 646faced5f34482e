from tests.factories.core import registry

__all__ = ["registry"]
