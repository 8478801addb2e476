"""Calls to AWS, with a record of failures: a call that fails means "not seen", never "does not exist"."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from hardened_eks.evidence.resource import NOT_SEEN
from hardened_eks.sources.account import calls

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

_T = TypeVar("_T")
_ABSENT: Final = re.compile(r"(?i)not_?found|nosuch|doesnotexist|nonexist|notexist")
"""Error codes for resources that do not exist: deleted since they were listed, or never created."""
_TOKENS: Final = ("nextToken", "NextToken", "Marker", "NextMarker")
_MOST_PAGES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """One call that was denied or failed. It is falsy, because there is no response."""

    action: str
    """The IAM action that the call needs."""
    about: str
    """The subject of the call, and its Region."""
    code: str
    """The error code of AWS, or the exception."""

    def __bool__(self) -> Literal[False]:
        return False

    def __str__(self) -> str:
        return f"{self.action} of {self.about} failed ({self.code})"


class Clients:
    """The clients of one account, each created on first use, and responses that are shared by all Regions."""

    def __init__(self, make: Callable[[str, str], Any]) -> None:
        """Create clients with `make(service, region)`."""
        self._make = make
        self._lock = threading.Lock()
        self._locks: dict[Hashable, threading.Lock] = {}
        self._clients: dict[tuple[str, str], Any] = {}
        self._memo: dict[Hashable, Any] = {}

    def get(self, service: str, region: str) -> Any:
        """Return the client of a service in a Region."""
        key = (service, region)
        if key in self._clients:  # do not wait for another client that is being created
            return self._clients[key]
        with self._lock:  # creating a client is not thread-safe, but using one is
            if key not in self._clients:
                self._clients[key] = self._make(service, region)
            return self._clients[key]

    def once(self, key: Hashable, compute: Callable[[], _T]) -> _T:
        """Return the result of `compute()`, computed once."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._memo:
                self._memo[key] = compute()
            found: _T = self._memo[key]
            return found


@dataclass(slots=True)
class Asker:
    """Calls AWS in one Region of one account."""

    clients: Clients
    account: str
    region: str
    partition: str = "aws"
    refusals: list[Refusal] = field(default_factory=list)
    """The calls that were denied or failed, unordered."""
    made: set[str] = field(default_factory=set)
    """All calls so far, as ``client:Operation``."""

    def ask(self, call: str, **arguments: Any) -> Mapping[str, Any] | Refusal | None:
        """Call AWS once, and return the response, None if the resource does not exist, or a `Refusal`."""
        try:
            answer: Mapping[str, Any] = self._operation(call)(**arguments)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            return None if _ABSENT.search(code) else self._refused(call, arguments, code or "no code")
        except (BotoCoreError, OSError) as error:
            return self._refused(call, arguments, type(error).__name__)
        return answer

    def value(self, call: str, key: str, default: Any = None, **arguments: Any) -> Any:
        """Return one key of a response, `default` if the resource does not exist, or a mark if the call failed."""
        answer = self.ask(call, **arguments)
        if isinstance(answer, Refusal):
            return mark(answer)
        value: Any = answer
        for step in key.split("."):
            value = value.get(step) if value else None
        return default if value is None else value

    def alike(self) -> Asker:
        """Return an asker for the same Region that keeps its own refusals, for answers that several callers share."""
        return Asker(self.clients, self.account, self.region, self.partition, made=self.made)

    def pages(self, call: str, key: str, **arguments: Any) -> list[Any]:
        """Return the entries of all pages; if a page fails, the earlier ones are kept and the failure is recorded."""
        return [entry for answer in self.answers(call, **arguments) for entry in answer.get(key) or ()]

    def shared(self, call: str, key: str, **arguments: Any) -> list[Any]:
        """Return the entries of all pages, read once for the Region; every caller records a failure."""

        def ask() -> tuple[list[Any], list[Refusal]]:
            asking = self.alike()
            return asking.pages(call, key, **arguments), asking.refusals

        found, refusals = self.clients.once((call, self.region, str(arguments)), ask)
        self.made.add(call)
        self.refusals += refusals
        return found

    def whole(self, call: str, key: str, **arguments: Any) -> Any:
        """Return the entries of all pages, or a mark if one failed, for properties that are useless in part."""
        before = len(self.refusals)
        found = self.pages(call, key, **arguments)
        return mark(self.refusals[-1]) if len(self.refusals) > before else found

    def not_understood(self, error: Exception) -> None:
        """Record a response with an unknown format, so that nothing from this call is certain."""
        code = f"the response is not understood: {type(error).__name__}: {error}"
        for call in sorted(self.made):
            self.refusals.append(Refusal(calls.action(call), f"{call.split(':')[0]} in {self.region}", code))

    def answers(self, call: str, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        """Yield the answers, page by page, up to one that fails."""
        told: dict[str, Any] = {}
        for _ in range(_MOST_PAGES):
            answer = self.ask(call, **arguments, **told)
            if not answer:
                return
            yield answer
            name = next((token for token in _TOKENS if answer.get(token)), None)
            if name is None or answer.get("IsTruncated") is False:
                return
            asked = "Marker" if name == "NextMarker" else name
            if told.get(asked) == answer[name]:
                self._refused(call, arguments, "the same page was returned again")
                return
            told = {asked: answer[name]}

    def _operation(self, call: str) -> Callable[..., Mapping[str, Any]]:
        if call not in calls.ALLOWED:
            raise AssertionError(f"{call} is not among the calls of an audit")
        service, operation = call.split(":")
        self.made.add(call)
        method: Callable[..., Mapping[str, Any]] = getattr(
            self.clients.get(service, self.region), xform_name(operation)
        )
        return method

    def _refused(self, call: str, arguments: Mapping[str, Any], code: str) -> Refusal:
        about = ", ".join(_shown(value) for value in arguments.values()) or "the account"
        refusal = Refusal(calls.action(call), f"{about} in {self.region}", code)
        self.refusals.append(refusal)
        return refusal


def mark(refusal: Refusal) -> dict[str, str]:
    """Return the mark for a property that was not seen."""
    return {NOT_SEEN: str(refusal)}


def _shown(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
