"""From the one exact layout to what agents and installers read, one module for each of them.

Rule: a writer reads `domain.layout` and nothing else of Corral's; what it can't express it refuses, all at once.
"""
