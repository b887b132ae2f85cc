"""The headings of a document, none of which leaves out a level."""

from collections.abc import Iterator, Sequence

from etown_check.documents.model import Block, Heading


def outlined(blocks: Sequence[Block], top: int) -> Iterator[tuple[Block, int]]:
    """Yield the blocks of a part with the depth of each that is a heading, 0 for all others.

    The part's own title is at depth `top`. A heading stands at most one below the one before it,
    also where a part begins with one of level 2.
    """
    last = top
    for block in blocks:
        if isinstance(block, Heading):
            last = min(top + block.level, last + 1)
            yield block, last
        else:
            yield block, 0
