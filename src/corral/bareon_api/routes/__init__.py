"""The routes. Rule: a handler parses, calls the service once, and renders; the version that a client has seen goes along."""
