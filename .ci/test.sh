#!/usr/bin/env bash
# All checks, in the order in which they fail fastest. Ends with the browser.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${CACHE:=$HOME/.cache/silhouette}"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE/target}
export SILHOUETTE_SITE_ROOT=$PWD/target/site
source .ci/throwaway-postgres.sh

step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

step "format"
cargo fmt --all --check

step "a throw-away PostgreSQL"
trap stop_postgres EXIT
start_postgres
psql -q "$POSTGRES_URL/postgres" -c 'create database queries'
for file in migrations/*.sql; do psql -q -1 -v ON_ERROR_STOP=1 "$POSTGRES_URL/queries" -f "$file"; done

step "lints of the server set; every query is asked of the real tables"
fresh=$(mktemp -d)
SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$fresh DATABASE_URL=$POSTGRES_URL/queries cargo clippy --release --all-targets --quiet -- -D warnings
# Nothing is described when the engine has not changed since it was compiled last: then nothing can be stale either.
if [ -n "$(ls -A "$fresh")" ] && ! diff -rq "$fresh" server/engine/.sqlx >/dev/null; then
  diff -rq "$fresh" server/engine/.sqlx || true
  echo "The stored descriptions of the queries are stale: run make prepare." >&2
  exit 1
fi
rm -rf "$fresh"
export SQLX_OFFLINE=true

step "lints of the browser set"
for features in "" builder; do
  cargo clippy -p frontend --profile wasm-release --target wasm32-unknown-unknown --features "$features" --quiet -- -D warnings
done

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps --document-private-items --quiet

step "a server that speaks S3"
.ci/install-s3-server.sh

step "tests against a real PostgreSQL"
DATABASE_URL=$POSTGRES_URL/postgres cargo test --release

step "what the browser loads"
SITE_ROOT=target/site .ci/build-browser.sh

step "the product in a browser"
mkdir -p target/release
cp -f "$CARGO_TARGET_DIR/release/silhouette" target/release/silhouette.new && mv target/release/silhouette.new target/release/silhouette
DATABASE_URL=$POSTGRES_URL .ci/end-to-end.sh

step "the longest files"
git ls-files '*.rs' '*.ts' '*.scss' | xargs wc -l | sort -rn | sed -n 2,11p
step "done"
