"""What was found before: no more of it is held than may be, and what is used is not forgotten."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from etown_check.memory import Known, Memory, Once


@given(st.integers(2, 12), st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=200))
def test_the_last_used_half_is_remembered(most: int, steps: list[tuple[bool, int]]) -> None:
    memory: Memory[int, str] = Memory(most)
    used: list[int] = []  # the last of them last
    for is_new, key in steps:
        if is_new:
            memory.remember(key, str(key))
        elif memory.recall(key) is None:
            assert key not in memory
            continue
        used = [*(it for it in used if it != key), key]
        assert len(memory) <= most
        for kept in used[-(most // 2) :]:
            assert kept in memory
    for key in used[-1:]:
        assert memory.recall(key) == str(key)
        memory.clear()
        assert memory.recall(key) is None
    assert len(memory) == 0


def test_what_was_made_of_an_object_is_not_found_for_another() -> None:
    known: Known[list[int], str] = Known(6)
    objects = [[1] for _ in range(20)]  # that are equal
    for number, one in enumerate(objects):
        assert known.recall(one) is None
        assert known.remember(one, str(number)) == str(number)
    assert [known.recall(one) for one in objects[-3:]] == ["17", "18", "19"]
    assert known.recall([1]) is None
    # An object that is remembered is held: nothing else can have its identity.
    held = id(objects[-1])
    del objects[:]
    assert held not in map(id, [[1] for _ in range(100)])


def test_the_same_is_made_once() -> None:
    made: list[list[int]] = []

    def make(of: list[int]) -> int:
        made.append(of)
        return len(made)

    once = Once(make, most=2)
    first, second, third = [1], [1], [1]  # that hold the same
    assert [once.of(first), once.of(second), once.of(first)] == [1, 2, 1]
    assert once.of(third) == 3
    assert len(once) == 2
    assert (once.of(second), once.of(first)) == (2, 4)
    once.clear()
    assert once.of(first) == 5
