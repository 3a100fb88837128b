#!/usr/bin/env bash
# Starts the dashboard; on the first start a second process loads the demo data as ordinary uploads while the pages are already there.
set -euo pipefail
cd "$(dirname "$0")/.."
DEMO=${DEMO:-20000}
if [ "$DEMO" != 0 ]; then
  target/release/silhouette demo-load --customers "$DEMO" --when-empty &
  loader=$!
  trap 'kill $loader 2>/dev/null || true' EXIT
fi
exec target/release/silhouette serve
