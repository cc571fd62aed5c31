"""The REST API: Mogan's v1 wire format for servers and flavors, with adoption, plans, operations and sources beside it.

Rule: a handler parses, asks one service, renders. It has no try, no session, no driver. `errors` alone turns an error into a
status, `render` alone turns the domain into JSON.
"""

from corral.api.app import create_app

__all__ = ["create_app"]
