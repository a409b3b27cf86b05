#!/usr/bin/env bash
# Resolves the newest versions. The lock files carry hashes and no address.
set -euo pipefail
cd "$(dirname "$0")/../requirements"
resolve() { uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-header "$@"; }
resolve -o runtime.lock runtime.in
resolve -c runtime.lock -o dev.lock runtime.in dev.in
resolve -o tools.lock tools.in
