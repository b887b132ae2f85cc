"""Where standards are found, and the compiled form that spares a run its compiling."""

from __future__ import annotations

import hashlib
import marshal
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from etown_check import store
from etown_check.digests import fingerprint
from etown_check.files import UNFINISHED
from etown_check.problems import StandardError
from etown_check.store import (
    cache_folder,
    compile_fresh,
    find_standard,
    list_standards,
    load_standard,
    source_digest,
    standards_folder,
)
from tests.command import end, interrupting, start
from tests.command import run as run_command
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from etown_check.standard import Standard

REAL = ROOT / "standards" / "shuozhou-2022"
TINY = ROOT / "tests" / "data" / "tiny.yaml"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="owners, modes and pipes of POSIX")

HEAVY = ("etown_check.authoring", "etown_check.authoring.compile", "pydantic", "typer", "rich")


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a cache of its own; return its folder, which does not exist yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "etown-check"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a copy of the tiny standard, as a folder."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    shutil.copy(TINY, folder / "standard.yaml")
    return folder


def forms(kept: Path) -> list[Path]:
    """Return all that is kept, of which nothing may be temporary."""
    found = sorted(kept.iterdir()) if kept.is_dir() else []
    assert all(path.suffix == ".compiled" for path in found), found
    return found


def count_compiles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which every compiled path is added."""
    compiled = []

    def compile_and_count(path: str, digest: str) -> dict[str, object]:
        compiled.append(path)
        return compile_fresh(path, digest)

    monkeypatch.setattr(store, "compile_fresh", compile_and_count)
    return compiled


def run(code: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, args)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


# The compiled form


def test_first_load_keeps_one_file(kept: Path, source: Path) -> None:
    standard = load_standard(source)
    (form,) = forms(kept)
    assert form.name.startswith("tiny-")
    assert marshal.loads(whole(form))["sha256"] == standard.sha256 == source_digest(str(source))


def test_second_load_compiles_nothing(
    kept: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = count_compiles(monkeypatch)
    first = load_standard(source)
    (form,) = forms(kept)
    before = form.stat()
    second = load_standard(source)
    assert compiled == [str(source)]
    assert second == first
    assert forms(kept) == [form]
    assert (form.stat().st_mtime_ns, form.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_second_load_imports_no_compiler() -> None:
    code = f"""
import sys
from etown_check.store import load_standard
load_standard(sys.argv[1])
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    for name in ("shuozhou-2022", TINY):
        first, second = (run(code, name) for _ in range(2))
        assert first.stdout.strip() == str([it for it in HEAVY if it not in ("typer", "rich")])
        assert (second.stdout.strip(), second.stderr) == ("[]", "")


