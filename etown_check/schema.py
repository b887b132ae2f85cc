"""The JSON Schema of a data file, for editors: names, descriptions, closed vocabularies.

It helps while typing. What it cannot say (amounts above thresholds, years due, the same key in
two languages) `validate` checks; and what it refuses, `validate` refuses too, but for keys of
the other language, which a data file may mix, and keys that hold their unit.
"""

from typing import Any

from etown_check.constraints import requirement
from etown_check.howto import example
from etown_check.keys import (
    CONTACT_KEYS,
    DETAIL_KEYS,
    DOCUMENT_KEYS,
    FILE_KEYS,
    REQUIRED_KEYS,
    VERIFIED_KEYS,
)
from etown_check.metric_values import RESULTS
from etown_check.numerals import NUMERAL
from etown_check.quantities import UNITS
from etown_check.standard import FACT_KINDS, Metric, Standard, metrics_of
from etown_check.words import Text, render

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_BLANK: dict[str, Any] = {"type": "null"}
_YES_NO: dict[str, Any] = {"enum": ["是", "否", "有", "无", "true", "false", True, False, None]}
_DATE: dict[str, Any] = {
    "type": ["string", "null"],
    "pattern": r"^\s*\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?\s*$",
}
_MONTH: dict[str, Any] = {
    "type": ["string", "number"],  # 202301, and 2023.01
    "pattern": r"^\s*[0-9０-９]{4}\s*([-－./．／年]\s*)?[0-9０-９]{1,2}([-－./．／月].*)?\s*$",
}
_NUMBER = rf"([0-9０-９]+([,，][0-9０-９]{{3}})*([.．][0-9０-９]+)?|{NUMERAL.pattern})"
_SIGN = "[-+－＋−‐‑–]?"


def data_file_schema(standard: Standard, lang: str = "zh") -> dict[str, Any]:
    """Return the schema (2020-12) of a data file with its keys in `lang`."""
    return _Schema(standard, lang).document()


