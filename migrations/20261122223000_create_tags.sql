-- Tags: a name, and for each customer at most one value of it.

create table tags (
    id bigint generated always as identity primary key,
    key text not null constraint tags_name_once unique,
    name text not null constraint tags_name_length check (char_length(name) between 1 and 100),
    description text not null default '' constraint tags_description_length check (char_length(description) <= 2000),
    folder text not null default '' constraint tags_folder_length check (char_length(folder) <= 200),
    kind text not null constraint tags_kind_known check (kind in ('rule', 'best', 'model', 'uploaded')),
    definition jsonb not null default '{}',
    expires_on date,
    person_id bigint references people (id),
    owner text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    last_used_at timestamptz
);
comment on table tags is 'A saved tag.';
comment on column tags.key is 'The name without capitals: two tags never differ by capitals alone.';
comment on column tags.definition is 'rule: {tiers: [{value, rule}]}; best: {of}; model: {method} or {run}; uploaded: {}, its ids are in tag_members.';
comment on column tags.expires_on is 'The last local date on which the tag counts.';
comment on column tags.updated_at is 'Moves on with every change of the content, the ids of an uploaded tag included.';
comment on column tags.last_used_at is 'When a rule, a portrait or a list of members last asked for it; written once an hour at most.';

create table tag_members (
    tag_id bigint not null references tags (id) on delete cascade,
    external_id text not null,
    value text not null,
    given bigint generated always as identity,
    primary key (tag_id, external_id)
);
create index tag_members_external_id_idx on tag_members (external_id);
comment on table tag_members is 'Ids of an uploaded tag as they were given, `id` or `source:id`, with their value. An id that is not known yet gets its value as soon as it is.';
comment on column tag_members.given is 'Rises: of two ids of one customer the one given last decides.';

create table tag_links (
    segment_id bigint references segments (id) on delete cascade,
    tag_id bigint references tags (id) on delete cascade,
    uses_segment_id bigint constraint tag_links_segment_used references segments (id),
    uses_tag_id bigint constraint tag_links_tag_used references tags (id),
    constraint tag_links_one_user check (num_nonnulls(segment_id, tag_id) = 1),
    constraint tag_links_one_used check (num_nonnulls(uses_segment_id, uses_tag_id) = 1),
    constraint tag_links_name_a_tag check (tag_id is not null or uses_tag_id is not null)
);
create index tag_links_segment_idx on tag_links (segment_id);
create index tag_links_tag_idx on tag_links (tag_id);
create index tag_links_uses_segment_idx on tag_links (uses_segment_id);
create index tag_links_uses_tag_idx on tag_links (uses_tag_id);
comment on table tag_links is 'Which segment or tag names which tag or segment in a rule, where one of the two is a tag. What is named cannot be deleted.';

create table tag_sizes (
    tag_id bigint not null references tags (id) on delete cascade,
    data_version bigint not null references data_versions (version),
    covered bigint not null,
    customers bigint not null,
    sizes jsonb not null,
    primary key (tag_id, data_version)
);
comment on table tag_sizes is 'How many had which value of a tag in a version of the data, and of how many. Forgotten when the definition changes.';
comment on column tag_sizes.sizes is '[{value, size}] in the order in which the values are shown.';
