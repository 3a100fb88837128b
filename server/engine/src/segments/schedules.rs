//! Runs that come back: daily, weekly or monthly at a time of the installation's clock. A due run is started once, however many workers look, and
//! a time that was missed is made up for once.

use super::jobs::read_params;
use super::{insert_run, params, schedule_store as store};
use crate::auth::{self, Actor};
use crate::error::{Error, Result};
use crate::{Engine, audit};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::watch;
use types::auth::Right;
use types::runs::{Every, NewSchedule, Schedule};
use types::segments::NewRun;

/// Due runs start within this time.
const LOOK: Duration = Duration::from_secs(20);

pub async fn create_schedule(engine: &Engine, actor: &Actor, new: NewSchedule) -> Result<Schedule> {
    actor.require(Right::Build)?;
    let at = checked(&new)?;
    let snapshot = engine.snapshot().await?;
    let read = read_params(&snapshot, new.method, Value::Object(new.params))?;
    let new = NewSchedule {
        params: params::written(&read)?,
        at: at.format("%H:%M").to_string(),
        ..new
    };
    let next = next_after(engine.config().time_zone, &new, at, engine.clock().now())
        .ok_or_else(|| Error::invalid("day", "never comes"))?;
    let mut tx = engine.pool().begin().await?;
    let id = store::insert(&mut tx, &new, next, actor).await?;
    let detail =
        json!({ "method": new.method.as_str(), "every": new.every.as_str(), "at": new.at, "params": new.params });
    audit::record(&mut tx, actor, "schedule.create", &format!("schedule {id}"), detail).await?;
    tx.commit().await?;
    let all = list_schedules(engine, actor).await?;
    all.into_iter()
        .find(|schedule| schedule.id == id)
        .ok_or_else(|| Error::not_found(format!("Schedule {id}")))
}

/// Oldest first; there are few.
pub async fn list_schedules(engine: &Engine, actor: &Actor) -> Result<Vec<Schedule>> {
    actor.require(Right::See)?;
    store::list(engine.pool()).await
}

