#!/usr/bin/env bash
# Installs the compilers and interpreters that the tests of grading need, where they are missing and we may. Quick when
# all are there. What cannot be had is named; under CI the tests of such a language fail unless its key stands in
# CODEZEST_MISSING_LANGUAGES.
set -euo pipefail

missing=() packages=()
need() { # language, command or file that shows that it is there, Debian package
  command -v "$2" >/dev/null || [ -e "$2" ] || { missing+=("$1"); packages+=("$3"); }
}
need C gcc gcc
need C++ g++ g++
need Go go golang-go
[ -e "${HOME:-/root}/.cargo/bin/rustc" ] || need Rust rustc rustc # rustup's need not be in PATH
need Java javac default-jdk-headless
need "JUnit, for Java's unit tests" /usr/share/java/junit-jupiter-api.jar junit5
need JavaScript node nodejs
need Bash bash bash
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing toolchains: ${packages[*]}."
  apt-get update -qq || true
  for position in "${!packages[@]}"; do # one by one: a package that is not to be had keeps no other back
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[position]}" >/dev/null ||
      echo "${missing[position]} cannot be had here: apt-get install ${packages[position]} failed." >&2
  done
else
  for position in "${!missing[@]}"; do
    echo "${missing[position]} is not here, and there is no right to install it. Run: sudo apt-get install ${packages[position]}" >&2
  done
fi
