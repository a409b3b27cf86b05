#!/usr/bin/env bash
# Installs Debian's chromium for the browser tests where it is missing and we may; those tests say why when it is not there.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing chromium for the browser tests."
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
else
  echo "No Chromium here and no right to install it: the browser tests will be skipped. Run: sudo apt-get install chromium" >&2
fi
