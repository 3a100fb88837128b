//! The browser's entry. Everything else is in `app`.

// Without a use of the package its islands are not linked, and every island stays dead.
use app as _;

/// Called once by the page when the browser code has loaded; the islands hydrate after it.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
