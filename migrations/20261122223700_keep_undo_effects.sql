-- What an undo would do is found by doing it and rolling it back. For a large upload that takes a job, whose answer is kept while it is true.
create table undo_effects (
    upload_id bigint primary key references uploads (id) on delete cascade,
    data_version bigint not null,
    counts jsonb not null,
    looked_at timestamptz not null default now()
);
comment on table undo_effects is 'What taking an upload out would do to each table, as found at a version of the data.';
