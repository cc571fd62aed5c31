"""Extensions: what acts on the nodes of a cluster beside Corral itself, each replaceable, each possibly from a package of its own.

`contract` is what an extension is; `registry` finds them; `hooks` and `pipelines` call them. Rule: an extension knows the
contract, the domain and what it brings itself; it never imports flows, services or another extension.
"""
