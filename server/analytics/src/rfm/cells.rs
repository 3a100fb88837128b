//! Which of the ten segments does a pair of recency and frequency scores belong to? The table is data: it is shown to people
//! as it stands here, and nothing else decides.

use serde::Serialize;

/// One of the ten segments on the grid of recency and frequency. Money does not enter: it describes a segment, it does not
/// make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    Hibernating,
    AtRisk,
    CantLose,
    AboutToSleep,
    NeedAttention,
    Loyal,
    Promising,
    New,
    PotentialLoyalist,
    Champions,
}

impl Segment {
    pub const ALL: [Self; 10] = [
        Self::Hibernating,
        Self::AtRisk,
        Self::CantLose,
        Self::AboutToSleep,
        Self::NeedAttention,
        Self::Loyal,
        Self::Promising,
        Self::New,
        Self::PotentialLoyalist,
        Self::Champions,
    ];

    /// The name under which it is stored and sent.
    pub fn key(self) -> &'static str {
        match self {
            Self::Hibernating => "hibernating",
            Self::AtRisk => "at_risk",
            Self::CantLose => "cant_lose",
            Self::AboutToSleep => "about_to_sleep",
            Self::NeedAttention => "need_attention",
            Self::Loyal => "loyal",
            Self::Promising => "promising",
            Self::New => "new",
            Self::PotentialLoyalist => "potential_loyalist",
            Self::Champions => "champions",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|segment| segment.key() == key)
    }

    /// The place in [`Segment::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

/// Rows are recency scores 1 to 5, columns frequency scores 1 to 5.
pub type Grid = [[Segment; 5]; 5];

/// The grid that is used unless somebody draws another.
pub const CELLS: Grid = {
    use Segment::{
        AboutToSleep, AtRisk, CantLose, Champions, Hibernating, Loyal, NeedAttention, New, PotentialLoyalist, Promising,
    };
    [
        [Hibernating, Hibernating, AtRisk, AtRisk, CantLose],
        [Hibernating, Hibernating, AtRisk, AtRisk, CantLose],
        [AboutToSleep, AboutToSleep, NeedAttention, Loyal, Loyal],
        [Promising, PotentialLoyalist, PotentialLoyalist, Loyal, Loyal],
        [New, PotentialLoyalist, PotentialLoyalist, Champions, Champions],
    ]
};

/// The segment of a recency and a frequency score. A score outside 1 to 5 counts as the nearest of them.
pub fn cell(r: u8, f: u8) -> Segment {
    cell_in(&CELLS, r, f)
}

/// The same on a grid of one's own.
pub fn cell_in(grid: &Grid, r: u8, f: u8) -> Segment {
    grid[usize::from(r.clamp(1, 5)) - 1][usize::from(f.clamp(1, 5)) - 1]
}
