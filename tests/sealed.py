"""Which columns hold sealed values, and a watch over every select that the tests carry out: a value is sealed for its row, so whoever reads it reads the id too.

A statement can be put together in many places (listing chooses its columns by name), so it is looked at where it reaches the database.
"""

from weakref import WeakSet

from sqlalchemy import LargeBinary, Select, event

from app.extensions import Base

KEYED = {  # bytes that are no sealed values: hashes, keyed indexes, commitments
    "answers.fields", "chains.head", "events.before", "events.hash", "files.sha256", "imports.content_hash", "near_numbers.key", "papers.code_index",
    "papers.short_index", "person_numbers.index", "sealed_values.commitment", "sign_ins.key", "throttles.key",
}
ASKED_BY_KEY = {"answers.location"}  # sealed for the account and the key that it is asked by


def columns():
    """{sealed column: the id of its row}"""
    found = {}
    for table in Base.metadata.tables.values():
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            if isinstance(column.type, LargeBinary) and name not in KEYED | ASKED_BY_KEY and not column.name.endswith("_index"):
                found[column] = table.c.id
    return found


SEALED = columns()
_seen = WeakSet()


def watch(engine):
    event.listen(engine, "before_cursor_execute", _look)


def _look(connection, cursor, statement, parameters, context, executemany):
    compiled = context.compiled if context else None
    if compiled is None or compiled in _seen or not isinstance(compiled.statement, Select):
        return
    if lacking := alone(compiled.statement):
        raise AssertionError(f"sealed values without the id of their row: {lacking}\n{statement}")
    _seen.add(compiled)


def alone(select) -> set:
    """The sealed columns that this select reads without the id of their row."""
    read = {base for column in select.selected_columns for base in column.base_columns}
    return {str(column) for column in read if column in SEALED and SEALED[column] not in read}
