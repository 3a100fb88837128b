#!/usr/bin/env bash
# Playwright in the system's Chromium against the built program. DATABASE_URL names a server (without a database) for throw-away databases.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${CACHE:=$HOME/.cache/silhouette}"
mkdir -p "$CACHE/end2end"
if ! cmp -s end2end/package-lock.json "$CACHE/end2end/installed-lock.json"; then
  cp end2end/package.json end2end/package-lock.json "$CACHE/end2end/"
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --prefix "$CACHE/end2end" --no-audit --no-fund --loglevel=error
  cp end2end/package-lock.json "$CACHE/end2end/installed-lock.json"
fi
ln -sfn "$CACHE/end2end/node_modules" end2end/node_modules
export DATABASE_URL SILHOUETTE_BINARY=${SILHOUETTE_BINARY:-$PWD/target/release/silhouette}
export SILHOUETTE_SITE_ROOT=${SILHOUETTE_SITE_ROOT:-$PWD/target/site}
cd end2end
exec node_modules/.bin/playwright test "$@"
