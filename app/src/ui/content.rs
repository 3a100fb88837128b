//! What stands inside a part. Made at once and not later, so that it may borrow from the page that makes it.

use leptos::children::ToChildren;
use leptos::prelude::*;

pub struct Content(pub AnyView);

impl<F, V> ToChildren<F> for Content
where
    F: FnOnce() -> V,
    V: IntoView + 'static,
{
    fn to_children(make: F) -> Content {
        Content(make().into_any())
    }
}
