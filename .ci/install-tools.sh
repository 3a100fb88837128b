#!/usr/bin/env bash
# Installs what the build and the tests need and is missing: system packages, the browser target, wasm-bindgen, sass, wasm-opt, Playwright.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${CACHE:=$HOME/.cache/silhouette}"
mkdir -p "$CACHE"

missing=()
need() { # program or file, package
  if ! command -v "$1" >/dev/null 2>&1 && [ ! -e "$1" ]; then missing+=("$2"); fi
}
shopt -s nullglob
postgres=(/usr/lib/postgresql/*/bin/initdb)
if [ ${#postgres[@]} -eq 0 ] && ! command -v initdb >/dev/null 2>&1; then missing+=(postgresql); fi
need cc build-essential
need npm npm
need curl curl
need brotli brotli
if [ "${1:-}" != "--no-browser" ]; then
  need chromium chromium
  need /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk
fi
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "These packages are missing: ${missing[*]}. Install them (sudo apt-get install ${missing[*]}) and try again." >&2
    exit 1
  fi
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # Debian's package would start a cluster of its own; ours is private.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# The version in rust-toolchain.toml, through rustup. Its programs are in a folder that a running shell may not know yet.
export PATH=$PATH:$HOME/.cargo/bin
if ! command -v rustup >/dev/null 2>&1 && ! cargo --version >/dev/null 2>&1; then
  echo "installing Rust"
  # The installer itself, with its check sum: what sh.rustup.rs would fetch.
  installer=https://static.rust-lang.org/rustup/dist/$(uname -m)-unknown-linux-gnu/rustup-init
  fetched=$(mktemp -d)
  if ! (cd "$fetched" && curl --proto '=https' --tlsv1.2 -sSf -O "$installer" -O "$installer.sha256" &&
    [ "$(sha256sum <rustup-init | cut -c1-64)" = "$(cut -c1-64 rustup-init.sha256)" ] && chmod +x rustup-init &&
    ./rustup-init -y -q --no-modify-path --profile minimal --default-toolchain none); then
    echo "Rust is missing: install it with rustup (https://rustup.rs) and try again." >&2
    exit 1
  fi
  rm -rf "$fetched"
fi
if command -v rustup >/dev/null 2>&1; then
  cargo --version >/dev/null 2>&1 || rustup toolchain install --no-self-update
  rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown
fi
