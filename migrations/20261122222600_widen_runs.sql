-- Runs of every method: how the groups came about, and which run of a method counts.

alter table segmentation_runs add column details jsonb not null default '{}';
comment on column segmentation_runs.details is 'Features with their scaling, the curve that chose k, cut points: what the parameters led to.';

create table current_runs (
    method text primary key,
    run_id bigint not null references segmentation_runs (id),
    person_id bigint references people (id),
    chosen_by text not null,
    chosen_at timestamptz not null default now()
);
comment on table current_runs is 'The run that somebody chose for a method. Without a row the newest with a result counts.';

create index segmentation_runs_method_idx on segmentation_runs (method, id desc) where state = 'done';
