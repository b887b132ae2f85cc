"""Fuzzing the reading of files: any bytes go in, and only an answer in plain words may come out.

`make fuzz` runs it. Atheris changes inputs, led by the lines of the package that they reach. A
crash is an exception that nothing handles, or exit code 70; its input is kept and the run goes on.
The corpus lies outside the repository: in a temporary folder, or in the one that is named.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn
from unittest import mock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent.parent
STANDARD = "shuozhou-2022"
FORMATS = ("json", "jsonl", "plain", "sarif", "junit", "github", "gitlab", "markdown")
MAX_LENGTH = 16 * 1024  # of an input: the longest example has 5 KB
SIGNS = (
    *("#", " #", ": ", ":", "- ", "? ", "{", "}", "[", "]", ", ", "'", '"', "|", "|-", ">", "&a ", "*a", "!", "!!str "),
    *("---\n", "...\n", "%YAML 1.1\n", "<<: ", "~", "null", "\\n", "\\u4e00", "\t", "\r\n", "\n  ", "\n    ", "\n- "),
    *"：，。；、！？＃＆＊％－．＋～（）［］｛｝“”‘’「」《》０１２９ａ　",
    *"\x00\x1b\x85\xa0\xad²½①Ⅳ٣\u200b\u202e\u2028\u3000\ufeff\ufffe",
    *"元亩家个款次人起％㎡年月日〇零一二两三十百千万亿半整约余是否有无",
    *("万元", "亿元", "平方米", "公顷", "平方公里", "m2", "人次", "个百分点", "（万元）", "（亿元）"),
    *("1.5亿元", "6,800万元", "一千平方米", "6.1%", "-1", "1e3", "5-6家", "2023", "2023年", "2023-12-31"),
    *("{2022: 1, 2023: 2}", "[甲, 乙]", "属实", "核减", "不实", "../甲", "佐证/甲.pdf"),
)  # fmt: skip


class Figures:
    """What is counted on the way and told at the end.

    Inputs of note are kept in `folder`; `inputs` holds the one that is being read.
    """

    def __init__(self, folder: Path, inputs: Path, seconds: float) -> None:
        self.folder = folder
        self.inputs = inputs
        self.seconds = seconds
        self.began = time.monotonic()
        self.tried = 0
        self.slowest = (0.0, 0)
        self.codes: dict[int, int] = {}
        self.crashes = 0

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    @property
    def is_over(self) -> bool:
        return self.elapsed > self.seconds

    def count(self, content: bytes, seconds: float) -> None:
        self.tried += 1
        if seconds > self.slowest[0]:
            self.slowest = seconds, len(content)
            (self.folder / "slowest.yaml").write_bytes(content)

    def crash(self, content: bytes, said: str) -> None:
        """Keep the input that crashed, once for each place: the same one is met often."""
        self.crashes += 1
        place = [line for line in said.splitlines() if line.startswith("  File")][-1:]
        name = f"crash-{sha256(repr(place).encode()).hexdigest()[:8]}.yaml"
        if not (self.folder / name).exists():
            (self.folder / name).write_bytes(content)
            print(f"\n{said}\nThe input is kept in {self.folder / name}", flush=True)

    def tell(self) -> None:
        # The system counts in bytes on macOS, in KB elsewhere.
        unit = 1024 * 1024 if sys.platform == "darwin" else 1024
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
        codes = ", ".join(f"{number} of {code}" for code, number in sorted(self.codes.items()))
        seconds, size = self.slowest
        print(
            f"\ninputs tried  {self.tried} in {self.elapsed:.0f} s"
            f"\nper second    {self.tried / self.elapsed:.0f}"
            f"\nexit codes    {codes}"
            f"\nslowest       {seconds * 1000:.0f} ms for {size} bytes ({self.folder / 'slowest.yaml'})"
            f"\npeak memory   {peak:.0f} MB"
            f"\ncrashes       {self.crashes}",
            flush=True,
        )


def target(figures: Figures, tool: Any) -> Callable[[bytes], None]:
    """Return the function that the fuzzer calls with each input."""
    path = figures.inputs / "f.yaml"

    def read(content: bytes) -> None:
        if figures.is_over:
            finish(figures)
        options = tool.Options(
            paths=(str(path),),
            format=FORMATS[figures.tried % len(FORMATS)],
            lang=("zh", "en")[figures.tried // len(FORMATS) % 2],
        )
        path.write_bytes(content)
        out, err = io.StringIO(), io.StringIO()
        began = time.perf_counter()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = tool.validate(options)
        except KeyboardInterrupt:
            finish(figures)
        except BaseException:  # noqa: BLE001 - whatever comes out is what is looked for
            code = tool.INTERNAL
            figures.crash(content, traceback.format_exc())
        figures.count(content, time.perf_counter() - began)
        figures.codes[code] = figures.codes.get(code, 0) + 1

    return read


def finish(figures: Figures) -> NoReturn:
    """Tell the figures and end the process.

    The fuzzer's own end of a run skips Python's, so that nothing would be told; and an exception
    would be taken for a crash.
    """
    figures.tell()
    shutil.rmtree(figures.inputs)
    os._exit(1 if figures.crashes else 0)


HEAD = """\
standard: shuozhou-2022
county: 怀仁市
town: 怀仁市陶瓷e镇
as_of: 2023-12-31
metrics:
"""


def seeds() -> Iterator[bytes]:
    """Yield the files at hand, and small ones of one metric each, which stand more changes."""
    _, _, metrics = (ROOT / "tests/cases/base.yaml").read_text("utf-8").partition("metrics:\n")
    for line in metrics.splitlines():
        yield f"{HEAD}{line}\n".encode()
    for folder in ("examples", "tests/cases", "tests/corpus"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix != ".json":
                yield path.read_bytes()


def words(standard: Any, file_keys: dict[str, str]) -> Iterator[str]:
    """Yield the words of the dictionary: signs, units, and all names that a file may hold."""
    yield from SIGNS
    for key, name in file_keys.items():
        yield from (key, name)
    for metric in standard.metrics.values():
        yield from (metric.key, metric.name.zh, f"  {metric.name.zh}: ")
    for county in standard.counties:
        yield from (county.name, county.town)


def dictionary(path: Path, entries: Iterator[str]) -> None:
    """Write words in the form that the fuzzer reads: bytes as escapes, in quotation marks."""
    lines = (
        '"{}"\n'.format("".join(f"\\x{byte:02x}" for byte in word.encode()))
        for word in dict.fromkeys(entries)
    )
    path.write_text("".join(lines), "ascii")


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzz the reading of data files.")
    parser.add_argument("--seconds", type=float, default=1200, help="how long to go on")
    parser.add_argument("--corpus", type=Path, help="a folder to begin with and to add to")
    asked, passed_on = parser.parse_known_args()
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        print("The fuzzer needs atheris: pip install -e '.[fuzz]'", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["etown_check"]):
        from etown_check import (
            gathering,
            keys,
            reporters,
            running,
            settings,
            store,
            usage,
            validation,
        )

        tool = SimpleNamespace(
            Options=settings.Options, validate=validation.validate, INTERNAL=usage.INTERNAL
        )

        for name in FORMATS:
            reporters.reporter(name)

    folder = asked.corpus or Path(tempfile.mkdtemp(prefix="etown-fuzz-"))
    corpus, kept = folder / "corpus", folder / "kept"
    for needed in (corpus, kept):
        needed.mkdir(parents=True, exist_ok=True)
    for content in seeds():
        (corpus / sha256(content).hexdigest()[:16]).write_bytes(content)
    standard = store.load_standard(STANDARD)
    dictionary(folder / "dictionary.txt", words(standard, keys.FILE_KEYS))

    # In memory where there is such a folder: each input is written to a file to be read.
    shared = "/dev/shm" if os.path.isdir("/dev/shm") else None
    inputs = Path(tempfile.mkdtemp(prefix="etown-fuzz-", dir=shared))
    figures = Figures(kept, inputs, asked.seconds)
    print(f"The corpus is kept in {folder}", flush=True)
    arguments = [
        sys.argv[0],
        str(corpus),
        f"-dict={folder / 'dictionary.txt'}",
        f"-artifact_prefix={kept}/",
        f"-max_len={MAX_LENGTH}",
        "-timeout=60",
        "-rss_limit_mb=4096",
        "-verbosity=0",
        *passed_on,
    ]
    # Which standards there are is the same for every input; reading them takes most of a run.
    with (
        mock.patch.object(running, "load_standard", cache(store.load_standard)),
        mock.patch.object(running, "list_standards", cache(store.list_standards)),
        mock.patch.object(gathering, "list_standards", cache(store.list_standards)),
    ):
        atheris.Setup(arguments, target(figures, tool))
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
