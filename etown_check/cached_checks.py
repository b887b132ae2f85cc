"""Checks whose results may be in the cache already: looked for first, and else made to be kept."""

from collections.abc import Iterator, Mapping
from typing import Any

from etown_check.checking import Checker, Facts, WaiversMet
from etown_check.digests import sha256
from etown_check.gathering import Candidate
from etown_check.problems import InputError
from etown_check.rendering import Done, Part, Told, rendered
from etown_check.report import Totals
from etown_check.result_cache import Entry, ResultCache
from etown_check.surroundings import answer
from etown_check.yamltree import STDIN, read_bytes


class CachedChecks:
    """Checks files one by one by a checker, or finds in the cache what it found before."""

    def __init__(self, told: Told, checker: Checker) -> None:
        assert told.cache is not None
        self.rendering = told.rendering
        self.checker = checker
        self.results = ResultCache(told.cache, may_write=False)
        # Where results go and who does the work changes nothing of what is found of a file.
        options = told.task.options._replace(
            paths=(), output=None, reports=(), force=False, jobs=None, scheduler=None, cache=None
        )
        self._asked = repr((told.task._replace(options=options), told.rendering))
        self._stamp = told.stamp
        self._digests: dict[str, str] = {}

    def check(self, candidate: Candidate) -> Done:
        """Check one file, or tell what was found of it before. Raises `ConfigurationError`."""
        path = candidate.path
        try:
            content = b"" if path == STDIN else read_bytes(path)
        except InputError:
            content = b""
        if not content:
            return self._afresh(candidate)
        slot = _digest(path, candidate.is_named, self._asked)
        key = _digest(slot, content, *self._in_force(path))
        kept = self.results.get(slot, key)
        if kept is not None:
            self.checker.opened.pop(path, None)
            return _as_before(kept)
        return self._afresh(candidate, (slot, key), {path: content})

    def _afresh(
        self,
        candidate: Candidate,
        place: tuple[bytes, bytes] | None = None,
        contents: Mapping[str, bytes] | None = None,
    ) -> Done:
        """Check a file. What was found is to be kept at `place`, if it could be read."""
        batch = self.checker.check_some([candidate], keep=True, contents=contents)
        part = rendered(batch.run, self.rendering)
        entry = None
        if place is not None and batch.run.submissions:
            around = batch.run.submissions[0].surroundings
            questions = [[list(question), said] for question, said in around.items()]
            facts = [[len(piece) for piece in part.pieces], _plain(batch.facts)]
            entry = Entry(*place, questions, facts)
        return Done(part, batch.facts, 1, entry)

    def _in_force(self, path: str) -> Iterator[object]:
        """Yield what else the result depends on: configuration, reference data, waivers, standard."""
        _, settings = self.checker.in_force(path)
        yield self._stamp
        yield settings
        yield self.checker.standard_of().sha256
        if settings.reference is not None:
            yield self._digest_of(settings.reference)
        if settings.waivers is not None:
            yield self._digest_of(settings.waivers)
            yield self.checker.day

    def _digest_of(self, path: str) -> str:
        if path not in self._digests:
            self._digests[path] = str(answer(("sha256", path)))
        return self._digests[path]


def _digest(*parts: object) -> bytes:
    digest = sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else repr(part).encode("utf-8", "surrogatepass")
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.digest()


def _plain(facts: Facts) -> Any:
    """Return facts as plain data, as JSON holds them."""
    waivers = [[met.path, sorted(met.open.items())] for met in facts.waivers]
    return [facts.totals, sorted(facts.codes), facts.towns, facts.lacking, waivers]


def _as_before(kept: Entry) -> Done:
    """Return what was found before."""
    shape, (totals, codes, towns, lacking, waivers) = kept.facts
    *content, problems, warnings = kept.content
    rest = iter(content)
    pieces = tuple(tuple(next(rest) for _ in range(length)) for length in shape)
    facts = Facts(
        Totals(*totals),
        frozenset(codes),
        tuple((path, town, is_workbook) for path, town, is_workbook in towns),
        tuple(lacking),
        tuple(WaiversMet(path, dict(found)) for path, found in waivers),
    )
    return Done(Part(pieces, problems, warnings), facts, 1)
