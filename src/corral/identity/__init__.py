"""Who calls, and what they may do: Keystone or local tokens say who, oslo.policy says what.

Rule: this package knows `corral.domain` and nothing else of Corral, so that the store may keep tokens and the API may ask
for callers. Nothing here decides by itself what a caller may do: every question goes through `policy`.
The modules that load Keystone's middleware and oslo.policy are imported by name, so that a command line that needs neither
does not wait for them.
"""

from corral.identity.authenticate import Authenticator, EitherAuthenticator, LoopbackAuthenticator, refuse_open_listen
from corral.identity.caller import Caller, new_request_id
from corral.identity.tokens import LocalAuthenticator, Token, TokenStore, new_token

__all__ = [
    "Authenticator",
    "Caller",
    "EitherAuthenticator",
    "LocalAuthenticator",
    "LoopbackAuthenticator",
    "Token",
    "TokenStore",
    "new_request_id",
    "new_token",
    "refuse_open_listen",
]
