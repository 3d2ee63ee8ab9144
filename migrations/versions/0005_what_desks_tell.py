"""what desks tell: cases ended by week, and news of a case that is about no one pupil"""

import sqlalchemy as sa
from alembic import op

from app.models import guards

revision = '0005'
down_revision = '0004'
BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade():
    op.create_index('ix_cases_ended', 'cases', ['county_id', 'ended_at'], unique=False)
    with op.batch_alter_table('tasks', schema=None) as batch_op:
        batch_op.alter_column('student_id', existing_type=BIG, nullable=True)
    guards.install(op.get_bind())


def downgrade():
    op.execute('DELETE FROM tasks WHERE student_id IS NULL')
    with op.batch_alter_table('tasks', schema=None) as batch_op:
        batch_op.alter_column('student_id', existing_type=BIG, nullable=False)
    op.drop_index('ix_cases_ended', table_name='cases')
    guards.install(op.get_bind())
