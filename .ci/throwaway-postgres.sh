# To be sourced: `start_postgres` starts a throw-away cluster and sets POSTGRES_URL (without a database); `stop_postgres` removes it.
# Tests need no fsync: their data is lost anyway. POSTGRES_SETTINGS takes the place of these settings.

POSTGRES_FORGETFUL="-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300 -c shared_buffers=256MB -c max_wal_size=4GB -c jit=off"

start_postgres() {
  local programs
  programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  [ -n "$programs" ] || programs=$(dirname "$(command -v initdb)")
  POSTGRES_DIR=$(mktemp -d /tmp/silhouette-test.XXXXXX)
  POSTGRES_AS=()
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$POSTGRES_DIR"
    POSTGRES_AS=(setpriv --reuid=postgres --regid=postgres --init-groups)
  fi
  POSTGRES_CTL=("${POSTGRES_AS[@]}" "$programs/pg_ctl" -D "$POSTGRES_DIR/data" -s)
  (cd / && "${POSTGRES_AS[@]}" "$programs/initdb" -D "$POSTGRES_DIR/data" -U silhouette -A trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null)
  local port
  for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 20000))
    if (cd / && "${POSTGRES_CTL[@]}" start -w -l "$POSTGRES_DIR/log" -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$POSTGRES_DIR ${POSTGRES_SETTINGS:-$POSTGRES_FORGETFUL}" >/dev/null 2>&1); then
      POSTGRES_URL=postgres://silhouette@127.0.0.1:$port
      return 0
    fi
  done
  cat "$POSTGRES_DIR/log" >&2
  return 1
}

stop_postgres() {
  [ -n "${POSTGRES_DIR:-}" ] || return 0
  (cd / && "${POSTGRES_CTL[@]}" stop -m immediate -w >/dev/null 2>&1) || true
  rm -rf "$POSTGRES_DIR"
  POSTGRES_DIR=
}
