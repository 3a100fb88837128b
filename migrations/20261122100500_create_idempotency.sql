-- Answers to calls that carried an Idempotency-Key, so that a repeated call answers as the first one did, also after a restart.

create table idempotency (
    actor text not null,
    key text not null,
    fingerprint bytea not null,
    held_until timestamptz not null,
    status smallint,
    headers jsonb,
    body bytea,
    created_at timestamptz not null default now(),
    constraint idempotency_pkey primary key (actor, key)
);
create index idempotency_created_idx on idempotency (created_at);
comment on table idempotency is 'Answers that are given again for 24 hours. Kept as sent: small JSON bodies only, never files.';
comment on column idempotency.fingerprint is 'SHA-256 of method, address and body: another request under the same key is refused.';
comment on column idempotency.held_until is 'The first call is still being worked on; moved forward by its process, so that a killed one frees the key.';
comment on column idempotency.status is 'Null until the first call has been answered.';
