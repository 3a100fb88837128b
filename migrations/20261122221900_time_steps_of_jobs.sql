-- Speed is that of the step: rows per second of an import must not count the time that it waited for its turn.
alter table jobs add column step_started_at timestamptz;
comment on column jobs.step_started_at is 'When the present step was first reported.';
