-- People, their sessions and tokens, the installation's own settings, and the log of what happened.

create table installation (
    only_row boolean primary key default true constraint installation_one_row check (only_row),
    secret bytea not null,
    currency text,
    time_zone text,
    zone_fixed_at timestamptz,
    setup_code_hash bytea,
    demo_loaded_at timestamptz
);
comment on table installation is 'The one row of this installation. The secret salts hold-outs and signs webhooks; it never leaves the server.';
comment on column installation.currency is 'Currency of every analysis; null: the setting of the process.';
comment on column installation.time_zone is 'Zone in which local dates are computed; fixed at the first commit of data.';
comment on column installation.setup_code_hash is 'SHA-256 of the one-time code of the first administrator; null when there is one.';

create table people (
    id bigint generated always as identity primary key,
    email text not null,
    name text not null default '',
    role text not null constraint people_role_known check (role in ('manager', 'lead', 'admin')),
    can_export boolean not null default false,
    can_see_personal_data boolean not null default false,
    password_hash text not null,
    disabled_at timestamptz,
    last_seen_at timestamptz,
    created_at timestamptz not null default now()
);
create unique index people_email_key on people (lower(email));
comment on table people is 'Those who may sign in. A person is disabled, never deleted, so that the audit log keeps its names.';

create table sessions (
    id_hash bytea primary key,
    person_id bigint references people (id) on delete cascade,
    data jsonb not null,
    expires_at timestamptz not null
);
create index sessions_person_idx on sessions (person_id);
create index sessions_expires_idx on sessions (expires_at);
comment on table sessions is 'Browser sessions. The key is the SHA-256 of the cookie, so that a copy of this table opens nothing.';

create table tokens (
    id bigint generated always as identity primary key,
    person_id bigint not null references people (id) on delete cascade,
    name text not null,
    token_hash bytea not null constraint tokens_hash_key unique,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    revoked_at timestamptz
);
comment on table tokens is 'API tokens, as SHA-256. A token carries the rights of its person.';

create table login_failures (
    subject text not null,
    at timestamptz not null default now()
);
create index login_failures_subject_idx on login_failures (subject, at);
comment on table login_failures is 'Failed sign-ins by hashed e-mail and by address, for the throttle; old rows are removed at each sign-in.';

create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    person_id bigint references people (id),
    actor text not null,
    action text not null,
    object text not null,
    detail jsonb not null default '{}'
);
create index audit_at_idx on audit (at);
comment on table audit is 'What was changed and what left the product. Rows are only ever added, in the transaction of the change.';

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only';
end
$$;
create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function refuse_audit_change();
