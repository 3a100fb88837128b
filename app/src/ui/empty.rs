//! Nothing here yet: why, and the one button that changes it.

use super::icon::{Icon, icon};
use leptos::prelude::*;

pub fn empty(drawing: Icon, title: String, text: String, action: Option<AnyView>) -> AnyView {
    view! {
        <section class="card">
            <div class="empty">{icon(drawing)}<h2>{title}</h2><p>{text}</p>{action}</div>
        </section>
    }
    .into_any()
}
