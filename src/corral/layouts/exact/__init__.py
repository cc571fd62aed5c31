"""The exact allocator: schemas of version 2, solved as an integer program.

`read` a schema, take a node's disks with `tables`, `allocate`, and let `explain` say why. What doesn't fit raises `Infeasible`
with the smallest sets of requirements that conflict. Rule: imports the domain, SciPy, the reader of YAML and the forms of
explanations, and nothing else of ours.
"""

from corral.layouts.exact.allocation import TIME_LIMIT, Allocation, allocate
from corral.layouts.exact.errors import Infeasible, SchemaInvalid, Unsolved
from corral.layouts.exact.explaining import explain
from corral.layouts.exact.nodes import roles, tables
from corral.layouts.exact.reading import is_exact, parse, read
from corral.layouts.exact.schema import VERSION, Schema
from corral.layouts.explained import Conflict, Explanation, Reasoned, Requirement, Spare

__all__ = [
    "TIME_LIMIT",
    "VERSION",
    "Allocation",
    "Conflict",
    "Explanation",
    "Infeasible",
    "Reasoned",
    "Requirement",
    "Schema",
    "SchemaInvalid",
    "Spare",
    "Unsolved",
    "allocate",
    "explain",
    "is_exact",
    "parse",
    "read",
    "roles",
    "tables",
]
