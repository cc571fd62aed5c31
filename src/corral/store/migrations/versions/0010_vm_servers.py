"""VMs that are servers: what kind of machine a server has, and its volumes and NICs."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
