-- Saved segments: a rule, or a list of ids that somebody uploaded.

create table segments (
    id bigint generated always as identity primary key,
    name text not null constraint segments_name_length check (char_length(name) between 1 and 200),
    description text not null default '' constraint segments_description_length check (char_length(description) <= 2000),
    folder text not null default '' constraint segments_folder_length check (char_length(folder) <= 200),
    colour text not null default '' constraint segments_colour_known check (colour ~ '^(#[0-9a-f]{6})?$'),
    rule jsonb,
    person_id bigint references people (id),
    owner text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table segments is 'A saved group of customers.';
comment on column segments.rule is 'Rule as programs write it; null: a list of ids in segment_members.';
comment on column segments.owner is 'Who made it, as the audit log names them.';

create table segment_members (
    segment_id bigint not null references segments (id) on delete cascade,
    external_id text not null,
    primary key (segment_id, external_id)
);
comment on table segment_members is 'Ids of a list as they were given: `id` or `source:id`. An id that is not known yet belongs to the segment as soon as it is.';

create table segment_links (
    segment_id bigint not null references segments (id) on delete cascade,
    uses_id bigint not null constraint segment_links_used references segments (id),
    primary key (segment_id, uses_id)
);
create index segment_links_uses_idx on segment_links (uses_id);
comment on table segment_links is 'Which segment names which other in its rule. A segment that is named cannot be deleted.';

create table segment_sizes (
    segment_id bigint not null references segments (id) on delete cascade,
    data_version bigint not null references data_versions (version),
    size bigint not null,
    customers bigint not null,
    primary key (segment_id, data_version)
);
comment on table segment_sizes is 'How many belonged to a segment in a version of the data, and of how many. Forgotten when the rule changes.';
