-- The catalogue of sealed files, the versions of the data, and the runs over them.

create table data_versions (
    version bigint primary key,
    upload_id bigint references uploads (id),
    job_id bigint references jobs (id),
    reason text not null,
    created_at timestamptz not null default now(),
    data_as_of timestamptz,
    customers bigint,
    published_at timestamptz
);
comment on table data_versions is 'One row per commit of data. A version can be read once it is published, that is, once its features are sealed.';
comment on column data_versions.data_as_of is 'Time of the latest order, interaction, review or touch that is not after the commit.';

create table sealed_files (
    id bigint generated always as identity primary key,
    table_name text not null,
    part integer not null,
    path text not null constraint sealed_files_path_key unique,
    rows bigint not null,
    bytes bigint not null,
    checksum text not null,
    schema_version integer not null,
    from_version bigint not null references data_versions (version),
    to_version bigint
);
create index sealed_files_live_idx on sealed_files (table_name, part) where to_version is null;
comment on table sealed_files is 'Which sealed file holds part P of table T in versions [from_version, to_version). Features are the table "features", part 0.';

create table segmentation_runs (
    id bigint generated always as identity primary key,
    job_id bigint not null references jobs (id),
    method text not null,
    params jsonb not null default '{}',
    seed bigint not null default 1,
    as_of date,
    state text not null default 'running' constraint segmentation_runs_state_known check (state in ('running', 'done', 'failed')),
    quality jsonb not null default '{}',
    segments jsonb not null default '[]',
    data_version bigint references data_versions (version),
    data_as_of timestamptz,
    code_version text not null,
    currency text not null default '',
    covered bigint not null default 0,
    customers bigint not null default 0,
    labels_path text,
    labels_checksum text,
    person_id bigint references people (id),
    requested_by text not null,
    created_at timestamptz not null default now(),
    finished_at timestamptz
);
comment on table segmentation_runs is 'One execution of a method with its parameters, data version, seed and result. Labels are a sealed file.';
