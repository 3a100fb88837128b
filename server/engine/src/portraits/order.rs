//! In which order are the values of a dimension shown? Values with an order of their own keep it; others come by frequency.

use analytics::tgi::ValueCount;

const BANDS: &[(&str, &[&str])] = &[
    (
        "age_band",
        &["under_18", "18-24", "25-34", "35-44", "45-54", "55_and_over"],
    ),
    ("order_count", &["0", "1", "2", "3-5", "6-10", "11_and_more"]),
    ("order_hour", &["00-05", "06-11", "12-17", "18-23"]),
    (
        "order_weekday",
        &[
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ],
    ),
];

pub(super) fn sort(dimension: &str, values: &mut [ValueCount<String>]) {
    if dimension == "cohort" {
        values.sort_unstable_by(|a, b| a.value.cmp(&b.value));
        return;
    }
    let bands = BANDS
        .iter()
        .find(|(name, _)| *name == dimension)
        .map_or(&[][..], |(_, bands)| bands);
    let place = |value: &str| bands.iter().position(|band| *band == value).unwrap_or(bands.len());
    values.sort_unstable_by(|a, b| {
        place(&a.value)
            .cmp(&place(&b.value))
            .then_with(|| b.baseline.cmp(&a.baseline))
            .then_with(|| b.group.cmp(&a.group))
            .then_with(|| a.value.cmp(&b.value))
    });
}
