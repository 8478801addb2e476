"""The emulator for an app of your own: `make emulator`. The tutorial and `make walk` use it.

It serves until it is stopped, and adds two stand-ins that tests do without: calls to EKS become events of a trail, and
e-mails are printed.
"""

from __future__ import annotations

import os
import sys
import tempfile

from tests.emulator.service import ACCOUNT, REGION, settings

PORT = 4566
READY = "The emulator listens on http://127.0.0.1:{port}: account {account}, Region {region}. Stop it with Ctrl+C."


def main() -> None:
    port = int(os.environ.get("PORT", PORT))
    with tempfile.TemporaryDirectory() as state:
        os.environ.update(settings(port, state))  # which ministack reads when it is imported
        from ministack import app

        from tests.emulator import resources
        from tests.emulator.standins import mailbox, trail

        resources.register()
        trail.install()
        mailbox.install()
        print(READY.format(port=port, account=ACCOUNT, region=REGION), flush=True)
        sys.argv = ["ministack"]
        try:
            app.main()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
