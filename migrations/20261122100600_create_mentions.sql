-- A file may name somebody in a row that a later row of the same file for the same key replaces. The contribution no longer shows it, yet the
-- id was in the file, so what it names exists while the upload stands.
create table mentions (
    upload_id bigint not null references uploads (id) on delete cascade,
    of_table text not null,
    of_key text not null,
    table_name text not null,
    key text not null,
    primary key (upload_id, of_table, of_key, table_name, key)
);
create index mentions_key_idx on mentions (table_name, key);
comment on table mentions is 'What rows of an upload named that its contributions do not show: rows that a later row of the same file replaced.';
comment on column mentions.of_key is 'Key of the row that named it, its columns joined.';
