//! Parts of pages that know no data: they get strings and views and give them a shape.
//! Server only, like the pages that use them.

pub mod button;
pub mod card;
pub mod chart;
pub mod chip;
pub mod content;
pub mod empty;
pub mod faults;
pub mod form;
pub mod head;
pub mod icon;
pub mod kpi;
pub mod notice;
pub mod pager;
pub mod table;
pub mod tabs;

pub use button::{ButtonLook, link_button, post_button};
pub use card::Card;
pub use chip::{Tone, chip};
pub use content::Content;
pub use empty::empty;
pub use form::{Choice, Field, TextField, select};
pub use head::Head;
pub use icon::{Icon, icon};
pub use kpi::{Delta, Kpi, kpis};
pub use notice::Notice;
pub use table::{Align, Cell, Column, Table};
