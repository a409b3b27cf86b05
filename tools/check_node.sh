#!/usr/bin/env bash
# Refuses a missing or old Node with a sentence instead of a stack trace.
set -euo pipefail
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "CodeZest builds its style sheets and scripts with Node 20 or newer, which was not found. On Debian or Ubuntu: apt-get install nodejs npm" >&2
  exit 1
fi
if [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 20')" != true ]; then
  echo "CodeZest needs Node 20 or newer; this is $(node --version)." >&2
  exit 1
fi
