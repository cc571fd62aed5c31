"""The one error that the lab shows to its user.

Role: whatever goes wrong is raised as a LabError that says what happened and what to do next; only lab/cli.py prints it.
"""


class LabError(Exception):
    """Something failed; `hint` tells what to do next and `log` holds the last lines that explain it."""

    def __init__(self, message: str, hint: str = "", log: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.log = log

    def __str__(self) -> str:
        parts = [super().__str__()]
        if self.log:
            parts += ["  | " + line for line in self.log.splitlines()]
        if self.hint:
            parts.append("What to do: " + self.hint)
        return "\n".join(parts)
