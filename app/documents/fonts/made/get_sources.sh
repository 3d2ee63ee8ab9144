#!/bin/sh
# Fetches the open fonts that ours were made from, by name and version, and prints their SHA-256.
# usage: sh get_sources.sh WORKDIR     (PY: a python that has pip)
set -e
W=${1:?workdir}; PY=${PY:-python3}; mkdir -p "$W/src" "$W/deb"; cd "$W"
"$PY" -m pip download -q --no-deps -d src pylopdf-fonts-zh-cn==0.1.1
for wheel in src/*.whl; do "$PY" -m zipfile -e "$wheel" src/x; done
(cd deb && apt-get download -q fonts-hanazono fonts-noto-cjk)
for package in deb/*.deb; do dpkg-deb -x "$package" deb/x; done
find src/x deb/x \( -name '*.otf' -o -name '*.tt[cf]' \) -exec sha256sum {} +
