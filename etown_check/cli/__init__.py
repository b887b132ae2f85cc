"""The command line: options to pipeline, and every way in which a run can end."""

import os
from collections.abc import Sequence

from etown_check import validation
from etown_check.cli.lane import asked_language, plain_options
from etown_check.output import OutputExists, OutputFailed, StreamFailed, tell
from etown_check.problems import ConfigurationError, InputError
from etown_check.settings import LANGUAGE_VARIABLE
from etown_check.text import visible
from etown_check.usage import INTERNAL, INTERRUPTED, INVALID, USAGE, UsageError, output_exists
from etown_check.validation import tell_problems
from etown_check.words import LANGUAGES, Text, render

_FAILED_OUTPUT = Text(
    "无法写入“{path}”，原有文件未改动。",
    "“{path}” could not be written; what was there is untouched.",
)
_FAILED_STREAM = Text(
    "标准输出没有写完，内容不完整。磁盘是否已满？",
    "Standard output could not be written in full. Is the disk full?",
)
_INTERNAL = Text(
    "程序内部错误（{name}），不是数据的问题。请把命令和数据文件发给维护人员；加环境变量 ETOWN_CHECK_DEBUG=1 可看到详情。",
    "Internal error ({name}); the data is not at fault. Please report the command and the file; "
    "set ETOWN_CHECK_DEBUG=1 for details.",
)
_ERROR = Text("错误：{text}", "Error: {text}")
_INTERRUPTED = Text("已中断。", "Interrupted.")


def run(args: Sequence[str]) -> int:
    """Run the command line `args` and return the exit code. No traceback reaches a user."""
    lang = language(args)
    try:
        options = plain_options(args)
        if options is not None:
            return validation.validate(options)
        from etown_check.cli.app import run_app  # imports the command-line framework

        return run_app(args, lang)
    except ConfigurationError as error:
        tell_problems([*error.problems, *error.warnings], lang)
        return USAGE
    except InputError as error:
        tell_problems(error.problems, lang)
        return INVALID
    except OutputExists as error:
        return _usage_error(render(output_exists(str(error)).text, lang), lang)
    except UsageError as error:
        return _usage_error(render(error.text, lang), lang)
    except OutputFailed as error:
        text = render(_FAILED_OUTPUT, lang).format(path=visible(str(error)))
        return _usage_error(text, lang)
    except StreamFailed:
        return _usage_error(render(_FAILED_STREAM, lang), lang)
    except KeyboardInterrupt:
        tell(f"\n{render(_INTERRUPTED, lang)}\n")
        return INTERRUPTED
    except ImportError:
        raise  # the installation is at fault
    except Exception as error:
        if os.environ.get("ETOWN_CHECK_DEBUG"):
            raise
        tell(render(_INTERNAL, lang).format(name=type(error).__name__) + "\n")
        return INTERNAL


def language(args: Sequence[str]) -> str:
    """Return the language that was asked for, before any option is read: help depends on it."""
    asked = asked_language(args) or os.environ.get(LANGUAGE_VARIABLE, "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _usage_error(text: str, lang: str) -> int:
    tell(render(_ERROR, lang).format(text=text) + "\n")
    return USAGE
