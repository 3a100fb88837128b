//! English names of groups, for answers that programs read. Pages say them in the reader's language from the keys.

pub(super) fn rfm(key: &str) -> String {
    match key {
        "cant_lose" => "Can\u{2019}t lose".to_owned(),
        "about_to_sleep" => "About to sleep".to_owned(),
        "at_risk" => "At risk".to_owned(),
        "need_attention" => "Need attention".to_owned(),
        "potential_loyalist" => "Potential loyalist".to_owned(),
        other => {
            let mut letters = other.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

pub(super) fn stage(stage: analytics::lifecycle::Stage) -> String {
    use analytics::lifecycle::Stage;
    match stage {
        Stage::New => "New",
        Stage::Active => "Active",
        Stage::WonBack => "Won back",
        Stage::Slipping => "Slipping",
        Stage::Asleep => "Asleep",
        Stage::Lost => "Lost",
    }
    .to_owned()
}
