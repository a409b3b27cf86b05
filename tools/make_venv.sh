#!/usr/bin/env bash
# Makes the virtual environment: tools/make_venv.sh PYTHON FOLDER
set -euo pipefail
python=$1 folder=$2
if [ -z "$python" ]; then
  echo "CodeZest needs Python 3.11 or newer. On Debian or Ubuntu: apt-get install python3 python3-venv" >&2
  exit 1
fi
# A version manager's shim costs time at every start: go on with the interpreter behind it.
python=$("$python" -c 'import sys; print(sys.executable)')
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $package, which this Python needs to make a virtual environment."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >/dev/null
  else
    echo "This Python cannot make virtual environments. Run: sudo apt-get install $package" >&2
    exit 1
  fi
fi
echo "Setting up $folder with $("$python" --version)."
"$python" -m venv "$folder"
