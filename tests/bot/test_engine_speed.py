"""What the engine replaces in Rasa gives what Rasa gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.model


def test_trackers_begin_as_rasas_do(mini_engine: Any) -> None:
    from rasa.shared.core.slots import AnySlot, CategoricalSlot, ListSlot, TextSlot
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.engine.rasa_speed import _stock_tracker_init

    slots = [
        TextSlot("a", [{"type": "from_text"}], initial_value="x"),
        AnySlot("b", []),
        ListSlot("c", [], initial_value=["y"]),
        CategoricalSlot("d", [], values=["on", "off"], initial_value="on"),
    ]
    for slot in slots:
        slot.value = "changed"
    ours = DialogueStateTracker("someone", slots)
    stock = object.__new__(DialogueStateTracker)
    _stock_tracker_init(stock, "someone", slots)
    assert {name: vars(slot) for name, slot in ours.slots.items()} == {
        name: vars(slot) for name, slot in stock.slots.items()
    }
    assert [type(slot) for slot in ours.slots.values()] == [type(slot) for slot in stock.slots.values()]
    unlike = {"slots", "latest_message", "latest_bot_utterance"}
    assert {k: v for k, v in vars(ours).items() if k not in unlike} == {
        k: v for k, v in vars(stock).items() if k not in unlike
    }
    ours.slots["a"].value = "mine"
    assert slots[0].value == "changed"


def test_the_rules_found_are_those_that_fit(mini_engine: Any) -> None:
    import itertools

    from bot.engine.rasa_speed import possible_keys

    nodes = mini_engine._processor.graph_runner._instantiated_nodes
    policy = next(node._component for name, node in nodes.items() if "RulePolicy" in name)
    lookups = [lookup for lookup in policy.lookup.values() if isinstance(lookup, dict) and lookup]
    assert len(lookups) >= 2
    actions = [
        {},
        *(
            {"prev_action": {"action_name": name}}
            for name in ("action_listen", "utter_answer", "complaint_form")
        ),
    ]
    users: list[dict[str, Any]] = [
        {},
        {"user": {"intent": "tanya"}},
        {"user": {"intent": "lapor"}},
        {"user": {"text": "x"}},
    ]
    loops: list[dict[str, Any]] = [{}, {"active_loop": {"name": "complaint_form"}}]
    states = [{**action, **user, **loop} for action, user, loop in itertools.product(actions, users, loops)]
    found = 0
    for lookup in lookups:
        for history in (
            [last] if before is None else [before, last] for before in [None, *states] for last in states
        ):
            backwards = list(enumerate(reversed(history)))
            fitting = {
                key for key in lookup if all(policy._is_rule_applicable(key, n, s) for n, s in backwards)
            }
            assert possible_keys(policy, lookup, history) == fitting
            found += len(fitting)
    assert found > 100


async def test_the_whole_dialogue_goes_as_in_rasa(mini_engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.engine import rasa_speed
    from tests.bot.mini.talking import Talk

    async def answers() -> list[dict[str, Any]]:
        one = Talk(mini_engine)
        lines = [
            "halo",
            "lapor kucing",
            "kenapa",
            "depan sd",
            "tolak",
            "2",
            "intip",
            "gang mawar",
            "1",
            "halo",
            "x",
        ]
        return [await one.send({"text": line}) for line in lines]

    fast = await answers()
    monkeypatch.setattr(RulePolicy, "_find_action_from_rules", rasa_speed._stock_find_action)
    monkeypatch.setattr(DialogueStateTracker, "current_state", rasa_speed._stock_current_state)
    monkeypatch.setattr(DialogueStateTracker, "__init__", rasa_speed._stock_tracker_init)
    assert await answers() == fast


def test_an_action_is_told_the_same_of_the_tracker(mini_engine: Any) -> None:
    from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

    from bot.engine.in_process import _copied
    from bot.engine.rasa_speed import _stock_current_state

    events = [
        UserUttered("x", {"name": "lapor"}),
        ActiveLoop("complaint_form"),
        SlotSet("place", {"a": [1.5, None]}),
    ]
    for history in ([], events):
        tracker = DialogueStateTracker("c", mini_engine._processor.domain.slots)
        tracker.update_with_events(history, None)
        state = tracker.current_state(EventVerbosity.ALL)
        assert state == _stock_current_state(tracker, EventVerbosity.ALL)
        copied = _copied(state)
        assert copied == state
        assert copied["slots"]["place"] is not state["slots"]["place"] or not history


def test_events_are_found_by_name(mini_engine: Any) -> None:
    from rasa.shared.core.events import Event, SlotSet
    from rasa.shared.utils.common import all_subclasses

    for cls in all_subclasses(Event):
        if isinstance(cls.type_name, str):
            assert Event.resolve_by_type(cls.type_name).type_name == cls.type_name
    assert Event.resolve_by_type("nonsense", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="Unknown event"):
        Event.resolve_by_type("nonsense")


def test_the_planned_graph_reads_like_the_stock_one(mini_model: Path, tmp_path: Path) -> None:
    from rasa.core.channels.channel import UserMessage
    from rasa.engine import loader
    from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.engine.graph import PlannedGraphRunner

    readings = []
    for kind in (DaskGraphRunner, PlannedGraphRunner):
        folder = tmp_path / kind.__name__
        folder.mkdir()
        metadata, runner = loader.load_predict_graph_runner(folder, mini_model, LocalModelStorage, kind)
        both = []
        for text in ("lapor kucing hilang", "kenapa", "entah"):
            inputs = {
                PLACEHOLDER_MESSAGE: [UserMessage(text, message_id="m")],
                PLACEHOLDER_TRACKER: DialogueStateTracker("c", metadata.domain.slots),
            }
            both.append(runner.run(inputs, [metadata.nlu_target])[metadata.nlu_target][0].as_dict())
            prediction = runner.run(inputs, [metadata.core_target])[metadata.core_target]
            both.append((prediction.probabilities, prediction.policy_name))
        readings.append(both)
    assert readings[0] == readings[1]


async def test_a_late_turn_costs_what_an_early_one_costs(talk: Any, mini_engine: Any) -> None:
    from bot.engine.contract import turn_from

    one = talk()
    await one.say("lapor kucing hilang")
    sizes = {}
    for n in range(120):
        await one.say(["kenapa", "depan sd", "2", "halo"][n % 4])
        if n in (3, 119):
            answer = await mini_engine.take(turn_from(one.request({"text": "kenapa"})))
            sizes[n] = len(str(answer.body["state"]))
    assert sizes[119] <= sizes[3] + 4
