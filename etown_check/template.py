"""A data file to fill in: every metric of a county, what is required of it and how it is written."""

from collections.abc import Iterator

from etown_check.asking import Wanted, asked, heading, optional, part_of, wanted
from etown_check.howto import example, example_value
from etown_check.keys import CONTACT_KEYS, FILE_KEYS
from etown_check.standard import County, Metric, Standard
from etown_check.words import Text, render

_SAMPLE_DATE = "2023-12-31"

_WORDS = {
    "head": Text(
        "{town}数据文件（{county}，{tier}）\n"
        "依据：{number}\n\n"
        "填写方法：\n"
        "1. 在冒号后面空一格，写上数值和单位；还没有数据的就留空，不要删除。\n"
        "2. 没有的写“无”或“否”；数量为零的写 0。留空表示未申报。\n"
        "3. 按年填写的指标，每年写一行。\n"
        "4. 以 # 开头的是说明，不影响校验。\n"
        "5. 附佐证材料的写法：\n"
        "     {example}:\n"
        "       值: {value}\n"
        "       佐证: [佐证/平面图.pdf]\n"
        "       备注: 含直播间\n"
        "填好后校验：etown-check validate 本文件",
        "Data file of {town} ({county}, {tier})\n"
        "Standard: {number}\n\n"
        "How to fill it in:\n"
        "1. Write value and unit after the colon and a space; leave unknown values empty.\n"
        "2. Write 无 (none) or 否 (no) for what there is not, 0 for a count of zero. Empty is undeclared.\n"
        "3. Yearly metrics have a line for each year.\n"
        "4. Lines that begin with # are remarks.\n"
        "5. To name evidence:\n"
        "     {example}:\n"
        "       value: {value}\n"
        "       evidence: [evidence/plan.pdf]\n"
        "       note: with a livestream room\n"
        "Then check it: etown-check validate FILE",
    ),
    "as_of": Text("改成实际的数据截止日期", "the date of the data"),
    "acceptance_year": Text("不填时取数据截止日期的年份", "by default the year of the date above"),
    "demonstration": Text("由方案推定，请确认", "inferred from the plan; please confirm"),
    "contact": Text("具体负责信息报送的人", "who is in charge of reporting"),
    "ledger": Text("台账的文件名，例如：台账.csv", "the ledger's file, such as 台账.csv"),
    "on": Text("；填了就检查“{part}”", "; filled in, “{part}” is checked"),
    "part": Text(
        "以下是“{part}”：可以都不填，填了一项就检查这一部分。",
        "Below is “{part}”: leave all of it empty, or fill anything in to have it checked.",
    ),
    "required": Text("要求：{words}", "required: {words}"),
    "example": Text("写法：{example}", "for example: {example}"),
}


def template(standard: Standard, county: County, lang: str = "zh") -> str:
    """Return the YAML of an unfilled data file for `county`, with keys in `lang`."""
    return "\n".join(_lines(standard, county, lang)) + "\n"


def _lines(standard: Standard, county: County, lang: str) -> Iterator[str]:
    def word(key: str, **args: str) -> str:
        return render(_WORDS[key], lang).format(**args)

    def key(name: str) -> str:
        return name if lang == "en" else FILE_KEYS[name]

    metrics = [metric for metric in standard.metrics.values() if not metric.reference]
    area = next((metric for metric in metrics if metric.kind == "area"), metrics[0])
    tier = render(standard.tiers[county.tier].name, lang)
    head = word(
        "head",
        town=county.town,
        county=county.name if lang != "en" else county.name_en,
        tier=tier,
        number=standard.facts.number,
        example=_name(area, lang),
        value=example_value(area),
    )
    yield f"# yaml-language-server: $schema=./{standard.id}.schema.json"
    yield from _remarks(head, "")
    yield ""
    yield f"{key('standard')}: {standard.id}"
    yield f"{key('county')}: {county.name}"
    yield f"{key('town')}: {county.town}"
    yield f"{key('as_of')}: {_SAMPLE_DATE}    # {word('as_of')}"
    yield f"{key('acceptance_year')}:    # {word('acceptance_year')}"
    status = "是" if county.demonstration else "否"
    yield f"{key('demonstration_county')}: {status}    # {word('demonstration')}"
    beside = {}
    for metric in (it for it in metrics if it.is_fact):
        part = part_of(standard, metric)
        on = word("on", part=render(part.name, lang)) if part else ""
        beside[metric.kind] = f"    # {word(metric.kind)}{on}"
    yield f"{key('contact')}:{beside.get('contact', '')}"
    for english, chinese in CONTACT_KEYS.items():
        yield f"  {english if lang == 'en' else chinese}:"
    if standard.ledger is not None:
        yield f"{key('fund_ledger')}:{beside.get('ledger', '')}"
    yield ""
    yield f"{key('reference')}:"
    for metric in standard.metrics.values():
        if metric.reference:
            yield f"  # {word('example', example=example(metric))}"
            yield from _blank(metric, lang, standard.years)
    yield ""
    yield f"{key('metrics')}:"
    yield from _metric_lines(standard, county, lang)


def _metric_lines(standard: Standard, county: County, lang: str) -> Iterator[str]:
    """Yield the metrics in the plan's order, each where a check first needs it."""
    above, begun = "", None
    for it in wanted(standard):
        if it.metric.is_fact:
            continue
        part, head = part_of(standard, it.metric), heading(standard, it, lang)
        if head != above:
            yield ""
        if part not in (begun, None):
            yield f"  # {render(_WORDS['part'], lang).format(part=render(part.name, lang))}"
        if head != above:
            yield f"  # ── {head} ──"
        above, begun = head, part
        yield from _remarks("\n".join(_requirements(standard, county, it, lang)), "  ")
        yield from _blank(it.metric, lang, it.years)


def _requirements(standard: Standard, county: County, it: Wanted, lang: str) -> Iterator[str]:
    """Yield the remarks above a metric: what every check asks of it, and how it is written."""
    for check, words, applies in asked(standard, county, it, lang):
        said = render(_WORDS["required"], lang).format(words=words) if applies else words
        yield f"{check} {said}"
    if not it.checks:
        yield optional(it, lang)
    yield render(_WORDS["example"], lang).format(example=example(it.metric))


def _blank(metric: Metric, lang: str, years: tuple[int, ...]) -> Iterator[str]:
    yield f"  {_name(metric, lang)}:"
    if metric.yearly:
        for year in years:
            yield f"    {year}:"
    if metric.kind == "amounts":
        for word in metric.vocabulary:
            yield f"    {word}:"


def _name(metric: Metric, lang: str) -> str:
    return metric.key if lang == "en" else metric.name.zh


def _remarks(text: str, indent: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield f"{indent}# {line}".rstrip()
