"""Code tables (代码表): the national ones, the form's short lists, and our own codes from 91 on."""

from . import changes, divisions
from .code_table import CodeTable, names, table

__all__ = ["CodeTable", "changes", "divisions", "names", "table"]
