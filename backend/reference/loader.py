"""All reference data as one value, loaded once and checked as a whole. Regional difference is a row, never an `if`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from backend.cases.case import Level, ReportClass
from backend.cases.catalogue import CATCH_ALL_ISSUE, Issue
from backend.cases.errors import RowInvalid
from backend.cases.policy import EVERYWHERE, Policy
from backend.cases.routing import ANY, CatchAll, Rule
from backend.cases.sla import Limit, Question, find_limit
from backend.cases.workdays import Calendar, Holiday, HolidayKind, Zone, local_date
from backend.cases.workflow import State, Step
from backend.reference import files, words
from backend.reference.reply_templates import ReplyTemplate, jargon, reply_templates
from backend.reference.signs import read_signs

FOLDER = Path(__file__).resolve().parent
DEFAULT_CONFIDENCE = 0.8
# The source of the rules that follow from the issues' own rows.
DEFAULTS = "issues.csv"
PER_WEEK, PER_YEAR = 7, 12
REGENCY_DIGITS = len("64.08")
# Attributes that neither a question nor a text gives, but the place: desa or kelurahan.
DERIVED = {"village_kind": frozenset({"desa", "kelurahan"})}
SIGN_FILES = {"road_status": "roads.csv", "hospital_owner": "hospitals.csv"}


@dataclass(frozen=True)
class Reference:
    """What the rules are fed with. Use `load()`; look-ups fail loudly, since everything was checked at loading."""

    issues: Mapping[str, Issue]
    policy: Policy
    regencies: Mapping[str, files.Regency]
    limits: tuple[Limit, ...]
    states: Mapping[State, words.StateWords]
    sentences: Mapping[str, str]
    all_facts: tuple[words.Fact, ...]
    holidays: tuple[Holiday, ...]
    known_years: frozenset[int]
    fixed_holidays: Mapping[tuple[int, int], str]
    reply_templates: tuple[ReplyTemplate, ...] = ()
    jargon: Mapping[str, str] = MappingProxyType({})

    def issue(self, code: str) -> Issue:
        """The issue, or the catch-all one for a code that is not in the catalogue."""
        return self.issues.get(code) or self.issues[CATCH_ALL_ISSUE]

    def calendar(self, area: str) -> Calendar:
        """Days off in a regency: national ones and its own; of two rows about one day the later counts, and may take it back."""
        told = {day.on: day for day in self.holidays if area.startswith(day.area)}
        days = {on: day for on, day in told.items() if day.kind is not HolidayKind.CANCELLED}
        return Calendar(MappingProxyType(days), self.known_years, self.fixed_holidays)

    def zone(self, area: str) -> Zone:
        """The time zone of a served regency; WITA elsewhere."""
        regency = self.regencies.get(area)
        return regency.zone if regency else Zone.WITA

    def today(self, at: datetime, area: str) -> date:
        """The date on the wall of a regency."""
        return local_date(at, self.zone(area))

    def sentence(self, key: str, **values: object) -> str:
        """A sentence for a person; raises `KeyError` for a key that nobody wrote."""
        return self.sentences[key].format(**values) if values else self.sentences[key]

    def level_label(self, level: Level) -> str:
        """`kewenangan kabupaten`."""
        return self.sentences[f"level_{level}"]

    def agency_name(self, code: str, on: date) -> str:
        """The office's name on that day; the code itself for one that is no longer in the book."""
        agency = self.policy.agency(code, on)
        return agency.name if agency else code

    def date_label(self, on: date) -> str:
        """`Kamis, 10 Desember 2026`."""
        weekday = self.sentences["weekdays"].split("|")[on.weekday()]
        return f"{weekday}, {on.day} {self.month_label(on)}"

    def month_label(self, on: date) -> str:
        """`Desember 2026`."""
        return f"{self.sentences['months'].split('|')[on.month - 1]} {on.year}"

    def public_contacts(self) -> frozenset[str]:
        """Numbers and addresses of offices and services: they identify nobody."""
        offices = {agency.contact for agency in self.policy.agencies if agency.contact}
        return frozenset(offices | {fact.value for fact in self.all_facts})

    def facts(self, topic: str, area: str) -> dict[str, words.Fact]:
        """Facts of a topic that hold in a regency, by name; the more special row wins."""
        fitting = [fact for fact in self.all_facts if fact.topic == topic and area.startswith(fact.area)]
        return {fact.name: fact for fact in sorted(fitting, key=lambda fact: len(fact.area))}


def load(folder: Path = FOLDER) -> Reference:
    """Read and check everything; raises `RowInvalid` with file, row and column."""
    sentences = words.sentences(folder)
    issues = files.issues(folder)
    regencies = files.regencies(folder)
    decreed, years = words.decreed_holidays()
    own, fixed, complete = words.own_holidays(folder)
    policy = Policy(
        rules=(*files.rules(folder), *_defaults(issues, sentences)),
        agencies=files.agencies(folder),
        lanes=files.lanes(folder),
        clarifications=MappingProxyType(files.clarifications(folder)),
        desks=MappingProxyType({code: regency.desk for code, regency in regencies.items()}),
        catch_all=CatchAll(sentences["reason_catch_all"]),
        elsewhere=sentences["reason_elsewhere"],
        signs=read_signs(folder),
        one_up=sentences["reason_one_up"],
    )
    reference = Reference(
        issues=MappingProxyType(issues),
        policy=policy,
        regencies=MappingProxyType(regencies),
        limits=files.limits(folder),
        states=MappingProxyType(words.states(folder)),
        sentences=MappingProxyType(sentences),
        all_facts=words.facts(folder),
        holidays=(*decreed, *own),
        known_years=years | complete,
        fixed_holidays=fixed,
        reply_templates=reply_templates(folder, issues),
        jargon=MappingProxyType(jargon(folder)),
    )
    _check(reference)
    return reference


