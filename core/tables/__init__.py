"""Files of a person's own data, read as tables."""

from core.tables.read import read_table
from core.tables.table import DataTable, NumberColumn, TextColumn

__all__ = ["DataTable", "NumberColumn", "TextColumn", "read_table"]
