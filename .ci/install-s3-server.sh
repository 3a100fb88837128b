#!/usr/bin/env bash
# Installs the server that speaks S3 for the tests of sealed files in a bucket, into a virtual environment of its own.
set -euo pipefail
: "${CACHE:=$HOME/.cache/silhouette}"
[ ! -x "$CACHE/s3-server/bin/moto_server" ] || exit 0
if ! python3 -c 'import ensurepip' 2>/dev/null; then
  if [ "$(id -u)" != 0 ]; then
    echo "Python's venv is missing. Install it (sudo apt-get install python3-venv) and try again." >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
fi
rm -rf "$CACHE/s3-server"
python3 -m venv "$CACHE/s3-server"
"$CACHE/s3-server/bin/pip" install -q 'moto[server,s3]==5.2.5'
