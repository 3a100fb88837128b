#!/usr/bin/env bash
# The figures of the product, each beside a peer in the same run. CUSTOMERS=1000000 takes about half an hour on two cores; smaller
# numbers give the same table faster.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${CACHE:=$HOME/.cache/silhouette}"
export CACHE CUSTOMERS=${CUSTOMERS:-1000000}
source .ci/throwaway-postgres.sh
trap stop_postgres EXIT
# The settings of the private cluster: a figure that leaves out fsync would be no figure.
POSTGRES_SETTINGS="-c shared_buffers=512MB -c work_mem=64MB -c maintenance_work_mem=512MB -c max_wal_size=4GB -c wal_level=minimal -c max_wal_senders=0 -c checkpoint_timeout=15min -c random_page_cost=1.1 -c wal_compression=on -c jit=off -c track_commit_timestamp=on"
start_postgres
export POSTGRES_URL
node .ci/bench.mjs "$@"
