#!/usr/bin/env bash
# Builds the program and what the browser loads; leaves target/release/silhouette and target/site. Does nothing when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${CACHE:=$HOME/.cache/silhouette}"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE/target}
# The checked queries are described in the tree; a DATABASE_URL of the person who builds is not ours to ask.
export SQLX_OFFLINE=true

if [ ! -e "$CARGO_TARGET_DIR/release/silhouette" ]; then
  echo "The first build compiles everything, DataFusion included: about twenty minutes on two cores. Later ones take seconds."
fi
cargo build --release --quiet
mkdir -p target/release
if ! cmp -s "$CARGO_TARGET_DIR/release/silhouette" target/release/silhouette; then
  # Copied under another name first, so that a running program is not overwritten.
  cp "$CARGO_TARGET_DIR/release/silhouette" target/release/silhouette.new
  mv target/release/silhouette.new target/release/silhouette
fi

stamp=$(cat Cargo.lock rust-toolchain.toml .ci/build-browser.sh $(find app frontend style public -type f | sort) | sha256sum)
if [ ! -e target/site/pkg/hash.txt ] || [ "$stamp" != "$(cat target/site.stamp 2>/dev/null)" ]; then
  SITE_ROOT=target/site .ci/build-browser.sh
  echo "$stamp" > target/site.stamp
fi
