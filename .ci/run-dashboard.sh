#!/usr/bin/env bash
# Starts the dashboard. On the first start a second process loads the demo data as ordinary uploads while the pages are already there.
set -euo pipefail
cd "$(dirname "$0")/.."
DEMO=${DEMO:-20000}

target/release/silhouette serve &
server=$!
trap 'kill -TERM "$server" 2>/dev/null || true' INT TERM
if [ "$DEMO" != 0 ]; then
  target/release/silhouette demo-load --customers "$DEMO" --when-empty || echo "The demo data could not be loaded; the dashboard runs on." >&2
fi
# A signal ends the first wait; the second is for the server's orderly end.
wait "$server" || wait "$server" || true
