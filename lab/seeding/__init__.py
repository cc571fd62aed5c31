"""What the seeded lab contains and how it gets there.

Role: runs in the lab's virtual environment (keystoneauth and openstacksdk), started by `python -m lab seed`.
"""
