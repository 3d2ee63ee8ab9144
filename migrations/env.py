"""Runs the migrations on the app's own engine, in one transaction."""

from alembic import context
from flask import current_app

from app.extensions import db, writer


def run():
    with writer().connect() as connection:
        context.configure(
            connection=connection, target_metadata=db.metadata, **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
