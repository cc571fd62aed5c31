"""The policy in force, and what becomes of it when its file can't be read."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from corral.domain.errors import Invalid
from corral.domain.sync_policy import SourcePolicy
from corral.services.each_alone import each_alone
from corral.services.sync_policies import Policies


class Source:
    """A source by its name only."""

    def __init__(self, name: str) -> None:
        self.name = name


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (Invalid("The sync policy is wrong.", fix="Mend it."), "The sync policy is wrong."),
        (RuntimeError("nobody thought of this"), "It could not be read: RuntimeError; the log says more."),
    ],
)
def test_whatever_keeps_a_policy_from_being_read_the_one_before_stays_in_force(trouble: Exception, told: str) -> None:
    answers: list[Mapping[str, SourcePolicy] | Exception] = [{"lab": SourcePolicy()}, trouble, {}]

    def read() -> Mapping[str, SourcePolicy]:
        if isinstance(answer := answers.pop(0), Exception):
            raise answer
        return answer

    policies = Policies(read)
    assert policies.refresh(anyway=True) is False
    assert (list(policies), policies.problem) == (["lab"], told)
    assert policies.refresh(anyway=True) is True
    assert (list(policies), policies.problem) == ([], "")


def test_one_that_fails_keeps_no_other_from_what_is_due(caplog: pytest.LogCaptureFixture) -> None:
    def seconds(source: Source) -> float:
        if source.name == "b":
            raise KeyError("what is due")
        return 1.0

    assert each_alone([Source("a"), Source("b"), Source("c")], seconds) == [1.0, 1.0]
    assert [getattr(record, "source", None) for record in caplog.records] == ["b"]
