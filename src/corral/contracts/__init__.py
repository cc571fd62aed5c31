"""What Corral asks of the systems around it, as small protocols by capability.

Rule: the docstring of a method is its law — effect, idempotence, errors — and the contract suite (tests/contract) holds
every implementation to it. A source that lacks a capability simply does not have its methods: `isinstance(x, Adopts)`.
"""
