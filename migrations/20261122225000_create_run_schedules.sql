-- Runs that come back.

create table run_schedules (
    id bigint generated always as identity primary key,
    method text not null,
    params jsonb not null default '{}',
    seed bigint not null default 1,
    every text not null constraint run_schedules_every_known check (every in ('day', 'week', 'month')),
    weekday smallint constraint run_schedules_weekday_known check (weekday between 1 and 7),
    day smallint constraint run_schedules_day_known check (day between 1 and 31),
    at text not null constraint run_schedules_at_known check (at ~ '^[0-2][0-9]:[0-5][0-9]$'),
    next_at timestamptz,
    last_run bigint references segmentation_runs (id),
    problem text,
    person_id bigint references people (id),
    created_by text not null,
    created_at timestamptz not null default now()
);
create index run_schedules_next_idx on run_schedules (next_at);
comment on table run_schedules is 'Segmentation runs that a worker starts by itself. Whoever locks the row when its time has come starts the run and sets the next time.';
comment on column run_schedules.at is 'Local time of the installation, HH:MM.';
comment on column run_schedules.problem is 'Why the last time brought no run.';
