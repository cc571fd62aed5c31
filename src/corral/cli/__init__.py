"""The command line: a client of the API, except `serve`, `worker`, `db` and `token`, which are the server itself.

Rule: commands print through `session` and `output`, which clean what the world says; no module here talks to a source
or a store, except `probe`, which reads a source without a server and writes nothing.
"""
