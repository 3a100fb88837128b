//! What a chart shows, before anybody has drawn it.
