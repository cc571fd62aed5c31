"""Keystone's configuration."""

from __future__ import annotations

from lab.config.common import database
from lab.config.ini import render
from lab.setup import Setup


def text(setup: Setup) -> str:
    keys = setup.places.data / "keystone"
    return render(
        {
            "DEFAULT": {"public_endpoint": setup.root_url("keystone")},
            "database": database(setup, "keystone"),
            "token": {"expiration": 86400},
            "fernet_tokens": {"key_repository": keys / "fernet-keys"},
            # fernet_setup writes receipts too, and into /etc/keystone if this is not said.
            "fernet_receipts": {"key_repository": keys / "fernet-keys"},
            "credential": {"key_repository": keys / "credential-keys"},
            # One process serves, so its own memory is a cache that is never stale; each login costs a third of the time.
            "cache": {"backend": "dogpile.cache.memory"},
            # The least that bcrypt takes: these passwords are public, and every login would cost 0.3 s of CPU.
            "identity": {"password_hash_rounds": 4},
        }
    )
