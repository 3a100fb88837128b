#!/bin/sh
# Builds what the browser loads: code of the islands, style sheet, public files. Run it from anywhere.
#
#   SITE_ROOT         where it goes                         (target/site)
#   CACHE             where tools are kept between builds   (~/.cache/silhouette)
#   CARGO_TARGET_DIR  where Cargo builds                    ($CACHE/target)
#
# File names carry one hash over all contents; pkg/hash.txt holds it, and the server reads it there, so that the site
# may lie anywhere and browsers may keep the files for ever.
set -eu
cd "$(dirname "$0")/.."

CACHE=${CACHE:-$HOME/.cache/silhouette}
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE/target}
SITE_ROOT=${SITE_ROOT:-target/site}
export CARGO_TARGET_DIR
# What an installation may load: the rule builder is half of it. The aim is 200000.
BUDGET=310000

bindgen_version=$(sed -n 's/^wasm-bindgen = "=\(.*\)"$/\1/p' Cargo.toml)
bindgen=$CACHE/tools/bin/wasm-bindgen
if ! "$bindgen" --version 2>/dev/null | grep -qF " $bindgen_version"; then
    # Its own lock file names crates newer than some mirrors serve, so it is built without it.
    CARGO_TARGET_DIR=$CACHE/tools/target cargo install wasm-bindgen-cli --version "$bindgen_version" --root "$CACHE/tools" --force
    rm -rf "$CACHE/tools/target"
fi

# The programs from npm live in the cache: the tree holds only their pinned versions.
mkdir -p "$CACHE/npm"
if ! cmp -s style/package-lock.json "$CACHE/npm/installed-lock.json"; then
    cp style/package.json style/package-lock.json "$CACHE/npm/"
    npm ci --prefix "$CACHE/npm" --no-audit --no-fund --loglevel=error
    cp style/package-lock.json "$CACHE/npm/installed-lock.json"
fi
PATH=$CACHE/npm/node_modules/.bin:$PATH

cargo build --package frontend --lib --profile wasm-release --target wasm32-unknown-unknown

work=$CACHE/browser
rm -rf "$work"
mkdir -p "$work"
"$bindgen" --target web --no-typescript --out-dir "$work" --out-name silhouette \
    "$CARGO_TARGET_DIR/wasm32-unknown-unknown/wasm-release/frontend.wasm"

# Only what rustc's own wasm32 target switches on: --all-features would add forms that browsers refuse.
wasm-opt -Oz --strip-debug --strip-producers \
    --enable-bulk-memory --enable-bulk-memory-opt --enable-mutable-globals --enable-nontrapping-float-to-int \
    --enable-sign-ext --enable-reference-types --enable-multivalue \
    "$work/silhouette_bg.wasm" -o "$work/silhouette_bg.opt.wasm"
mv "$work/silhouette_bg.opt.wasm" "$work/silhouette_bg.wasm"
sass --style=compressed --no-source-map style/main.scss "$work/silhouette.css"

hash=$(cat "$work/silhouette.js" "$work/silhouette_bg.wasm" "$work/silhouette.css" | sha256sum | cut -c1-16)

# A new folder takes the old one's place at the end, so that a running server never sees half a site.
mkdir -p "$(dirname "$SITE_ROOT")"
fresh=$SITE_ROOT.new
rm -rf "$fresh"
mkdir -p "$fresh/pkg"
cp -R public/. "$fresh/"
mv "$work/silhouette.js" "$fresh/pkg/silhouette.$hash.js"
mv "$work/silhouette_bg.wasm" "$fresh/pkg/silhouette.${hash}_bg.wasm"
mv "$work/silhouette.css" "$fresh/pkg/silhouette.$hash.css"
echo "$hash" >"$fresh/pkg/hash.txt"

# Compressed once here instead of at every request; node brings brotli along.
node -e '
const fs = require("fs"), zlib = require("zlib"), dir = process.argv[1];
let budget = 0;
for (const name of fs.readdirSync(dir).filter((name) => /\.(js|wasm|css)$/.test(name))) {
  const bytes = fs.readFileSync(`${dir}/${name}`);
  const small = zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } });
  fs.writeFileSync(`${dir}/${name}.br`, small);
  console.log(`${name}: ${bytes.length} bytes, brotli ${small.length}`);
  if (!name.endsWith(".css")) budget += small.length;
}
console.log(`browser code, brotli: ${budget} of ${process.argv[2]} bytes`);
process.exit(budget > Number(process.argv[2]) ? 1 : 0);
' "$fresh/pkg" "$BUDGET"

rm -rf "$SITE_ROOT.old"
if [ -e "$SITE_ROOT" ]; then mv "$SITE_ROOT" "$SITE_ROOT.old"; fi
mv "$fresh" "$SITE_ROOT"
rm -rf "$SITE_ROOT.old" "$work"
