"""All SQL of the workbench: the connection, the migrations, one module a table family."""
from workbench.store.connection import Row, Store

__all__ = ["Row", "Store"]
