-- Other systems that are told when the size of a segment crosses a threshold.

create table webhooks (
    id bigint generated always as identity primary key,
    segment_id bigint not null references segments (id) on delete cascade,
    url text not null constraint webhooks_url_length check (char_length(url) between 1 and 2000),
    threshold bigint not null constraint webhooks_threshold_positive check (threshold > 0),
    direction text not null constraint webhooks_direction_known check (direction in ('rises', 'falls', 'both')),
    secret text not null,
    reached boolean,
    last_size bigint,
    last_version bigint,
    person_id bigint references people (id),
    owner text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index webhooks_segment_idx on webhooks (segment_id);
comment on table webhooks is 'Whom to tell when the size of a segment reaches a threshold or falls below it.';
comment on column webhooks.secret is 'What deliveries are signed with; shown once, when the webhook is made.';
comment on column webhooks.reached is 'Whether the size had reached the threshold when it was last looked at. Null: not looked at yet. A crossing is a change of it.';
comment on column webhooks.last_version is 'The version of the data in which the size was last looked at.';

create table webhook_deliveries (
    id bigint generated always as identity primary key,
    webhook_id bigint not null references webhooks (id) on delete cascade,
    event_id uuid not null constraint webhook_deliveries_event_once unique,
    event text not null constraint webhook_deliveries_event_known check (event in ('segment.rose', 'segment.fell', 'test')),
    body text not null,
    data_version bigint,
    state text not null default 'waiting' constraint webhook_deliveries_state_known check (state in ('waiting', 'delivered', 'failed')),
    attempts integer not null default 0,
    status integer,
    problem text,
    answer text,
    job_id bigint references jobs (id),
    created_at timestamptz not null default now(),
    tried_at timestamptz,
    finished_at timestamptz
);
create index webhook_deliveries_webhook_idx on webhook_deliveries (webhook_id, id);
create index webhook_deliveries_job_idx on webhook_deliveries (job_id);
comment on table webhook_deliveries is 'One event for one webhook, written in the transaction that saw the crossing, and what became of it.';
comment on column webhook_deliveries.body is 'What is sent, byte for byte; every attempt sends the same.';
comment on column webhook_deliveries.status is 'HTTP status of the last answer.';
comment on column webhook_deliveries.answer is 'The beginning of the last answer.';