pub async fn delete_schedule(engine: &Engine, actor: &Actor, id: i64) -> Result<()> {
    actor.require(Right::Build)?;
    let mut tx = engine.pool().begin().await?;
    if !store::delete(&mut tx, id).await? {
        return Err(Error::not_found(format!("Schedule {id}")));
    }
    audit::record(&mut tx, actor, "schedule.delete", &format!("schedule {id}"), json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Looks for due runs until it is told to stop.
pub(crate) async fn keep(engine: Engine, mut stopping: watch::Receiver<bool>) {
    loop {
        if let Err(error) = start_due(&engine).await {
            tracing::warn!(error = %error.causes(), "scheduled runs cannot be started at the moment");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}

/// Starts every run that is due; how many. The row of a schedule is locked until its run is asked for and its next time is set.
pub(crate) async fn start_due(engine: &Engine) -> Result<usize> {
    let mut started = 0;
    loop {
        let now = engine.clock().now();
        let mut tx = engine.pool().begin().await?;
        let Some(due) = store::lock_due(&mut tx, now).await? else {
            return Ok(started);
        };
        let again = schedule_of(&due);
        let next = checked(&again)
            .ok()
            .and_then(|at| next_after(engine.config().time_zone, &again, at, now));
        let asked = match ask(engine, &due).await {
            Ok((actor, new)) => {
                started += 1;
                let asked = insert_run(&mut tx, engine, &actor, &new).await?;
                Ok(asked.run_id)
            }
            Err(error) if error.is_passing() => return Err(error),
            Err(error) => Err(error.to_string()),
        };
        store::advance(&mut tx, due.id, next, asked).await?;
        tx.commit().await?;
    }
}

/// The person who made the schedule, with the rights of now, and the run that it asks for.
async fn ask(engine: &Engine, due: &Schedule) -> Result<(Actor, NewRun)> {
    let actor = match due.person_id {
        Some(person) => match auth::account(engine, person).await? {
            Some(account) => account.actor(),
            None => {
                return Err(Error::Conflict(
                    "The person who asked for this may no longer sign in.".into(),
                ));
            }
        },
        None => Actor::command_line(),
    };
    actor.require(Right::Build)?;
    let snapshot = engine.snapshot().await?;
    let read = read_params(&snapshot, due.method, Value::Object(due.params.clone()))?;
    let new = NewRun {
        method: due.method,
        as_of: None,
        seed: due.seed,
        params: params::written(&read)?,
    };
    Ok((actor, new))
}

fn schedule_of(due: &Schedule) -> NewSchedule {
    NewSchedule {
        method: due.method,
        params: due.params.clone(),
        seed: due.seed,
        every: due.every,
        weekday: due.weekday,
        day: due.day,
        at: due.at.clone(),
    }
}

fn checked(new: &NewSchedule) -> Result<NaiveTime> {
    let at = NaiveTime::parse_from_str(&new.at, "%H:%M")
        .map_err(|_| Error::invalid("at", "must be a time such as 06:30"))?;
    if new.every == Every::Week && !new.weekday.is_some_and(|day| (1..=7).contains(&day)) {
        return Err(Error::invalid("weekday", "must be from 1 (Monday) to 7"));
    }
    if new.every == Every::Month && !new.day.is_some_and(|day| (1..=31).contains(&day)) {
        return Err(Error::invalid("day", "must be from 1 to 31"));
    }
    Ok(at)
}

/// The first time after an instant. In a month without that day it is the month's last; a time that a clock skips is the first one after it, and
/// of one that comes twice it is the first.
fn next_after(zone: Tz, schedule: &NewSchedule, at: NaiveTime, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let today = after.with_timezone(&zone).date_naive();
    (0..63)
        .filter_map(|days| today.checked_add_days(Days::new(days)))
        .filter(|date| falls_on(schedule, *date))
        .filter_map(|date| instant(zone, date, at))
        .find(|found| *found > after)
}

fn falls_on(schedule: &NewSchedule, date: NaiveDate) -> bool {
    match schedule.every {
        Every::Day => true,
        Every::Week => schedule.weekday.map(u32::from) == Some(date.weekday().number_from_monday()),
        Every::Month => {
            let wanted = schedule.day.map_or(1, u32::from);
            let last = date
                .checked_add_days(Days::new(1))
                .is_some_and(|next| next.month() != date.month());
            date.day() == wanted || (last && date.day() < wanted)
        }
    }
}

fn instant(zone: Tz, date: NaiveDate, at: NaiveTime) -> Option<DateTime<Utc>> {
    // Clocks skip two hours at most; a quarter is what zones differ by.
    (0..12).find_map(|quarter| {
        let local = date.and_time(at).checked_add_signed(TimeDelta::minutes(15 * quarter))?;
        Some(zone.from_local_datetime(&local).earliest()?.with_timezone(&Utc))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use types::segments::{Method, RunState};

    fn schedule(every: Every, weekday: Option<u8>, day: Option<u8>, at: &str) -> NewSchedule {
        NewSchedule {
            method: Method::Rfm,
            params: serde_json::Map::new(),
            seed: 1,
            every,
            weekday,
            day,
            at: at.to_owned(),
        }
    }

    fn next(zone: Tz, schedule: &NewSchedule, after: &str) -> String {
        let at = checked(schedule).unwrap();
        next_after(zone, schedule, at, after.parse().unwrap())
            .unwrap()
            .to_rfc3339()
    }

    #[test]
    fn times_are_those_of_the_installations_clock() {
        let daily = schedule(Every::Day, None, None, "06:30");
        assert_eq!(
            next(Tz::Asia__Shanghai, &daily, "2026-11-22T22:29:00Z"),
            "2026-11-22T22:30:00+00:00"
        );
        assert_eq!(
            next(Tz::Asia__Shanghai, &daily, "2026-11-22T22:30:00Z"),
            "2026-11-23T22:30:00+00:00"
        );
        let monday = schedule(Every::Week, Some(1), None, "00:15");
        assert_eq!(
            next(Tz::UTC, &monday, "2026-11-23T00:15:00Z"),
            "2026-11-30T00:15:00+00:00"
        );
        let last = schedule(Every::Month, None, Some(31), "12:00");
        assert_eq!(
            next(Tz::UTC, &last, "2026-11-22T12:00:00Z"),
            "2026-11-30T12:00:00+00:00"
        );
        assert_eq!(
            next(Tz::UTC, &last, "2027-02-01T12:00:00Z"),
            "2027-02-28T12:00:00+00:00"
        );
    }

    #[test]
    fn skipped_and_repeated_hours_come_once() {
        let night = schedule(Every::Day, None, None, "02:30");
        assert_eq!(
            next(Tz::Europe__Berlin, &night, "2026-03-28T12:00:00Z"),
            "2026-03-29T01:00:00+00:00"
        );
        assert_eq!(
            next(Tz::Europe__Berlin, &night, "2026-10-24T12:00:00Z"),
            "2026-10-25T00:30:00+00:00"
        );
        assert_eq!(
            next(Tz::Europe__Berlin, &night, "2026-10-25T00:30:00Z"),
            "2026-10-26T01:30:00+00:00"
        );
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let field = |new: NewSchedule| checked(&new).unwrap_err().to_problem().errors[0].field.clone();
        assert_eq!(field(schedule(Every::Day, None, None, "6 o'clock")), "at");
        assert_eq!(field(schedule(Every::Week, Some(8), None, "06:00")), "weekday");
        assert_eq!(field(schedule(Every::Month, None, None, "06:00")), "day");
    }

    #[tokio::test]
    async fn a_due_run_starts_once_however_many_look() {
        let t = testing::engine().await;
        t.publish(&[
            "insert into customer_ids (external_id, customer_no) values ('c1', 1)",
            "insert into customers (customer_no) values (1)",
            "insert into orders (order_id, customer_no, ordered_at, total) values ('o1', 1, '2026-03-01 12:00Z', 5)",
        ])
        .await;
        let actor = Actor::command_line();
        let made = create_schedule(&t.engine, &actor, schedule(Every::Day, None, None, "11:00"))
            .await
            .unwrap();
        // The clock of the test stands at noon.
        assert_eq!(made.next_at.unwrap().to_rfc3339(), "2026-11-23T11:00:00+00:00");
        assert_eq!(start_due(&t.engine).await.unwrap(), 0);
        sqlx::query("update run_schedules set next_at = '2026-11-20 11:00Z'")
            .execute(t.engine.pool())
            .await
            .unwrap();
        let looks = (0..6).map(|_| start_due(&t.engine));
        let started: usize = futures::future::try_join_all(looks).await.unwrap().into_iter().sum();
        assert_eq!(started, 1);
        let runs = super::super::list_runs(&t.engine, &actor, None, 10)
            .await
            .unwrap()
            .items;
        assert_eq!((runs.len(), runs[0].state), (1, RunState::Running));
        let kept = list_schedules(&t.engine, &actor).await.unwrap();
        assert_eq!((kept[0].last_run, kept[0].problem.as_deref()), (Some(runs[0].id), None));
        assert_eq!(kept[0].next_at.unwrap().to_rfc3339(), "2026-11-23T11:00:00+00:00");
        delete_schedule(&t.engine, &actor, made.id).await.unwrap();
        assert_eq!(
            delete_schedule(&t.engine, &actor, made.id).await.unwrap_err().status(),
            404
        );
        t.close().await;
    }
}
