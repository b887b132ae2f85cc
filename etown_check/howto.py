"""How a metric is declared: the examples that errors, advice, templates and `explain` show."""

from etown_check.standard import Metric

_VALUES = {
    "money": "2.3亿元",
    "area": "1200平方米",
    "ratio": "6.1%",
    "yes_no": "是",
    "document": "某政发〔2022〕15号",
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
    return f"{key}: {example(metric, years)}"
