"""How a metric is declared: the examples that errors, advice, templates and `explain` show."""

from etown_check.keys import FILE_KEYS
from etown_check.standard import FACT_KINDS, Metric

_VALUES = {
    "money": "2.3亿元",
    "area": "1200平方米",
    "ratio": "6.1%",
    "yes_no": "是",
    "document": "某政发〔2022〕15号",
    "date": "2022-11-01",
    "months": "[2022-11, 2022-12, 2023-01]",
    "contact": "{姓名: 张三, 电话: 0349-0000000}",
    "ledger": "台账.csv",
}


def example_value(metric: Metric) -> str:
    """Return one value of `metric` as it would be typed, without years."""
    if metric.example:
        return metric.example
    match metric.kind:
        case "count":
            return f"5{metric.units[0]}"
        case "names":
            return f"[{', '.join(metric.vocabulary)}]"
        case "choice":
            return metric.vocabulary[0]
        case "amounts":
            return f"{{{', '.join(f'{word}: 100万元' for word in metric.vocabulary)}}}"
        case kind:
            return _VALUES[kind]


def example(metric: Metric, years: tuple[int, ...] = (2022, 2023)) -> str:
    """Return a whole value of `metric` as it would be typed, by year where it is yearly."""
    value = example_value(metric)
    if not metric.yearly:
        return value
    return f"{{{', '.join(f'{year}: {value}' for year in years)}}}"


def snippet(metric: Metric, lang: str = "zh", years: tuple[int, ...] = (2022, 2023)) -> str:
    """Return a line of a data file that declares `metric`; `lang` is that of its key."""
    key = metric.key if lang == "en" else metric.name.zh
    if metric.is_fact:
        fact = FACT_KINDS[metric.kind]
        key = fact if lang == "en" else FILE_KEYS[fact]
    return f"{key}: {example(metric, years)}"