class _Schema:
    """Builds the schema; what several metrics share stands once, under `$defs`."""

    def __init__(self, standard: Standard, lang: str) -> None:
        self.standard = standard
        self.lang = lang
        self.definitions: dict[str, Any] = {
            "text": {"type": ["string", "number", "null"]},
            "day": _DATE,
            "evidence": {"type": ["array", "string", "null"], "items": {"type": "string"}},
        }

    def key(self, keys: dict[str, str], name: str) -> str:
        return name if self.lang == "en" else keys[name]

    def document(self) -> dict[str, Any]:
        standard = self.standard
        metrics = [it for it in standard.metrics.values() if not it.reference]
        references = [it for it in standard.metrics.values() if it.reference]
        years = [year for it in standard.periods.values() if it.chosen for year in it.years]
        properties: dict[str, Any] = {
            "standard": {"const": standard.id},
            "county": {"enum": [county.name for county in standard.counties]},
            "town": {"enum": [county.town for county in standard.counties]},
            "as_of": _ref("day"),
            "acceptance_year": {"enum": [*years, *(str(year) for year in years), None]},
            "demonstration_county": _YES_NO,
            "contact": self.contact(),
            "reference": self.metrics(references),
            "metrics": self.metrics([it for it in metrics if it.kind != "contact"]),
        }
        properties |= {FACT_KINDS[it.kind]: self.metric(it) for it in metrics if it.is_fact}
        return {
            "$schema": DIALECT,
            "title": render(standard.facts.title, self.lang),
            "description": standard.facts.number,
            "type": "object",
            "properties": {
                self.key(FILE_KEYS, name): properties[name]
                for name in FILE_KEYS
                if name in properties
            },
            "required": [self.key(FILE_KEYS, name) for name in REQUIRED_KEYS],
            "additionalProperties": False,
            "$defs": self.definitions,
        }

    def mapping(self, keys: dict[str, str], properties: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": ["object", "null"],
            "properties": {self.key(keys, name): it for name, it in properties.items()},
            "additionalProperties": False,
        }

    def metrics(self, metrics: list[Metric]) -> dict[str, Any]:
        names = {it.key if self.lang == "en" else it.name.zh: self.metric(it) for it in metrics}
        return {"type": ["object", "null"], "properties": names, "additionalProperties": False}

    def metric(self, metric: Metric) -> dict[str, Any]:
        return {"description": self.description(metric), **self.defined(metric)}

    def defined(self, metric: Metric) -> dict[str, Any]:
        """Return a reference to the schema of metrics like this one, and define it if need be."""
        words = metric.units or metric.vocabulary
        name = "_".join([metric.kind, *(["by_year"] if metric.yearly else []), *words])
        if name not in self.definitions:
            value = self.by_year(self.value(metric)) if metric.yearly else self.value(metric)
            self.definitions[f"{name}_value"] = value
            self.definitions[name] = {"anyOf": self.shapes(metric, _ref(f"{name}_value"))}
        return _ref(name)

    def value(self, metric: Metric) -> dict[str, Any]:
        """Return the schema of one value of `metric`, blank included."""
        match metric.kind:
            case "contact":
                return self.contact()
            case "document":
                return {"anyOf": [_value(metric), self.mapping(DOCUMENT_KEYS, _DOCUMENT)]}
            case _:
                return _value(metric)

    def contact(self) -> dict[str, Any]:
        """Return the schema of whom to ask, blank included."""
        parts = self.mapping(CONTACT_KEYS, _CONTACT)
        return {"anyOf": [parts, {"enum": ["无", "否", "false", False]}]}

    def shapes(self, metric: Metric, value: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the ways to write a metric: its value alone, or a mapping with its details."""
        details = {
            "evidence": _ref("evidence"),
            "note": _ref("text"),
            "verified": self.verified(value),
        }
        detailed = self.mapping(DETAIL_KEYS, {"value": value, **details})
        if metric.kind == "contact":
            keys, own = CONTACT_KEYS, _CONTACT
        elif metric.kind == "document":
            keys, own = DOCUMENT_KEYS, _DOCUMENT
        else:
            return [value, detailed]
        written_out = self.mapping(keys | DETAIL_KEYS, {**own, **details})
        return [value, detailed, written_out]

    def verified(self, value: dict[str, Any]) -> dict[str, Any]:
        results = {"enum": [*RESULTS, *RESULTS.values()]}
        properties = {
            "result": results,
            "value": value,
            "by": _ref("text"),
            "date": _ref("day"),
            "opinion": _ref("text"),
        }
        schema = self.mapping(VERIFIED_KEYS, properties)
        return {**schema, "required": [self.key(VERIFIED_KEYS, "result")]}

    def by_year(self, value: dict[str, Any]) -> dict[str, Any]:
        years = "|".join(str(year) for year in self.standard.years)
        return {
            "type": ["object", "null"],
            "patternProperties": {f"^({years})年?$": value},
            "additionalProperties": False,
        }

    def description(self, metric: Metric) -> str:
        parts = [render(metric.name, self.lang)]
        for item in self.standard.items:
            for check in item.checks:
                if metric.key in metrics_of(check.constraint):
                    by_tier = dict.fromkeys(
                        render(requirement(check.constraint, self.standard, tier), self.lang)
                        for tier in self.standard.tiers
                    )
                    parts.append(f"{check.id}: {' / '.join(by_tier)}")
        write = Text("写法", "Write")
        parts.append(f"{render(write, self.lang)}: {example(metric)}")
        if metric.definition:
            parts.append(metric.definition)
        return "\n".join(parts)


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


_CONTACT = dict.fromkeys(CONTACT_KEYS, _ref("text"))
_DOCUMENT = dict.fromkeys(DOCUMENT_KEYS, _ref("text")) | {"date": _ref("day")}


def _value(metric: Metric) -> dict[str, Any]:
    """Return the schema of one value of `metric`, blank included."""
    match metric.kind:
        case "count":
            units = "|".join(metric.units)
            text = {"type": "string", "pattern": rf"^\s*(无|[+＋]?{_NUMBER}\s*({units})?)\s*$"}
            names = {"type": "array", "items": {"type": ["string", "number"]}}
            return {"anyOf": [{"type": "integer", "minimum": 0}, text, names, _BLANK]}
        case "money" | "area" | "ratio" as kind:
            known = ["%"] if kind == "ratio" else UNITS[kind]
            units = "|".join([*known, *_MORE_UNITS[kind]])
            number = rf"{_NUMBER}\s*({units})"
            if kind == "ratio":
                pattern = rf"^\s*{_SIGN}\s*({number}|百分之\s*{_NUMBER})\s*$"
            else:
                whole = r"\s*[整正]?" if kind == "money" else ""
                pattern = rf"^\s*[+＋]?\s*{number}{whole}\s*$"
            return {"anyOf": [{"type": "string", "pattern": pattern}, _BLANK]}
        case "yes_no":
            return _YES_NO
        case "date":
            return _DATE
        case "months":
            # As one word it is a month too, or the folder of the reports.
            return {"anyOf": [{"type": "array", "items": _MONTH}, _ref("text"), {"const": False}]}
        case "amounts":
            money = _value(metric._replace(kind="money"))
            return {
                "type": ["object", "null"],
                "properties": dict.fromkeys(metric.vocabulary, money),
                "additionalProperties": False,
            }
        case "ledger":
            return _ref("text")
        case "names":
            listed = {"type": "array", "items": {"enum": list(metric.vocabulary)}}
            return {"anyOf": [listed, {"const": "无"}, _BLANK]}
        case "choice":
            return {"enum": [*metric.vocabulary, None]}
        case _:
            return {"type": ["string", "boolean", "null"]}


# Other spellings that are read as a unit of the kind.
_MORE_UNITS: dict[str, list[str]] = {
    "money": ["圆"],
    "area": ["㎡", "m²", "m2", "km²", "km2", "㎢", "hm²", "hm2", "平方"],
    "ratio": ["％"],
}
