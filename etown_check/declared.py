"""What a submission says, as the plain texts, lists and entries of a data file.

Keys are the English names of `keys`, and years; `named` gives them in either language. Nothing is
rounded: an amount is written in its own unit, in which it is a finite decimal.
"""

from collections.abc import Mapping
from datetime import date

from etown_check.keys import CONTACT_KEYS, DETAIL_KEYS, DOCUMENT_KEYS, FILE_KEYS, VERIFIED_KEYS
from etown_check.ledger import Ledger
from etown_check.metric_values import RESULTS
from etown_check.quantities import Quantity, exact
from etown_check.standard import FACT_KINDS, Metric, Standard
from etown_check.submission import (
    Amounts,
    Contact,
    Declaration,
    Document,
    Entry,
    Submission,
    Verification,
)
from etown_check.yaml_text import Tree

Trees = dict[str, Tree]

_RESULT_WORDS = {result: word for word, result in RESULTS.items()}
VALUE_KEYS = DOCUMENT_KEYS | CONTACT_KEYS
"""The parts of a value that has names for them."""
METRIC_KEYS = {"value": DETAIL_KEYS["value"]} | VALUE_KEYS | DETAIL_KEYS
"""What may stand under the name of a metric, in the order in which it is written."""


def facts_of(submission: Submission, lang: str = "zh") -> Trees:
    """Return the facts of `submission`; what it says nothing of is `None`.

    The result of a verification is said in `lang`.
    """
    demonstration = submission.demonstration
    contact = submission.contact
    declared = {
        _FACTS[type(entry.value)]: whole(details_of(declaration, lang))
        for declaration in submission.declarations.values()
        for entry in declaration.in_force.values()
        if type(entry.value) in _FACTS
    }
    return {
        "standard": submission.standard,
        "county": submission.county.name,
        "town": submission.county.town,
        "as_of": submission.as_of.isoformat(),
        "acceptance_year": str(submission.acceptance_year),
        "demonstration_county": None if demonstration is None else _answer(demonstration),
        "contact": contact
        and {key: text or None for key, text in zip(CONTACT_KEYS, contact, strict=True)},
        "fund_ledger": None,
        **declared,
    }


_FACTS: dict[type, str] = {Contact: "contact", Ledger: "fund_ledger"}
"""The facts that are declared like metrics, by the type of their values."""


def fact_metrics(standard: Standard) -> frozenset[str]:
    """Return the metrics that a data file declares among its facts."""
    return frozenset(it.key for it in standard.metrics.values() if it.kind in FACT_KINDS)


def details_of(declaration: Declaration, lang: str = "zh") -> Trees:
    """Return the parts of a declaration that it has; its value always, if only as `None`.

    The result of a verification is said in `lang`.
    """
    found: Trees = {"value": _values(declaration.entries)}
    if declaration.evidence:
        found["evidence"] = tuple(it.file for it in declaration.evidence)
    if declaration.note:
        found["note"] = declaration.note
    if declaration.verification:
        found["verified"] = _verified(declaration.verification, lang)
    return found


def whole(details: Trees) -> Tree:
    """Return a metric's details as they stand under its name: the value alone where it is all.

    The parts of a document or a contact stand among the details, as people write them.
    """
    value = details["value"]
    if len(details) == 1:
        return value
    if isinstance(value, Mapping) and not value.keys().isdisjoint(VALUE_KEYS):
        return {**value, **{key: it for key, it in details.items() if key != "value"}}
    return details


def _verified(verification: Verification, lang: str) -> Trees:
    given: Trees = {
        "result": verification.result if lang == "en" else _RESULT_WORDS[verification.result],
        "value": _values(verification.entries),
        "by": verification.by,
        "date": _day(verification.on),
        "opinion": verification.opinion,
    }
    return {key: tree for key, tree in given.items() if tree}


def _values(entries: Mapping[int | None, Entry]) -> Tree:
    if not entries:
        return None
    if None in entries:
        return _value(entries[None])
    return {str(year): _value(entries[year]) for year in sorted(year for year in entries if year)}


def _value(entry: Entry) -> Tree:
    value = entry.value
    if isinstance(value, Document):
        return _document(value)
    if isinstance(value, Quantity):
        return entry.names or exact(value)
    if isinstance(value, Ledger):
        return entry.names[0]
    if isinstance(value, bool):
        return _answer(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Amounts):
        return {word: exact(amount) for word, amount in value.by}
    if isinstance(value, Contact):
        return _contact(value)
    return value if isinstance(value, str) else entry.names or "无"


def _contact(contact: Contact) -> Tree:
    """Return a contact by its parts; a part that is denied is none."""
    none = "无" if contact.is_denied else None
    return {"name": contact.name or none, "phone": contact.phone or none}


def _document(document: Document) -> Tree:
    """Return a document's title, or its parts where it has more.

    A number in the place of the title was given without one, and not every such number would be
    taken for a title.
    """
    title = document.title or ("有" if document.exists else "无")
    parts: Trees = {
        "title": None if document.title and document.title == document.number else title,
        "number": document.number,
        "date": _day(document.issued_on),
    }
    given = {key: tree for key, tree in parts.items() if tree}
    return title if given.keys() == {"title"} else given


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _answer(answer: bool) -> str:
    return "是" if answer else "否"


def names_under(name: str) -> Mapping[str, str]:
    """Return the keys that stand under a key: English to Chinese."""
    return _UNDER.get(name, VALUE_KEYS)


_UNDER: dict[str, Mapping[str, str]] = {
    "verified": VERIFIED_KEYS,
    "contact": CONTACT_KEYS | DETAIL_KEYS,
    "fund_ledger": DETAIL_KEYS,
}


def named(tree: Tree, lang: str, keys: Mapping[str, str] = METRIC_KEYS) -> Tree:
    """Return what stands under a metric with its keys in `lang`."""
    if lang == "en" or not isinstance(tree, Mapping):
        return tree
    return {keys.get(key, key): named(it, lang, names_under(key)) for key, it in tree.items()}


def metric_name(metric: Metric, lang: str) -> str:
    """Return the key by which a data file in `lang` names a metric."""
    return metric.key if lang == "en" else metric.name.zh


def fact_name(name: str, lang: str) -> str:
    """Return the key of a fact in `lang`."""
    return name if lang == "en" else FILE_KEYS[name]


def is_same(one: Submission, other: Submission) -> bool:
    """Tell whether two submissions say the same, wherever they stand."""
    return _said(one) == _said(other)


def _said(submission: Submission) -> tuple[object, ...]:
    given = (submission.reference, submission.declarations)
    return facts_of(submission), *(
        {key: details_of(it) for key, it in one.items()} for one in given
    )
