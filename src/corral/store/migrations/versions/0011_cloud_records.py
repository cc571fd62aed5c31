"""What was made in Cinder and Neutron for what a hypervisor has."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
