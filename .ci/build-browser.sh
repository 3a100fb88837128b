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
# Bytes of code, compressed, that a page may load: every page loads the first bundle, the page on which rules are built the second one instead.
BUDGET=200000

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

work=$CACHE/browser
rm -rf "$work"
mkdir -p "$work"

bundle() { # name, features of the package
    cargo build --package frontend --lib --profile wasm-release --target wasm32-unknown-unknown --features "$2"
    "$bindgen" --target web --no-typescript --out-dir "$work" --out-name "$1" \
        "$CARGO_TARGET_DIR/wasm32-unknown-unknown/wasm-release/frontend.wasm"
    # Only what rustc's own wasm32 target switches on: --all-features would add forms that browsers refuse.
    wasm-opt -Oz --converge --strip-debug --strip-producers \
        --enable-bulk-memory --enable-bulk-memory-opt --enable-mutable-globals --enable-nontrapping-float-to-int \
        --enable-sign-ext --enable-reference-types --enable-multivalue \
        "$work/$1_bg.wasm" -o "$work/$1_bg.opt.wasm"
    mv "$work/$1_bg.opt.wasm" "$work/$1_bg.wasm"
    # The glue has a comment for every function.
    esbuild "$work/$1.js" --minify --format=esm --target=es2022 --log-level=warning --outfile="$work/$1.min.js"
    mv "$work/$1.min.js" "$work/$1.js"
}
bundle silhouette ""
bundle silhouette-builder builder
sass --style=compressed --no-source-map style/main.scss "$work/silhouette.css"

hash=$(cat "$work"/*.js "$work"/*.wasm "$work/silhouette.css" | sha256sum | cut -c1-16)

# A new folder takes the old one's place at the end, so that a running server never sees half a site.
mkdir -p "$(dirname "$SITE_ROOT")"
fresh=$SITE_ROOT.new
rm -rf "$fresh"
mkdir -p "$fresh/pkg"
cp -R public/. "$fresh/"
for name in silhouette silhouette-builder; do
    mv "$work/$name.js" "$fresh/pkg/$name.$hash.js"
    mv "$work/${name}_bg.wasm" "$fresh/pkg/$name.${hash}_bg.wasm"
done
mv "$work/silhouette.css" "$fresh/pkg/silhouette.$hash.css"
echo "$hash" >"$fresh/pkg/hash.txt"

# Compressed once here instead of at every request; node brings brotli along.
node -e '
const fs = require("fs"), zlib = require("zlib"), dir = process.argv[1];
const loaded = { "silhouette.": 0, "silhouette-builder.": 0 };
for (const name of fs.readdirSync(dir).filter((name) => /\.(js|wasm|css)$/.test(name))) {
  const bytes = fs.readFileSync(`${dir}/${name}`);
  const small = zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } });
  fs.writeFileSync(`${dir}/${name}.br`, small);
  console.log(`${name}: ${bytes.length} bytes, brotli ${small.length}`);
  if (name.endsWith(".css")) continue;
  for (const bundle in loaded) if (name.startsWith(bundle)) loaded[bundle] += small.length;
}
let over = false;
Object.values(loaded).forEach((bytes, at) => {
  const budget = Number(process.argv[2]);
  console.log(`browser code of ${["every page", "the page of rules"][at]}, brotli: ${bytes} of ${budget} bytes`);
  over ||= bytes > budget;
});
process.exit(over ? 1 : 0);
' "$fresh/pkg" "$BUDGET"

rm -rf "$SITE_ROOT.old"
if [ -e "$SITE_ROOT" ]; then mv "$SITE_ROOT" "$SITE_ROOT.old"; fi
mv "$fresh" "$SITE_ROOT"
rm -rf "$SITE_ROOT.old" "$work"
