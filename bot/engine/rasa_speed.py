"""Rasa's slow spots, replaced by equals. Each says what it costs stock Rasa; `tests/bot` checks that results agree.

Installed by the engine's process only; `rasa train`, `rasa shell` and `rasa run` stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTIVE_LOOP,
    PREVIOUS_ACTION,
    SHOULD_NOT_BE_SET,
    USER,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT
from rasa.shared.utils.common import all_subclasses

State = dict[str, Any]
Key = tuple[Any, Any]

# What a rule about words rather than an intent would have to fit.
AFTER_WORDS: State = {PREVIOUS_ACTION: {ACTION_NAME: ACTION_LISTEN_NAME}, USER: {TEXT: ""}}


def install() -> None:
    """Replace them; doing it twice changes nothing."""
    # 41 % of a turn: the schema of an action's answer is itself checked at every answer. Ours come from rasa_sdk in
    # this process, and `deserialise_events` refuses unknown events anyway.
    RemoteAction._validate_action_result = _trusted
    # 20 %: all subclasses of Event are walked for every event read.
    Event.resolve_by_type = staticmethod(_by_name())
    # A turn makes ten trackers, and each copies every slot through pickling and then resets it.
    DialogueStateTracker.__init__ = _tracker_init
    # Every rule is tried at every step, though only those after the same action and intent can fit.
    RulePolicy._get_possible_keys = possible_keys
    # Rules about exact words are sought before rules about intents, although there are none.
    RulePolicy._find_action_from_rules = _find_action_from_rules
    # The loop's first message is copied in depth for every action; `in_process` copies it anyway.
    DialogueStateTracker.current_state = _current_state


def _trusted(_self: RemoteAction, _result: dict[str, Any]) -> bool:
    return True


def _by_name() -> Any:
    known = {cls.type_name: cls for cls in all_subclasses(Event)}
    stock = getattr(Event.resolve_by_type, "stock", Event.resolve_by_type)

    def resolve(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        return known.get(type_name) or stock(type_name, default)

    resolve.stock = stock  # type: ignore[attr-defined]
    return resolve


def _tracker_init(
    self: DialogueStateTracker,
    sender_id: str,
    slots: Iterable[Slot] | None,
    max_event_history: int | None = None,
    sender_source: str | None = None,
    is_rule_tracker: bool = False,
) -> None:
    _stock_tracker_init(
        self, sender_id, None if slots is None else (), max_event_history, sender_source, is_rule_tracker
    )
    if slots is not None:
        self.slots = {slot.name: _fresh_slot(slot) for slot in slots}


_stock_tracker_init = DialogueStateTracker.__init__


def _current_state(
    self: DialogueStateTracker, event_verbosity: EventVerbosity = EventVerbosity.NONE
) -> dict[str, Any]:
    loop, self.active_loop = self.active_loop, None
    try:
        state: dict[str, Any] = _stock_current_state(self, event_verbosity)
    finally:
        self.active_loop = loop
    return {**state, ACTIVE_LOOP: dict(vars(loop)) if loop else {}}


_stock_current_state = DialogueStateTracker.current_state


def _fresh_slot(slot: Slot) -> Slot:
    """A copy at its initial value."""
    twin = object.__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    if type(slot).value is Slot.value:
        twin._value = slot.initial_value
        twin._has_been_set = False
    else:
        twin.reset()
    return twin


def possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """The rules that fit `states`, as `RulePolicy._get_possible_keys` finds them."""
    if not states:
        return set(lookup)
    candidates = _index(self, lookup).candidates(states[-1])
    backwards = list(enumerate(reversed(states)))
    return {key for key in candidates if all(self._is_rule_applicable(key, n, one) for n, one in backwards)}


def _index(policy: RulePolicy, lookup: dict[str, str]) -> RuleIndex:
    indexes: dict[int, RuleIndex] = policy.__dict__.setdefault("_engine_indexes", {})
    if (index := indexes.get(id(lookup))) is None or index.lookup is not lookup:
        index = indexes[id(lookup)] = RuleIndex(policy, lookup)
    return index


def _find_action_from_rules(
    self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
) -> Any:
    if use_text_for_last_user_input and tracker.latest_action_name == ACTION_LISTEN_NAME:
        lookups = (self.lookup[RULES], self.lookup[RULES_FOR_LOOP_UNHAPPY_PATH])
        if not any(_index(self, lookup).candidates(AFTER_WORDS) for lookup in lookups):
            return None, None, False
    return _stock_find_action(self, tracker, domain, use_text_for_last_user_input)


_stock_find_action = RulePolicy._find_action_from_rules


class RuleIndex:
    """Rules by what their last state demands: the previous action, and the intent if one is demanded."""

    def __init__(self, policy: RulePolicy, lookup: dict[str, str]) -> None:
        self.lookup = lookup
        self._rules: dict[Key, list[str]] = defaultdict(list)
        for key in lookup:
            last = policy._rule_key_to_state(key)[-1]
            intent = last.get(USER, {}).get(INTENT)
            self._rules[_action(last), None if intent == SHOULD_NOT_BE_SET else intent].append(key)

    def candidates(self, state: State) -> list[str]:
        """A superset of the rules whose last state fits `state`."""
        action, intent = _action(state), state.get(USER, {}).get(INTENT)
        without = self._rules.get((action, None), [])
        return without + self._rules.get((action, intent), []) if intent else without


def _action(state: State) -> Any:
    """The previous action as something to look up; None at the beginning of a conversation."""
    previous = state.get(PREVIOUS_ACTION)
    return tuple(sorted(previous.items())) if previous else None
