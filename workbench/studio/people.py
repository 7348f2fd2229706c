"""Accounts in Label Studio.

Accounts made by its API have no password, so that nobody can sign in with them; an account is
made through the sign-up form, with the invitation token, as an invited person would.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

from labels.errors import N_, StudioError
from workbench.studio.client import Client, http_client, one_line


@dataclass(frozen=True, slots=True)
class Account:
    """`existed`: there was an account with this address before; its password is not changed."""

    id: int
    email: str
    existed: bool


def accounts(client: Client) -> dict[str, Account]:
    """All accounts by address in lower case."""
    return {user["email"].lower(): Account(user["id"], user["email"], existed=True)
            for user in client.get("/api/users/")}


def find_account(client: Client, email: str) -> Account | None:
    return accounts(client).get(email.strip().lower())


def create_account(client: Client, email: str, password: str) -> Account:
    """Make an account that can sign in. `client` must hold a member's token.

    Raises StudioError with the form's own reason if it refuses (address, weak password).
    """
    import httpx
    found = find_account(client, email)
    if found is not None:
        return found
    invitation = client.get("/api/invite")["token"]
    # a session of its own: the form is for people who are not signed in
    with http_client(client.url, client.timeout) as session:
        try:
            page = session.get(f"{client.url}/user/signup/", params={"token": invitation})
            answer = session.post(
                f"{client.url}/user/signup/", params={"token": invitation},
                follow_redirects=False, headers={"Referer": f"{client.url}/user/signup/"},
                data={"csrfmiddlewaretoken": _hidden_token(page.text), "email": email,
                      "password": password, "allow_newsletters": "false"})
        except httpx.HTTPError as error:
            raise client.translated(error) from error
    made = find_account(client, email)
    if made is None:
        raise StudioError(
            N_("Label Studio did not make an account for %(email)s: %(why)s"), email=email,
            why=_form_errors(answer.text) or f"HTTP {answer.status_code}",
            hint=N_("mend the address or the password"))
    return Account(made.id, made.email, existed=False)


def _hidden_token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if found is None:
        raise StudioError(N_("the sign-up page of Label Studio is not as expected"),
                          hint=N_("make the account by hand with the link from its Members page"))
    return found[1]


def _form_errors(page: str) -> str:
    """What the form says under its fields, in one line; "" if it says nothing."""
    import html
    found = re.findall(r'class="[^"]*error[^"]*"[^>]*>(.*?)</', page, re.DOTALL)
    texts = (html.unescape(re.sub(r"<[^>]+>", " ", text)).strip() for text in found)
    return one_line(" ".join(text for text in texts if text)) if found else ""
