//! Who names a segment: other segments and the tiers of tags, each a way to its page.

use crate::i18n::Lang;
use crate::t;
use crate::ui::{Tone, chip};
use leptos::prelude::*;
use types::segments::Segment;

/// Nothing when nobody does.
pub fn list(lang: Lang, segment: &Segment) -> Option<AnyView> {
    if segment.used_by.is_empty() && segment.used_by_tags.is_empty() {
        return None;
    }
    let segments = segment.used_by.iter().map(|user| {
        view! { <li><a class="link" href=format!("/segments/{}", user.id)>{user.name.clone()}</a></li> }.into_any()
    });
    let tags = segment.used_by_tags.iter().map(|user| {
        view! {
            <li>
                <a class="link" href=format!("/tags/{}", user.id)>{user.name.clone()}</a>
                " "
                {chip(Tone::Neutral, t!(lang, "tag-user-tag"))}
            </li>
        }
        .into_any()
    });
    let all = segments.chain(tags).collect_view();
    Some(view! { <ul>{all}</ul> }.into_any())
}