def with_rules(reference: Reference, file: Path) -> Reference:
    """The same reference data with another table in the place of `routing.csv`; raises `RowInvalid`."""
    defaults = tuple(rule for rule in reference.policy.rules if rule.source == DEFAULTS)
    policy = replace(reference.policy, rules=(*files.rules(file.parent, file.name), *defaults))
    changed = replace(reference, policy=policy)
    _check_rules(changed)
    return changed


def _defaults(issues: Mapping[str, Issue], sentences: Mapping[str, str]) -> tuple[Rule, ...]:
    """What is left when no row of `routing.csv` fits: the default of the issue."""
    return tuple(
        Rule(
            id=f"default_{issue.code}",
            issue=issue.code,
            level=issue.level,
            role=issue.role,
            reason=sentences["reason_default"].replace("{issue}", issue.label),
            confidence=DEFAULT_CONFIDENCE,
            source=DEFAULTS,
        )
        for issue in issues.values()
    )


def _check(reference: Reference) -> None:
    """What no single file can tell: names that must exist in another one."""
    _check_words(reference)
    _check_issues(reference)
    _check_rules(reference)
    _check_signs(reference)
    _check_desks_and_limits(reference)


def _check_words(reference: Reference) -> None:
    for state in State:
        if state not in reference.states:
            raise RowInvalid("states.csv", 0, "state", f"{state} has no words")
    for level in Level:
        if f"level_{level}" not in reference.sentences:
            raise RowInvalid("sentences.csv", 0, "key", f"level_{level} is missing")
    for key, n_words in (("weekdays", PER_WEEK), ("months", PER_YEAR)):
        if len(reference.sentences.get(key, "").split("|")) != n_words:
            raise RowInvalid("sentences.csv", 0, "text", f"{key} needs {n_words} words separated by |")


def _check_issues(reference: Reference) -> None:
    if CATCH_ALL_ISSUE not in reference.issues:
        raise RowInvalid("issues.csv", 0, "code", f"{CATCH_ALL_ISSUE} is missing")
    for issue in reference.issues.values():
        if issue.asks and issue.asks not in reference.policy.clarifications:
            raise RowInvalid(
                "issues.csv", 0, "ask", f"{issue.code} asks for {issue.asks}, not in questions.csv"
            )


def _check_rules(reference: Reference) -> None:
    """Every rule names a known issue, known values, and an office in every served regency it is meant for."""
    offices = {(agency.role, agency.area) for agency in reference.policy.agencies}
    values = known_values(reference.policy)
    for rule in reference.policy.rules:
        file = DEFAULTS if rule.source == DEFAULTS else "routing.csv"
        strange = rule.issues - reference.issues.keys() - {ANY}
        if strange:
            raise RowInvalid(file, 0, "issue", f"{rule.id}: {', '.join(sorted(strange))} not in issues.csv")
        for name, wanted in rule.when.items():
            if not wanted <= values.get(name, set()):
                raise RowInvalid(
                    file, 0, "when", f"{rule.id}: {name} has no value {', '.join(sorted(wanted))}"
                )
        meant = [area for area in reference.regencies if area.startswith(rule.area)]
        for area in meant or [rule.area[:REGENCY_DIGITS]]:
            if not offices & {(rule.role, one) for one in (area, area[:2], EVERYWHERE)}:
                raise RowInvalid(file, 0, "role", f"{rule.id}: no {rule.role} for {area} in agencies.csv")


def known_values(policy: Policy) -> dict[str, set[str]]:
    """Attribute → every value that an answer, a text or the place can give it."""
    values = policy.signs.values()
    for name, one in policy.clarifications.items():
        values.setdefault(name, set()).update(option.value for option in one.options)
    return {**values, **{name: set(given) for name, given in DERIVED.items()}}


def _check_signs(reference: Reference) -> None:
    """A sign of an asked attribute speaks of its options; who is accused has an office above."""
    policy = reference.policy
    roles = {agency.role for agency in policy.agencies}
    for sign in policy.signs.signs:
        asked = policy.clarifications.get(sign.attribute)
        if asked and sign.value not in {option.value for option in asked.options}:
            raise RowInvalid(
                SIGN_FILES.get(sign.attribute, "signs.csv"), 0, "status", f"{sign.value} is no option"
            )
    for accused in policy.signs.accused:
        if accused.up and accused.up not in roles:
            raise RowInvalid("accused.csv", 0, "up", f"no {accused.up} in agencies.csv")
        if accused.level is None and accused.role not in roles:
            raise RowInvalid("accused.csv", 0, "role", f"no {accused.role} in agencies.csv, and no level")


def _check_desks_and_limits(reference: Reference) -> None:
    codes = {agency.code for agency in reference.policy.agencies}
    for regency in reference.regencies.values():
        if regency.desk not in codes:
            raise RowInvalid("regencies.csv", 0, "desk", f"{regency.desk} is not in agencies.csv")
        for report_class in ReportClass:
            for oversight in (False, True):
                about = Question(report_class, oversight, regency.code)
                if find_limit(reference.limits, Step.ANSWER, about, date(2026, 1, 1)) is None:
                    raise RowInvalid(
                        "sla.csv", 0, "step", f"no answer limit for {report_class} in {regency.code}"
                    )
