-- Jobs: what people asked for, who holds it, and what became of it.

create table jobs (
    id bigint generated always as identity primary key,
    kind text not null,
    state text not null default 'queued'
        constraint jobs_state_known check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    args jsonb not null,
    subject text not null,
    step text,
    done bigint not null default 0,
    total bigint not null default 0,
    error text,
    attempts integer not null default 0,
    max_attempts integer not null default 3,
    run_at timestamptz not null default now(),
    lease_until timestamptz,
    lease_token uuid,
    cancel_requested boolean not null default false,
    requested_by text not null,
    person_id bigint references people (id),
    dedup_key text,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz
);
create index jobs_waiting_idx on jobs (run_at, id) where state = 'queued';
create index jobs_leased_idx on jobs (lease_until) where state = 'running';
create unique index jobs_dedup_key on jobs (dedup_key) where dedup_key is not null and state in ('queued', 'running');
comment on table jobs is 'The truth about every job that people see. A running job is held by a lease; whoever lost the lease can no longer commit.';
comment on column jobs.lease_token is 'Fence: drawn anew for each attempt and checked in the last transaction of the job.';
comment on column jobs.run_at is 'Not before this time; moved forward after a failure, so that back-off outlasts a restart.';
comment on column jobs.dedup_key is 'Two jobs with the same key never wait or run at the same time.';

create function announce_job() returns trigger language plpgsql as $$
begin
    perform pg_notify('jobs', new.id::text);
    return null;
end
$$;
create trigger jobs_announce after insert or update of state, run_at on jobs
    for each row execute function announce_job();
