"""One way to talk to Label Studio: timeouts everywhere, no silent repeats, one-line errors.

The SDK is imported when a client is made (its import takes a second), and with ``max_retries=0``:
its own retry repeats POSTs without an idempotency key. Reads are repeated here, writes never.
"""
from __future__ import annotations

import json
import re
import time
import weakref
from typing import TYPE_CHECKING, Any, Callable, Iterator, Sequence, TypeVar
from urllib.parse import urlsplit

from labels.errors import N_, StudioDenied, StudioError, StudioMismatch, StudioUnreachable

if TYPE_CHECKING:
    import httpx
    from label_studio_sdk import LabelStudio

T = TypeVar("T")
Progress = Callable[[float | None, str], None]

TIMEOUT_S = 60.0
# Imports of many tasks are answered when all of them are stored.
IMPORT_TIMEOUT_S = 600.0
ATTEMPTS = 5
# Doubled from one attempt to the next; a server that names a time of its own (429) is waited for.
PAUSE_S = 0.25
LONGEST_PAUSE_S = 30.0
# The first release that goes with the SDK's second line, whose calls and tokens we use; older ones
# were made for its first.
OLDEST = "1.21.0"


class Client:
    """`url` without a trailing slash; `token` is a legacy token or a personal access token.

    Every call raises StudioUnreachable, StudioDenied, StudioMismatch or StudioError.
    """

    def __init__(self, url: str, token: str, *, timeout: float = TIMEOUT_S) -> None:
        from label_studio_sdk import LabelStudio
        from label_studio_sdk.core.api_error import ApiError
        self.url = _address(url)
        self.timeout = timeout
        if not token:
            raise StudioDenied(N_("there is no token for Label Studio at %(url)s"), url=self.url,
                               hint=N_("copy it from Account & Settings in Label Studio"))
        session = http_client(self.url, timeout)
        # Closes the connections at the latest when nobody holds the client any more.
        self.close = weakref.finalize(self, session.close)
        try:
            self.sdk: LabelStudio = LabelStudio(
                base_url=self.url, api_key=token, timeout=timeout, max_retries=0,
                httpx_client=session)
        except ApiError as error:  # a personal access token that has run out
            raise self.translated(error) from error

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def read(self, call: Callable[["LabelStudio"], T]) -> T:
        """Run a call that changes nothing; it is repeated when the server was busy or away."""
        return self.repeat(lambda: self._run(call))

    def write(self, call: Callable[["LabelStudio"], T]) -> T:
        """Run a call that changes something, once: it may have been done though no answer came."""
        return self._run(call)

    def repeat(self, work: Callable[[], T]) -> T:
        """Run `work`, which may be done twice without harm, until it succeeds or is refused."""
        pause = PAUSE_S
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return work()
            except StudioError as error:
                if attempt == ATTEMPTS or not is_passing(error):
                    raise
                time.sleep(min(float(error.context.get("after") or pause), LONGEST_PAUSE_S))
                pause *= 2
        raise AssertionError("the last attempt returns or raises")

    def get(self, path: str, params: dict[str, Any] | None = None) -> Any:
        """GET of an address the SDK has no method for; returns the JSON."""
        return self.read(lambda sdk: self._json("GET", path, params=params))

    def post(self, path: str, body: Any, timeout: float | None = None) -> Any:
        """POST of plain JSON values. Written here: the SDK copies all of a large body first."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        return self.write(lambda sdk: self._json(
            "POST", path, content=content, headers={"Content-Type": "application/json"},
            request_options={"timeout": timeout or self.timeout}))

    def patch(self, path: str, body: Any) -> Any:
        """PATCH, repeated where no answer came: the second one finds what it wants to make."""
        return self.read(lambda sdk: self._json("PATCH", path, json=body))

    def delete(self, path: str) -> None:
        """DELETE; what is not there any more is as good as deleted."""
        try:
            self.read(lambda sdk: self._json("DELETE", path))
        except StudioMismatch as error:
            if error.context.get("status") != 404:
                raise

    def _json(self, method: str, path: str, **arguments: Any) -> Any:
        from label_studio_sdk.core.api_error import ApiError
        # the SDK's own HTTP client: it holds the address, the connections and fresh tokens
        answer = self.sdk._client_wrapper.httpx_client.request(path, method=method, **arguments)
        if answer.is_error:
            raise ApiError(status_code=answer.status_code, body=_body(answer),
                           headers=dict(answer.headers))
        return answer.json() if answer.content else None

    def _run(self, call: Callable[["LabelStudio"], T]) -> T:
        import httpx
        from label_studio_sdk.core.api_error import ApiError
        try:
            return call(self.sdk)
        except (ApiError, httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise self.translated(error) from error

    def translated(self, error: Exception) -> StudioError:
        """The error of the one tree that says what `error` means, in one line."""
        import httpx
        status = getattr(error, "status_code", None)
        if isinstance(error, httpx.TimeoutException):
            return StudioUnreachable(
                N_("Label Studio at %(url)s did not answer within %(seconds)s s"), url=self.url,
                seconds=f"{self.timeout:g}", unanswered=True,
                hint=N_("see `workbench studio status`"))
        if isinstance(error, httpx.TransportError):
            return StudioUnreachable(
                N_("Label Studio at %(url)s cannot be reached: %(why)s"), url=self.url,
                why=one_line(error), refused=isinstance(error, httpx.ConnectError),
                hint=N_("start it with `workbench studio up` or mend the address"))
        if status in (401, 403):
            return StudioDenied(
                N_("Label Studio at %(url)s refuses the token (%(status)s: %(why)s)"),
                url=self.url, status=status, why=detail(error),
                hint=N_("copy a token from Account & Settings in Label Studio"))
        if status in (502, 503, 504):
            return StudioUnreachable(
                N_("Label Studio at %(url)s is not ready (%(status)s)"), url=self.url,
                status=status, unanswered=status == 504,
                hint=N_("see `workbench studio status`"))
        if status == 429:
            return StudioUnreachable(
                N_("Label Studio at %(url)s is asked too often (429)"), url=self.url,
                status=status, after=_seconds(error), hint=N_("try again in some minutes"))
        if status == 404:
            return StudioMismatch(
                N_("Label Studio at %(url)s does not have it: %(why)s"), url=self.url,
                status=status, why=detail(error),
                hint=N_("was it deleted there, or is this another server?"))
        if status is not None:
            return StudioError(N_("Label Studio at %(url)s answered %(status)s: %(why)s"),
                               url=self.url, status=status, why=detail(error))
        # It may be another server, or an answer that was cut off.
        return StudioMismatch(
            N_("what answers at %(url)s does not look like Label Studio: %(why)s"),
            url=self.url, why=one_line(error), unread=True)


def is_passing(error: StudioError) -> bool:
    """Whether the same call may succeed a little later; it may even have been done.

    That nobody listens does not pass within seconds. What the server refused was not done.
    """
    if isinstance(error, StudioUnreachable):
        return not error.context.get("refused")
    status = error.context.get("status")
    return bool(error.context.get("unread")) or status == 408 or (status or 0) >= 500


def may_be_under_way(error: StudioError) -> bool:
    """Whether the server may still be at it: the call was given up before there was an answer."""
    return bool(error.context.get("unanswered"))


def was_refused(error: StudioError) -> bool:
    """Whether the server understood the call and will not do it, however often it is asked."""
    status = error.context.get("status") or 0
    return 400 <= status < 500 and status not in (401, 403, 408, 429)


def http_client(url: str, timeout: float) -> httpx.Client:
    """A client that goes round the proxy of the environment for servers of this machine.

    Those are called over a new connection each time: on a kept one their server sends head and
    body apart, and the body waits 40 ms for the head to be acknowledged (12 against 55 ms a call).
    """
    import httpx
    near = (urlsplit(url).hostname or "") in ("127.0.0.1", "localhost", "::1")
    return httpx.Client(timeout=timeout, follow_redirects=True, trust_env=not near,
                        limits=httpx.Limits(max_keepalive_connections=0 if near else None))


def server_version(client: Client) -> str:
    """The release that answers, e.g. ``1.23.2``; checks the token on the way.

    Raises StudioMismatch if it is too old for us, or is no Label Studio.
    """
    client.get("/api/current-user/whoami")
    version = client.get("/api/version")
    if not isinstance(version, dict) or "release" not in version:
        raise StudioMismatch(N_("what answers at %(url)s does not look like Label Studio"),
                             url=client.url)
    release = str(version["release"])
    if release_number(release) < release_number(OLDEST):
        raise StudioMismatch(
            N_("Label Studio at %(url)s is version %(version)s, which is too old"), url=client.url,
            version=release, oldest=OLDEST, hint=N_("update it to %(oldest)s or newer"))
    return release


def release_number(release: str) -> tuple[int, ...]:
    """``1.23.2.post1`` → (1, 23, 2), to be compared."""
    numbers = re.match(r"\d+(?:\.\d+)*", release)
    return tuple(int(number) for number in numbers[0].split(".")) if numbers else ()


def quiet(fraction: float | None, message: str) -> None:
    """A progress callback that shows nothing: `fraction` done (None unknown), `message` a msgid."""


def task_url(url: str, project_id: int, task_id: int) -> str:
    """Where a person opens a task."""
    return f"{url.rstrip('/')}/projects/{project_id}/data?task={task_id}"


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start:start + size]


def detail(error: Any) -> str:
    """The part of an API error that says something, in one line."""
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        fields = body.get("validation_errors")
        return one_line(fields if fields else body.get("detail", body))
    return one_line(body if body is not None else error)


def one_line(thing: Any) -> str:
    return " ".join(str(thing).split())[:300] or type(thing).__name__


def _seconds(error: Any) -> float | None:
    """What a 429 says of how long to wait, in seconds; dates are not read."""
    said = {name.lower(): value for name, value in (getattr(error, "headers", None) or {}).items()}
    found = said.get("retry-after", "")
    return float(found) if found.isdecimal() else None


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        right = False
    if not right:
        raise StudioError(N_("%(url)r is not the address of a server"), url=url,
                          hint=N_("write it like http://127.0.0.1:8080"))
    return url.rstrip("/")


def _body(answer: Any) -> Any:
    try:
        return answer.json()
    except ValueError:
        return answer.text
