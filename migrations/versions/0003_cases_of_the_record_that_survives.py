"""cases found by the record that survives a merge"""

import sqlalchemy as sa
from alembic import op

from app.models import guards

revision = '0003'
down_revision = '0002'

SURVIVES = sa.text('into_student_id IS NOT NULL')


def upgrade():
    op.create_index('ix_cases_into', 'cases', ['into_student_id'], unique=False, sqlite_where=SURVIVES, postgresql_where=SURVIVES)
    guards.install(op.get_bind())


def downgrade():
    op.drop_index('ix_cases_into', table_name='cases')
