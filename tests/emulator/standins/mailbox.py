"""A stand-in for people who read e-mail: what a topic sends to an address is printed.

ministack confirms every subscription at once and then forgets each mail. On AWS somebody follows a link first.
`tests.emulator.__main__` installs it; tests read topics by a queue (`observing.Inbox`).
"""

from __future__ import annotations

import textwrap
from typing import Any

WIDTH = 110


def install() -> None:
    """Print the mails of each topic after ministack has sent to its other subscribers."""
    from ministack.services import sns

    theirs = sns._fanout

    def fanout(topic_arn: str, msg_id: str, message: str, *rest: Any, **more: Any) -> None:
        theirs(topic_arn, msg_id, message, *rest, **more)
        for subscription in (sns._topic_by_arn_any_scope(topic_arn) or {}).get("subscriptions", ()):
            if subscription["protocol"] == "email" and subscription["confirmed"]:
                print(mail(subscription["endpoint"], message), flush=True)

    sns._fanout = fanout


def mail(address: str, message: str) -> str:
    """Return a mail as it is printed; input transformers of EventBridge send a JSON string."""
    body = textwrap.fill(message.strip().strip('"'), WIDTH, break_long_words=False, break_on_hyphens=False)
    return f"\ne-mail to {address}:\n{textwrap.indent(body, '  ')}"
