#!/usr/bin/env bash
# Run the single-file checker of this checkout: tools/checker.sh check cdk.out
#
# The first call builds it, with four packages that requirements-checker.lock pins by hash. It does not need the CDK.
# Requires Python 3.11 or newer (set PYTHON to choose it) and, for the first call, the package index.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python=${PYTHON:-python3}
checker="$here/.checker/hardened-eks.pyz"

fail() {
  echo "error: $1" >&2
  exit 2 # the checker's exit code 1 means findings
}

# -I: `python -m` prefers a module of the current folder, which is the code that is checked.
build() {
  rm -rf "$here/.checker" &&
    "$python" -I -m venv "$here/.checker/venv" &&
    "$here/.checker/venv/bin/python" -I -m pip install --quiet --disable-pip-version-check --require-hashes \
      --requirement "$here/requirements-checker.lock" &&
    (cd "$here" && .checker/venv/bin/python -m tools.pyz --output .checker/new.pyz) &&
    mv "$here/.checker/new.pyz" "$checker"
}

if [ ! -f "$checker" ]; then
  "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$python is not Python 3.11 or newer: set PYTHON to one that is"
  build >&2 || fail "the checker cannot be built; the lines above tell why" # the standard output is the report's
fi
exec "$python" "$checker" "$@"
