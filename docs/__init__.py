"""The documentation, and what makes the part of it that comes from code."""
