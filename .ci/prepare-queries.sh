#!/usr/bin/env bash
# Asks a throw-away PostgreSQL with the present migrations about every checked query and stores the answers in server/engine/.sqlx.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/throwaway-postgres.sh
trap stop_postgres EXIT
start_postgres
psql -q "$POSTGRES_URL/postgres" -c 'create database queries'
for file in migrations/*.sql; do psql -q -1 -v ON_ERROR_STOP=1 "$POSTGRES_URL/queries" -f "$file"; done
fresh=$(mktemp -d)
touch server/engine/src/lib.rs
SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$fresh DATABASE_URL=$POSTGRES_URL/queries cargo check --release -p engine -p server --lib --quiet
rm -rf server/engine/.sqlx
mv "$fresh" server/engine/.sqlx
chmod 755 server/engine/.sqlx
echo "$(ls server/engine/.sqlx | wc -l) queries described"
