"""Check a rural e-town's declared figures against the plan that funds it.

The library is five names: `load_standard` and `load_submission` read, `evaluate` judges, and
`InputError` tells what is wrong with an input; `evaluate_many` does all that for any number of files.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from etown_check.engine import evaluate
    from etown_check.loading import load_reference, load_submission
    from etown_check.many import evaluate_many
    from etown_check.problems import InputError
    from etown_check.report import Report
    from etown_check.standard import Standard
    from etown_check.store import load_standard
    from etown_check.submission import Submission

__version__ = "0.1.0"

__all__ = [
    "InputError",
    "Report",
    "Standard",
    "Submission",
    "__version__",
    "evaluate",
    "evaluate_many",
    "load_reference",
    "load_standard",
    "load_submission",
]

_HOMES = {
    "InputError": "problems",
    "Report": "report",
    "Standard": "standard",
    "Submission": "submission",
    "evaluate": "engine",
    "evaluate_many": "many",
    "load_reference": "loading",
    "load_standard": "store",
    "load_submission": "loading",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that starting up stays cheap."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"etown_check.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
