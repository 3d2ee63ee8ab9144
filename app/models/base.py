"""Column types that every table uses. Moments are Shanghai wall-clock time (app/clock.py)."""

from typing import Annotated

from sqlalchemy import BigInteger, ForeignKey, Integer
from sqlalchemy.orm import mapped_column

from .ids import new_id

BIG = BigInteger().with_variant(Integer(), "sqlite")  # INTEGER PRIMARY KEY is SQLite's row id

Id = Annotated[int, mapped_column(BIG, primary_key=True, default=new_id, autoincrement=False)]
Big = Annotated[int, mapped_column(BIG)]


def to(table: str, **kwargs):
    """A column that points at the id of another table."""
    return mapped_column(BIG, ForeignKey(f"{table}.id"), **kwargs)