def flip(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def with_payload(payload: bytes) -> bytes:
    """Return a form that is whole by its fingerprint."""
    return f"{fingerprint(payload)}\n".encode() + payload


BREAKING: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "a line end": lambda _: b"\n",
    "fingerprint alone": lambda content: content.partition(b"\n")[0],
    "fingerprint and line end": lambda content: content[:17],
    "truncated": lambda content: content[: len(content) // 2],
    "last byte lost": lambda content: content[:-1],
    "first byte lost": lambda content: content[1:],
    "one more byte": lambda content: content + b"\n",
    "garbage": lambda _: bytes(range(256)) * 40,
    "text": lambda _: "乡村e镇".encode(),
    "something else": lambda _: b"{}",
    "something else, whole": lambda _: with_payload(marshal.dumps({})),
    "another kind, whole": lambda _: with_payload(marshal.dumps(7)),
    "nothing, whole": lambda _: with_payload(b""),
    "half of it, whole": lambda content: with_payload(content[17 : len(content) // 2]),
    "JSON, whole": lambda _: with_payload(b"{}"),
    "bit of the fingerprint": lambda content: flip(content, 0),
    "bit of the payload": lambda content: flip(content, len(content) // 2),
    "last bit": lambda content: flip(content, len(content) - 2),
}


@pytest.mark.parametrize("name", BREAKING)
def test_a_broken_form_is_rebuilt(kept: Path, source: Path, name: str) -> None:
    standard = load_standard(source)
    (form,) = forms(kept)
    whole = form.read_bytes()
    form.write_bytes(BREAKING[name](whole))
    assert load_standard(source) == standard
    assert forms(kept) == [form]
    assert form.read_bytes() == whole


@pytest.mark.parametrize("at", range(20))
def test_no_bit_of_the_first_line_matters_little(kept: Path, source: Path, at: int) -> None:
    standard = load_standard(source)
    (form,) = forms(kept)
    whole = form.read_bytes()
    form.write_bytes(flip(whole, at))
    assert load_standard(source) == standard
    assert form.read_bytes() == whole


def test_a_folder_in_the_place_of_the_form(kept: Path, source: Path) -> None:
    standard = load_standard(source)
    (form,) = forms(kept)
    form.unlink()
    form.mkdir()
    assert load_standard(source) == standard
    assert forms(kept) == [form]


def test_a_changed_source_is_compiled_again(kept: Path, source: Path) -> None:
    main = source / "standard.yaml"
    text, status = main.read_text("utf-8"), main.stat()
    first = load_standard(source)
    # As large and as old as before: only the content tells.
    main.write_text(text.replace("threshold: 5家", "threshold: 6家"), "utf-8")
    os.utime(main, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert main.stat().st_size == status.st_size
    second = load_standard(source)
    assert second.sha256 != first.sha256
    assert second.items != first.items
    assert len(forms(kept)) == 2
    main.write_text(text, "utf-8")
    assert load_standard(source) == first
    assert len(forms(kept)) == 2


def test_a_changed_compiler_compiles_again(
    kept: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standard = load_standard(source)
    monkeypatch.setattr(store, "__version__", "99")
    compiled = count_compiles(monkeypatch)
    assert load_standard(source) == standard
    assert compiled == [str(source)]
    assert len(forms(kept)) == 2


def test_equal_sources_share_no_form_with_others(kept: Path, source: Path, tmp_path: Path) -> None:
    other = shutil.copytree(source, tmp_path / "other")
    assert load_standard(other) == load_standard(source)
    assert [path.name.partition("-")[0] for path in forms(kept)] == ["other", "tiny"]


def test_a_form_equals_what_was_compiled(kept: Path) -> None:
    fresh = load_standard("shuozhou-2022")
    (form,) = forms(kept)
    assert load_standard("shuozhou-2022") == fresh
    digest = source_digest(str(REAL))
    assert marshal.loads(whole(form)) == compile_fresh(str(REAL), digest)


def test_a_cache_that_is_a_file_costs_only_time(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").write_text("a file", "utf-8")
    compiled = count_compiles(monkeypatch)
    assert load_standard(source) == load_standard(source)
    assert len(compiled) == 2
    assert (tmp_path / "cache").read_text("utf-8") == "a file"


def test_a_cache_folder_that_is_a_file_costs_only_time(kept: Path, source: Path) -> None:
    kept.parent.mkdir()
    kept.write_text("a file", "utf-8")
    assert load_standard(source) == load_standard(source)
    assert list(kept.parent.iterdir()) == [kept]


@pytest.mark.parametrize("fails", ["replace", "makedirs"])
def test_a_disk_that_refuses_costs_only_time(
    kept: Path, source: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, fails, refuse)
    assert load_standard(source) == load_standard(source)
    assert forms(kept) == []


def test_the_cache_follows_the_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert Path(cache_folder()) == tmp_path / "cache" / "etown-check"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert Path(cache_folder()) == tmp_path / ".cache" / "etown-check"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert Path(cache_folder()) == tmp_path / "Library" / "Caches" / "etown-check"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert Path(cache_folder()) == tmp_path / "Local" / "etown-check"


@pytest.mark.parametrize("base", ["", "cache", "./cache", "~/cache"])
def test_a_relative_cache_is_ignored(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", base)
    monkeypatch.chdir(tmp_path)
    assert Path(cache_folder()) == tmp_path / "home" / ".cache" / "etown-check"
    # A user whose home nobody knows keeps nothing, least of all in a folder called "~".
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert load_standard(source) == load_standard(source)
    assert list(tmp_path.iterdir()) == [source]


def test_processes_at_once(kept: Path, source: Path) -> None:
    code = """
import sys, time
from etown_check.store import load_standard
import etown_check.authoring.compile
print("ready", flush=True)
sys.stdin.readline()
for _ in range(5):
    standard = load_standard(sys.argv[1])
print(standard.sha256, len(standard.items))
"""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(source)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        ended = [process.communicate(timeout=60) for process in processes]
    finally:
        for process in processes:
            process.kill()
    expected = f"{source_digest(str(source))} 2\n"
    assert ended == [(expected, "")] * len(processes)
    assert [process.returncode for process in processes] == [0] * len(processes)
    assert len(forms(kept)) == 1
    assert load_standard(source).id == "tiny"


@POSIX
def test_real_commands_at_once(kept: Path) -> None:
    command = ("validate", "examples/huairen.yaml", "--format", "json")
    ended = [end(it) for it in [start(*command) for _ in range(8)]]
    assert {ran.code for ran in ended} == {0}
    assert {ran.out for ran in ended} == {run_command(*command).out}
    assert {ran.err for ran in ended} == {""}
    (form,) = forms(kept)
    whole(form)


# Whose form it is

MARK = "somebody else was here"


def plant(form: Path) -> None:
    """Put something else into a form; by its fingerprint nothing is wrong with it."""
    content = marshal.loads(whole(form))
    content["document"]["title"] = MARK
    form.write_bytes(with_payload(marshal.dumps(content)))


def whole(form: Path) -> bytes:
    """Return the payload of a form, which has to be whole."""
    proof, _, payload = form.read_bytes().partition(b"\n")
    assert proof.decode() == fingerprint(payload)
    return payload


def is_used(source: Path) -> bool:
    """Tell whether what was planted is believed."""
    return load_standard(source).facts.title.zh == MARK


@pytest.fixture
def planted(kept: Path, source: Path) -> Path:
    """Return a planted form. It would be believed: only whose it is can tell."""
    load_standard(source)
    (form,) = forms(kept)
    plant(form)
    assert is_used(source)
    return form


def as_of(status: os.stat_result, owner: int) -> os.stat_result:
    """Return `status` with another owner."""
    return os.stat_result((*status[:4], owner, *status[5:10]))


@POSIX
def test_nobody_else_can_write_or_read_a_form(kept: Path, source: Path) -> None:
    before = os.umask(0)
    try:
        load_standard(source)
    finally:
        os.umask(before)
    (form,) = forms(kept)
    assert form.stat().st_mode & 0o777 == 0o600
    assert kept.stat().st_mode & 0o777 == 0o700


@POSIX
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666, 0o660, 0o777])
def test_a_file_that_others_can_write_is_replaced(planted: Path, source: Path, mode: int) -> None:
    planted.chmod(mode)
    assert not is_used(source)
    assert planted.stat().st_mode & 0o777 == 0o600
    assert MARK.encode() not in whole(planted)


@POSIX
@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777, 0o1777, 0o770])
def test_a_folder_that_others_can_write_is_left_alone(
    planted: Path, source: Path, mode: int
) -> None:
    planted.parent.chmod(mode)
    assert not is_used(source)
    assert MARK.encode() in whole(planted)
    planted.unlink()
    assert not is_used(source)
    assert list(planted.parent.iterdir()) == []
    assert planted.parent.stat().st_mode & 0o7777 == mode


@POSIX
@pytest.mark.parametrize("mode", [0o640, 0o644, 0o400])
def test_what_others_can_only_read_is_used(planted: Path, source: Path, mode: int) -> None:
    planted.chmod(mode)
    planted.parent.chmod(0o755)
    assert is_used(source)


@POSIX
def test_a_file_of_somebody_else_is_replaced(
    planted: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fstat = os.fstat
    monkeypatch.setattr(os, "fstat", lambda it: as_of(fstat(it), os.geteuid() + 1))
    assert not is_used(source)
    monkeypatch.undo()
    assert MARK.encode() not in whole(planted)


@POSIX
def test_a_folder_of_somebody_else_is_left_alone(
    planted: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert not is_used(source)
    assert MARK.encode() in whole(planted)
    planted.unlink()
    assert not is_used(source)
    assert list(planted.parent.iterdir()) == []


def test_without_owners_and_modes_a_form_is_used(
    planted: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "geteuid", raising=False)
    planted.chmod(0o666)
    assert is_used(source)


def test_no_form_is_read_below_the_current_folder(
    planted: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(planted.parent, tmp_path / "~" / ".cache" / "etown-check")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    monkeypatch.chdir(tmp_path)
    assert not is_used(source)


@POSIX
def test_a_link_in_the_place_of_the_file(planted: Path, source: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    planted.rename(elsewhere)
    planted.symlink_to(elsewhere)
    assert not is_used(source)
    assert not planted.is_symlink()
    assert MARK.encode() not in whole(planted)
    assert MARK.encode() in whole(elsewhere)


@POSIX
def test_a_pipe_in_the_place_of_the_file(planted: Path, source: Path) -> None:
    planted.unlink()
    os.mkfifo(planted)
    assert not is_used(source)  # and nobody waited for its other end
    assert MARK.encode() not in whole(planted)


def test_a_file_that_is_far_too_large(
    planted: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.truncate(planted, store._MOST_BYTES + 1)
    read = os.read

    def read_little(handle: int, size: int) -> bytes:
        if size > store._MOST_BYTES:
            pytest.fail("it is not even read")
        return read(handle, size)

    monkeypatch.setattr(os, "read", read_little)
    assert not is_used(source)
    monkeypatch.undo()
    assert MARK.encode() not in whole(planted)


@POSIX
def test_the_real_command_believes_no_planted_form(kept: Path) -> None:
    command = ("standards", "list")
    honest = run_command(*command)
    (form,) = forms(kept)
    for mode, name in ((0o600, MARK), (0o620, ""), (0o602, "")):
        plant(form)
        form.chmod(mode)
        assert (MARK in run_command(*command).out) == bool(name)
    plant(form)
    kept.chmod(0o770)
    assert run_command(*command) == honest
    form.unlink()
    os.mkfifo(form)
    assert run_command(*command) == honest
    kept.chmod(0o700)
    assert run_command(*command) == honest
    whole(form)


# Disks that refuse


@POSIX
@pytest.mark.parametrize("place", ["/proc", "/dev/null", "/dev/null/below"])
def test_the_real_command_with_a_place_that_cannot_be_written(place: str) -> None:
    command = ("validate", "examples/huairen.yaml", "--format", "json")
    for _ in range(2):
        assert run_command(*command, XDG_CACHE_HOME=place) == run_command(*command)


@POSIX
def test_the_real_command_with_a_full_disk(kept: Path) -> None:
    command = ("validate", "examples/huairen.yaml", "--format", "json")
    full = end(start(*command, largest_file=4096))
    assert forms(kept) == []
    assert kept.is_dir()
    assert full == run_command(*command)


@POSIX
@pytest.mark.parametrize("call", ["write", "replace"])
def test_ctrl_c_in_the_midst_of_writing_leaves_nothing(
    kept: Path, tmp_path: Path, call: str
) -> None:
    patch = interrupting(tmp_path, call, signal.SIGINT)
    ran = run_command("validate", "examples/huairen.yaml", PYTHONPATH=str(patch))
    assert ran.code == 130
    assert kept.is_dir()
    assert forms(kept) == []


def test_what_killed_runs_left_is_tidied_after_a_day(kept: Path, source: Path) -> None:
    kept.mkdir(parents=True, mode=0o700)
    old, young = kept / f".old{UNFINISHED}", kept / f".young{UNFINISHED}"
    for path in (old, young, kept / "notes"):
        path.touch()
    for path in (old, kept / "notes"):
        os.utime(path, (0, 0))
    load_standard(source)
    assert sorted(path.name for path in kept.iterdir() if path.suffix != ".compiled") == [
        young.name,
        "notes",
    ]


def test_the_oldest_forms_are_tidied(
    kept: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_MOST_KEPT", 2)
    for version in range(4):
        monkeypatch.setattr(store, "__version__", str(version))
        load_standard(source)
        newest = max(forms(kept), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (version, version))
    assert sorted(path.stat().st_mtime for path in forms(kept)) == [2, 3]


# The digest of a source


def test_the_digest_of_a_file() -> None:
    assert source_digest(str(TINY)) == hashlib.sha256(TINY.read_bytes()).hexdigest()


def test_the_digest_of_a_folder(source: Path) -> None:
    digests = [source_digest(str(source))]

    def told() -> bool:
        """Tell whether the digest is one that has not been before."""
        digests.append(source_digest(str(source)))
        return digests[-1] not in digests[:-1]

    assert not told()
    (source / "notes.txt").write_text("not a part of it", "utf-8")
    (source / "standard.yaml~").write_text("a backup", "utf-8")
    assert not told()
    (source / "more.yaml").write_text("a", "utf-8")
    assert told()
    (source / "more.yaml").write_text("b", "utf-8")
    assert told()
    (source / "more.yaml").rename(source / "even-more.yaml")
    assert told()
    # What moves from one file to the next is no longer the same.
    (source / "a.yaml").write_text("12", "utf-8")
    (source / "b.yaml").write_text("3", "utf-8")
    assert told()
    (source / "a.yaml").write_text("1", "utf-8")
    (source / "b.yaml").write_text("23", "utf-8")
    assert told()


def test_the_digest_is_that_of_the_same_files_elsewhere(source: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(source, tmp_path / "elsewhere")
    os.utime(copy / "standard.yaml", (0, 0))
    assert source_digest(str(copy)) == source_digest(str(source))


def test_a_folder_that_cannot_be_listed(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> list[str]:
        raise PermissionError

    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(StandardError) as caught:
        load_standard(source)
    assert [problem.code for problem in caught.value.problems] == ["E103"]


# Finding a standard


def test_the_standards_of_the_checkout() -> None:
    assert Path(standards_folder()) == ROOT / "standards"
    assert list_standards() == ("shuozhou-2022",)


def test_only_folders_with_a_main_file_are_standards(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no-standard").mkdir()
    (tmp_path / "a.yaml").write_text("", "utf-8")
    monkeypatch.setattr(store, "standards_folder", lambda: str(tmp_path))
    assert list_standards() == ("tiny",)
    assert find_standard("tiny") == str(source)
    monkeypatch.setattr(store, "standards_folder", lambda: str(tmp_path / "nowhere"))
    assert list_standards() == ()


def test_a_package_with_standards_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_PACKAGE", str(tmp_path / "etown_check"))
    assert Path(standards_folder()) == tmp_path / "standards"
    (tmp_path / "etown_check" / "standards").mkdir(parents=True)
    assert Path(standards_folder()) == tmp_path / "etown_check" / "standards"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shuozhou-2022", REAL),
        (str(REAL), REAL),
        (f"{REAL}{os.sep}", REAL),
        (str(REAL / "standard.yaml"), REAL),
        (str(TINY), TINY),
        ("standards/shuozhou-2022", REAL),
        ("standards/shuozhou-2022/standard.yaml", REAL),
    ],
)
def test_find(monkeypatch: pytest.MonkeyPatch, name: str, expected: Path) -> None:
    monkeypatch.chdir(ROOT)
    assert Path(find_standard(name)).resolve() == expected.resolve()


def test_find_in_the_current_folder(monkeypatch: pytest.MonkeyPatch, source: Path) -> None:
    monkeypatch.chdir(source)
    for name in (".", "standard.yaml", "./standard.yaml"):
        assert Path(find_standard(name)).resolve() == source.resolve()
        assert load_standard(name).id == "tiny"


def test_every_way_gives_the_same_standard() -> None:
    by_id: Standard = load_standard("shuozhou-2022")
    assert load_standard(REAL) == by_id
    assert load_standard(str(REAL / "standard.yaml")) == by_id


def unknown(name: str) -> StandardError:
    with pytest.raises(StandardError) as caught:
        load_standard(name)
    return caught.value


def test_an_unknown_id() -> None:
    (problem,) = unknown("shuozou-2022").problems
    assert (problem.path, problem.position, problem.code) == ("shuozou-2022", None, "E611")
    assert problem.close == ("shuozhou-2022",)
    assert problem.message("zh") == "没有标准“shuozou-2022”。"
    assert problem.hint("zh") == (
        "是不是想写“shuozhou-2022”？可用的标准：shuozhou-2022；也可以指定标准文件的路径。"
    )
    assert problem.message("en") == "No standard “shuozou-2022”."
    assert problem.hint("en") == (
        "Did you mean “shuozhou-2022”? Known: shuozhou-2022; or name a standard's file."
    )


@pytest.mark.parametrize("name", ["", "nothing", "no/such/standard.yaml", "tests", "..", "\0"])
def test_what_is_no_standard(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (problem,) = unknown(name).problems
    assert problem.code == "E611"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_is_no_standard(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (problem,) = unknown(str(tmp_path / "pipe.yaml")).problems
    assert problem.code == "E611"


def test_digests_are_those_of_hashlib(monkeypatch: pytest.MonkeyPatch) -> None:
    import hashlib
    import importlib

    from etown_check import digests

    expected = hashlib.sha256(b"x").hexdigest()
    assert digests.sha256(b"x").hexdigest() == expected
    own = digests.fingerprint(b"x")
    for name in ("_sha2", "_sha256", "_imp"):  # a Python that has none of its own
        monkeypatch.setitem(sys.modules, name, None)
    assert importlib.reload(digests).sha256 is hashlib.sha256
    assert len(digests.fingerprint(b"x")) == len(own) == 16
    monkeypatch.undo()
    importlib.reload(digests)
