"""Makes the reference pages from the code, so that they can't say anything else than it does.

`python -m docs.generate` writes them; with `--check` it writes nothing and names each page that is stale. Rule: a page is
one function in a registry that returns Markdown. It imports the code that it describes, and reads nothing else.
"""
