"""Write the argument `needs=` of each control, determined from its cases: `python -m tools.mark_needs`."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

from hardened_eks.controls import CATALOGUE
from tests.controls.needs import needed
from tests.controls.test_needs import cases


def main() -> None:
    """Correct the control files whose `needs=` differs."""
    for control in CATALOGUE:
        mark = needed(control, cases[control])
        if mark == control.needs:
            continue
        file = Path(inspect.getsourcefile(control.check) or "")
        text = file.read_text(encoding="utf-8")
        line = f'    needs="{mark}",\n'
        if "\n    needs=" in text:
            text = re.sub(r'^    needs="\w+",\n', line, text, count=1, flags=re.MULTILINE)
        else:
            text = text.replace("    severity=", f"{line}    severity=", 1)
        file.write_text(text, encoding="utf-8")
        print(control.id, control.needs, "->", mark)
    subprocess.run([sys.executable, "-m", "tools.control_index"], check=True)


if __name__ == "__main__":
    main()
