"""What was found before: no more of it is held than may be, and what is used is not forgotten."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from etown_check.memory import Known, Memory, Once, Recent, differing


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


def test_the_last_few_are_kept_the_very_last_first() -> None:
    recent: Recent[list[int]] = Recent(3)
    a, b, c, d, e, f = objects = [[1] for _ in range(6)]  # that hold the same

    def kept() -> list[int]:
        return [next(at for at, it in enumerate(objects) if it is one) for one in recent]

    for one in (a, b, c, d):
        recent.keep(one)
    assert kept() == [3, 2, 1]
    recent.keep(b)
    assert kept() == [1, 3, 2]
    recent.keep(e, d)
    assert kept() == [4, 1, 2]
    recent.keep(f, a)  # which is kept no longer
    assert kept() == [5, 4, 1]
    assert len(recent) == 3
    recent.clear()
    assert not list(recent)


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


@given(st.lists(st.integers(0, 5), max_size=9), st.lists(st.integers(0, 5), max_size=9))
def test_what_is_not_remembered(remembered: list[int], keys: list[int]) -> None:
    memory: Memory[int, str] = Memory(40)
    for key in remembered:
        memory.remember(key, str(key))
    assert memory.unknown(keys) == [at for at, key in enumerate(keys) if key not in remembered]


def test_asking_for_much_is_a_use() -> None:
    memory: Memory[int, str] = Memory(4)
    for key in (1, 2, 3):  # of which the last is the new half
        memory.remember(key, str(key))
    assert memory.unknown([1, 4, 3]) == [1]
    memory.remember(5, "5")
    assert 1 in memory
    assert 2 not in memory


def test_where_two_differ() -> None:
    assert differing("abcd", "abcd") == []
    assert differing("abcd", "xbcy") == [0, 3]
