//! Line drawings of 16 by 16, one stroke, in the colour of the text.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Overview,
    Portrait,
    Segment,
    Tag,
    Campaign,
    Upload,
    Job,
    Admin,
    Calendar,
    Download,
    Play,
    Menu,
    Moon,
    Sun,
    Language,
    Person,
    Back,
    Undo,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Overview => "M2 9l3-4 3 3 5-6M2 14h12",
            Icon::Portrait => {
                "M3 2h10v12H3zM8 8.2a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6ZM5 12c.4-1.5 1.6-2.2 3-2.2s2.6.7 3 2.2"
            }
            Icon::Segment => "M8 2v6h6M8 2a6 6 0 1 0 6 6",
            Icon::Tag => "M2 2.5h5.500L14 9l-5 5-6.500-6.500zM5.200 5.700a.5.5 0 1 0 0-1 .5.5 0 0 0 0 1Z",
            Icon::Campaign => "M2 6.5v3h2.5L11 13V3L4.5 6.5zM13 6.5v3",
            Icon::Upload => "M8 11V2.5M4.5 6 8 2.5 11.5 6M2.5 13.5h11",
            Icon::Job => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.6",
            Icon::Admin => {
                "M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M12.6 3.4l-1.4 1.4M4.8 11.2l-1.4 1.4"
            }
            Icon::Calendar => "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3",
            Icon::Download => "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
            Icon::Play => "M4 2.5v11l9-5.5z",
            Icon::Menu => "M2.5 4h11M2.5 8h11M2.5 12h11",
            Icon::Moon => "M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5Z",
            Icon::Sun => {
                "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1"
            }
            Icon::Language => {
                "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM2 8h12M8 2c2 2 2.5 4 2.5 6S10 12 8 14c-2-2-2.5-4-2.5-6S6 4 8 2Z"
            }
            Icon::Person => "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 14c.6-2.8 2.8-4.300 5.5-4.300s4.900 1.5 5.5 4.300",
            Icon::Back => "M9.5 3 4.5 8l5 5",
            Icon::Undo => "M3 6.5h6.5a3.5 3.5 0 1 1 0 7H6M3 6.5 6 3.5M3 6.5l3 3",
        }
    }
}

/// The drawing, hidden from readers of the text: a word stands beside it, or a label on its button.
pub fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 16 16"
            width="16"
            height="16"
            fill="none"
            stroke="currentColor"
            stroke-width="1.4"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=icon.path()/>
        </svg>
    }
}

/// The head of the brand.
pub fn brand() -> impl IntoView {
    view! {
        <svg viewBox="0 0 24 24" width="24" height="24" fill="none" aria-hidden="true">
            <circle cx="12" cy="12" r="11" fill="currentColor" opacity=".14"/>
            <path
                d="M12 4.2c2.5 0 4.1 1.9 4.1 4.5 0 1.7-.7 3.2-1.7 4.1-.5.5-.4 1.3.3 1.6 2.3.9 4.2 2.4 4.9 4.6A11 11 0 0 1 12 23a11 11 0 0 1-7.6-4c.7-2.2 2.6-3.7 4.9-4.6.7-.3.8-1.1.3-1.6-1-.9-1.7-2.4-1.7-4.1 0-2.6 1.6-4.5 4.1-4.5Z"
                fill="currentColor"
            />
        </svg>
    }
}
