"""Database triggers that refuse to alter or delete what the trace holds. Alembic's batch mode drops SQLite triggers silently: every
migration ends with `install`, and the start and `audit verify` ask `missing`.
"""

from sqlalchemy import text

WORDS = "the trace is only added to"
NEVER = {"events": ("UPDATE", "DELETE"), "event_subjects": ("UPDATE", "DELETE"), "sealed_values": ("DELETE",), "chains": ("DELETE",)}


def names() -> set[str]:
    return {f"keep_{table}_{verb.lower()}" for table, verbs in NEVER.items() for verb in verbs} | {"keep_chains_forward", "keep_sealed_values_row"}


def install(connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.execute(text(
            f"CREATE OR REPLACE FUNCTION xueji_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
        ))
    for table, verbs in NEVER.items():
        for verb in verbs:
            _trigger(connection, sqlite, f"keep_{table}_{verb.lower()}", verb, table)
    _trigger(connection, sqlite, "keep_chains_forward", "UPDATE", "chains", "NEW.length <> OLD.length + 1 OR NEW.id <> OLD.id")
    _trigger(connection, sqlite, "keep_sealed_values_row", "UPDATE", "sealed_values",
             "NEW.id <> OLD.id OR NEW.event_id <> OLD.event_id OR NEW.commitment <> OLD.commitment OR NEW.label <> OLD.label")


def _trigger(connection, sqlite, name, verb, table, condition=None):
    when = f"WHEN ({condition})" if condition else ""
    if sqlite:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        connection.execute(text(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"))
    else:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {table}"))
        connection.execute(text(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION xueji_keep()"))


def missing(connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        there = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
    else:
        there = connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")).scalars()
    return names() - set(there)
