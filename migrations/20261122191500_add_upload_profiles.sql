-- What the pages of uploads know beyond counts: what the fields of a file hold, which uploads are demo data, and the checks of quality.

alter table uploads add column profile jsonb not null default '{}';
comment on column uploads.profile is 'Our field → taken rows, those with a value, and the mean of numbers: compared between uploads of one kind.';

alter table uploads add column demo boolean not null default false;
comment on column uploads.demo is 'Made-up data of the first start; all of it can be removed at once.';
update uploads set demo = true where name like 'demo-%' and person_id is null and uploaded_by = 'command line';

comment on column upload_rejects.reason is 'The faults of the row as JSON (code, field, value, what was expected); a sentence in rows of older versions.';

create table quality_checks (
    data_version bigint primary key references data_versions (version),
    job_id bigint references jobs (id),
    checked_at timestamptz not null,
    result jsonb not null
);
comment on table quality_checks is 'What a check of the quality of one version of the data found. The page shows the newest.';
