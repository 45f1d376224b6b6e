"""The action server inside this process: ordinary `rasa_sdk` actions, called without HTTP and never half-failing."""

from __future__ import annotations

import json
import pickle
from typing import Any, NoReturn

from rasa.core.actions.action import ActionExecutionRejection
from rasa.shared.core.domain import Domain
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as SdkRejection


class ActionFailed(Exception):
    """An action raised. Deliberately no `RasaException`: Rasa swallows those in slot extraction."""


class ReadOnly(dict[str, Any]):
    """A dictionary that actions share and none may change."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("the domain is shared by all turns and may not be changed")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse


class OwnActions(ActionExecutor):
    """Knows the actions of one package. Rasa's own registers every action class of the process: with a second package loaded (an
    engine of another domain, as in tests and in an exam) whichever came last would answer under a shared name."""

    def __init__(self, package: str) -> None:
        super().__init__()
        self._package = package
        self.register_package(package)

    def register_action(self, action: Any) -> None:
        """Foreign classes are passed over."""
        if action.__module__ == self._package or action.__module__.startswith(f"{self._package}."):
            super().register_action(action)


class InProcessActions:
    """Stands in for Rasa's `EndpointConfig`: Rasa needs `request`, `url` and `kwargs` of it, nothing else.

    The tracker is copied, as the wire would, so an action cannot reach into Rasa's objects; what it answers goes through
    JSON, so a value that would not survive storage fails here, with the action's name. The domain is copied once and read-only.
    """

    url = "in-process"

    def __init__(self, package: str, domain: Domain) -> None:
        self.kwargs: dict[str, Any] = {}
        self._executor = OwnActions(package)
        self._domain = read_only(json.loads(json.dumps(domain.as_dict())))

    @property
    def names(self) -> frozenset[str]:
        """Names of the actions found in the package."""
        return frozenset(self._executor.actions)

    async def request(self, json: Any = None, **_: Any) -> dict[str, Any]:  # noqa: A002
        """Events and responses of one action, as an action server would answer.

        Raises:
            ActionExecutionRejection: Rasa core's, when the action said that it is not for it; forms live on it.
            ActionFailed: the action raised anything else.
        """
        name = json["next_action"]
        call = {**json, "tracker": _copied(json["tracker"]), "domain": self._domain}
        try:
            answer = _plain(await self._executor.run(call))
        except SdkRejection as rejection:
            raise ActionExecutionRejection(name, rejection.message) from rejection
        except Exception as failure:
            raise ActionFailed(name) from failure
        return answer


def read_only(value: Any) -> Any:
    """A copy of `value` whose dictionaries refuse to be changed."""
    if isinstance(value, dict):
        return ReadOnly({key: read_only(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return [read_only(inner) for inner in value]
    return value


def _plain(answer: Any) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(answer, allow_nan=False))
    return plain


def _copied(value: Any) -> Any:
    """A deep copy; pickling takes a third of JSON's time, and a quarter of `copy.deepcopy`'s."""
    return pickle.loads(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))  # noqa: S301
