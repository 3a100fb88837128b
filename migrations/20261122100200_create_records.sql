-- Uploads and the records they bring.
--
-- Every data table keeps the current row, which is the fold of its contributions in commit order. The first contribution of a key is the row
-- itself (upload_id and mask say whose it is and which fields it set). From the second contribution of a key on, all of them stand in
-- <table>_history and the row is computed from there. A row with upload_id null exists only because a fact refers to it.

create table uploads (
    id bigint generated always as identity primary key,
    kind text not null,
    name text not null,
    state text not null default 'received' constraint uploads_state_known
        check (state in ('received', 'running', 'ready', 'committed', 'failed', 'cancelled', 'undone')),
    person_id bigint references people (id),
    uploaded_by text not null,
    mapping jsonb not null default '{}',
    options jsonb not null default '{}',
    encoding text,
    delimiter text,
    columns text[] not null default '{}',
    sha256 text not null default '',
    size_bytes bigint not null default 0,
    file_path text not null,
    rows_read bigint not null default 0,
    rows_created bigint not null default 0,
    rows_updated bigint not null default 0,
    rows_unchanged bigint not null default 0,
    rows_rejected bigint not null default 0,
    rows_duplicates bigint not null default 0,
    records jsonb not null default '{}',
    error text,
    job_id bigint references jobs (id),
    commit_seq bigint constraint uploads_commit_seq_key unique,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz
);
create index uploads_sha_idx on uploads (sha256);
comment on table uploads is 'One file, its mapping, its outcome; the unit of undo.';
comment on column uploads.commit_seq is 'Order of commits: contributions are folded in this order. Null unless committed.';
comment on column uploads.columns is 'Header of the file as it was read, for the file of rejected rows.';
comment on column uploads.file_path is 'Where the original is kept, relative to the data folder.';

create table upload_rejects (
    upload_id bigint not null references uploads (id) on delete cascade,
    row_no bigint not null,
    field text not null,
    reason text not null,
    cells text[] not null,
    primary key (upload_id, row_no)
);
comment on table upload_rejects is 'Rows of a file that were not taken, with the original cells.';

create table saved_mappings (
    kind text not null,
    header_hash bytea not null,
    mapping jsonb not null,
    options jsonb not null default '{}',
    used_at timestamptz not null default now(),
    primary key (kind, header_hash)
);
comment on table saved_mappings is 'The last committed mapping for each kind and header, offered again for the next file with the same header.';

create table counters (
    name text primary key,
    next bigint not null
);
insert into counters (name, next) values ('customer_no', 1), ('commit_seq', 1), ('data_version', 1);
comment on table counters is 'Numbers that are never given twice, also after a rollback or an undo; taken under the merge lock.';

create table customer_ids (
    source text not null default '',
    external_id text not null,
    customer_no integer not null,
    primary key (source, external_id)
);
create index customer_ids_no_idx on customer_ids (customer_no);
comment on table customer_ids is 'External ids and the dense number of their customer; several ids may be one person.';

create table group_replacements (
    table_name text not null,
    group_key text not null,
    upload_id bigint not null references uploads (id),
    primary key (table_name, group_key, upload_id)
);
comment on table group_replacements is 'Groups (an order, a campaign day) that an upload declared to be whole: earlier contributions to the group do not count while it stands.';

create table customers (
    customer_no integer not null,
    name text,
    gender text,
    birth_date date,
    age integer,
    city text,
    province text,
    country text,
    occupation text,
    education text,
    income numeric(18,6),
    email text,
    phone text,
    signed_up_at timestamptz,
    preferred_channel text,
    consent_marketing boolean,
    consent_profiling boolean,
    attributes jsonb,
    upload_id bigint,
    mask integer not null default 0,
    part integer not null generated always as (customer_no / 1000000) stored,
    constraint customers_pkey primary key (customer_no)
);
create index customers_upload_idx on customers using brin (upload_id);
create index customers_part_idx on customers using brin (part);
comment on table customers is 'One row per customer. Exists by a contribution or because a fact names it.';
comment on column customers.mask is 'Bit i: the first contribution set field i, in the order of the columns.';
create table customers_history (
    customer_no integer not null,
    name text,
    gender text,
    birth_date date,
    age integer,
    city text,
    province text,
    country text,
    occupation text,
    education text,
    income numeric(18,6),
    email text,
    phone text,
    signed_up_at timestamptz,
    preferred_channel text,
    consent_marketing boolean,
    consent_profiling boolean,
    attributes jsonb,
    upload_id bigint not null,
    mask integer not null,
    constraint customers_history_pkey primary key (customer_no, upload_id)
);
create index customers_history_upload_idx on customers_history (upload_id);
comment on table customers_history is 'All contributions to keys of customers that have more than one, or that did not make a row.';

create table products (
    product_id text not null,
    name text,
    category text,
    brand text,
    unit_cost numeric(18,6),
    upload_id bigint,
    mask integer not null default 0,
    part integer not null generated always as (0) stored,
    constraint products_pkey primary key (product_id)
);
create index products_upload_idx on products using brin (upload_id);
create index products_part_idx on products using brin (part);
comment on table products is 'One row per product.';
comment on column products.mask is 'Bit i: the first contribution set field i, in the order of the columns.';
create table products_history (
    product_id text not null,
    name text,
    category text,
    brand text,
    unit_cost numeric(18,6),
    upload_id bigint not null,
    mask integer not null,
    constraint products_history_pkey primary key (product_id, upload_id)
);
create index products_history_upload_idx on products_history (upload_id);
comment on table products_history is 'All contributions to keys of products that have more than one, or that did not make a row.';

create table orders (
    order_id text not null,
    customer_no integer,
    ordered_at timestamptz,
    total numeric(18,6),
    currency text,
    status text,
    payment_method text,
    channel text,
    city text,
    country text,
    coupon text,
    discount numeric(18,6),
    shipping numeric(18,6),
    refund_amount numeric(18,6),
    refunded_at timestamptz,
    delivered_at timestamptz,
    lines_value numeric(24,6),
    line_count integer,
    upload_id bigint,
    mask integer not null default 0,
    part integer not null generated always as (coalesce((extract(year from ordered_at at time zone 'UTC') * 12 + extract(month from ordered_at at time zone 'UTC'))::integer - 1, -1)) stored,
    constraint orders_pkey primary key (order_id)
);
create index orders_upload_idx on orders using brin (upload_id);
create index orders_part_idx on orders using brin (part);
comment on table orders is 'One row per order or refund document.';
comment on column orders.mask is 'Bit i: the first contribution set field i, in the order of the columns.';
create table orders_history (
    order_id text not null,
    customer_no integer,
    ordered_at timestamptz,
    total numeric(18,6),
    currency text,
    status text,
    payment_method text,
    channel text,
    city text,
    country text,
    coupon text,
    discount numeric(18,6),
    shipping numeric(18,6),
    refund_amount numeric(18,6),
    refunded_at timestamptz,
    delivered_at timestamptz,
    upload_id bigint not null,
    mask integer not null,
    constraint orders_history_pkey primary key (order_id, upload_id)
);
create index orders_history_upload_idx on orders_history (upload_id);
comment on table orders_history is 'All contributions to keys of orders that have more than one, or that did not make a row.';

create table order_lines (
    order_id text not null,
    row_key uuid not null,
    line_id text,
    customer_no integer,
    ordered_at timestamptz,
    product_id text,
    quantity numeric(18,6),
    unit_price numeric(18,6),
    currency text,
    order_customer_no integer,
    order_at timestamptz,
    upload_id bigint,
    mask integer not null default 0,
    part integer not null generated always as (coalesce((extract(year from order_at at time zone 'UTC') * 12 + extract(month from order_at at time zone 'UTC'))::integer - 1, -1)) stored,
    constraint order_lines_pkey primary key (order_id, row_key)
);
create index order_lines_upload_idx on order_lines using brin (upload_id);
create index order_lines_part_idx on order_lines using brin (part);
comment on table order_lines is 'One row per order line.';
comment on column order_lines.mask is 'Bit i: the first contribution set field i, in the order of the columns.';
create table order_lines_history (
    order_id text not null,
    row_key uuid not null,
    line_id text,
    customer_no integer,
    ordered_at timestamptz,
    product_id text,
    quantity numeric(18,6),
    unit_price numeric(18,6),
    currency text,
    upload_id bigint not null,
    mask integer not null,
    constraint order_lines_history_pkey primary key (order_id, row_key, upload_id)
);
create index order_lines_history_upload_idx on order_lines_history (upload_id);
comment on table order_lines_history is 'All contributions to keys of order_lines that have more than one, or that did not make a row.';

create table payments (
    row_key uuid not null,
    order_id text,
    method text,
    amount numeric(18,6),
    currency text,
    upload_id bigint,
    mask integer not null default 0,
    part integer not null generated always as (0) stored,
    constraint payments_pkey primary key (row_key)
);
create index payments_upload_idx on payments using brin (upload_id);
create index payments_part_idx on payments using brin (part);
comment on table payments is 'One row per payment of an order.';
comment on column payments.mask is 'Bit i: the first contribution set field i, in the order of the columns.';
create table payments_history (
    row_key uuid not null,
    order_id text,
    method text,
    amount numeric(18,6),
    currency text,
    upload_id bigint not null,
    mask integer not null,
    constraint payments_history_pkey primary key (row_key, upload_id)
);
create index payments_history_upload_idx on payments_history (upload_id);
comment on table payments_history is 'All contributions to keys of payments that have more than one, or that did not make a row.';

create table interactions (
    row_key uuid not null,
    customer_no integer,
    at timestamptz,
    kind text,
    channel text,
    subject text,
    category text,
    session text,
    value numeric(18,6),
    upload_id bigint,
    mask integer not null default 0,
    part integer not null generated always as (coalesce((extract(year from at at time zone 'UTC') * 12 + extract(month from at at time zone 'UTC'))::integer - 1, -1)) stored,
    constraint interactions_pkey primary key (row_key)
);
create index interactions_upload_idx on interactions using brin (upload_id);
create index interactions_part_idx on interactions using brin (part);
comment on table interactions is 'One row per dated behaviour of a customer.';
comment on column interactions.mask is 'Bit i: the first contribution set field i, in the order of the columns.';
create table interactions_history (
    row_key uuid not null,
    customer_no integer,
    at timestamptz,
    kind text,
    channel text,
    subject text,
    category text,
    session text,
    value numeric(18,6),
    upload_id bigint not null,
    mask integer not null,
    constraint interactions_history_pkey primary key (row_key, upload_id)
);
create index interactions_history_upload_idx on interactions_history (upload_id);
comment on table interactions_history is 'All contributions to keys of interactions that have more than one, or that did not make a row.';

create table campaigns (
    campaign_id text not null,
    name text,
    channel text,
    starts_at date,
    ends_at date,
    objective text,
    budget numeric(18,6),
    holdout_share numeric(18,6),
    upload_id bigint,
    mask integer not null default 0,
    part integer not null generated always as (0) stored,
    constraint campaigns_pkey primary key (campaign_id)
);
create index campaigns_upload_idx on campaigns using brin (upload_id);
create index campaigns_part_idx on campaigns using brin (part);
comment on table campaigns is 'One row per campaign.';
comment on column campaigns.mask is 'Bit i: the first contribution set field i, in the order of the columns.';
create table campaigns_history (
    campaign_id text not null,
    name text,
    channel text,
    starts_at date,
    ends_at date,
    objective text,
    budget numeric(18,6),
    holdout_share numeric(18,6),
    upload_id bigint not null,
    mask integer not null,
    constraint campaigns_history_pkey primary key (campaign_id, upload_id)
);
create index campaigns_history_upload_idx on campaigns_history (upload_id);
comment on table campaigns_history is 'All contributions to keys of campaigns that have more than one, or that did not make a row.';

create table campaign_costs (
    row_key uuid not null,
    campaign_id text,
    day date,
    cost numeric(18,6),
    currency text,
    channel text,
    impressions bigint,
    clicks bigint,
    conversions bigint,
    upload_id bigint,
    mask integer not null default 0,
    part integer not null generated always as (0) stored,
    constraint campaign_costs_pkey primary key (row_key)
);
create index campaign_costs_upload_idx on campaign_costs using brin (upload_id);
create index campaign_costs_part_idx on campaign_costs using brin (part);
comment on table campaign_costs is 'What a campaign cost on a day.';
comment on column campaign_costs.mask is 'Bit i: the first contribution set field i, in the order of the columns.';
create table campaign_costs_history (
    row_key uuid not null,
    campaign_id text,
    day date,
    cost numeric(18,6),
    currency text,
    channel text,
    impressions bigint,
    clicks bigint,
    conversions bigint,
    upload_id bigint not null,
    mask integer not null,
    constraint campaign_costs_history_pkey primary key (row_key, upload_id)
);
create index campaign_costs_history_upload_idx on campaign_costs_history (upload_id);
comment on table campaign_costs_history is 'All contributions to keys of campaign_costs that have more than one, or that did not make a row.';

create table touches (
    row_key uuid not null,
    customer_no integer,
    at timestamptz,
    kind text,
    campaign_id text,
    channel text,
    cost numeric(18,6),
    value numeric(18,6),
    upload_id bigint,
    mask integer not null default 0,
    part integer not null generated always as (coalesce((extract(year from at at time zone 'UTC') * 12 + extract(month from at at time zone 'UTC'))::integer - 1, -1)) stored,
    constraint touches_pkey primary key (row_key)
);
create index touches_upload_idx on touches using brin (upload_id);
create index touches_part_idx on touches using brin (part);
comment on table touches is 'One contact of a campaign with one customer, or its being held out.';
comment on column touches.mask is 'Bit i: the first contribution set field i, in the order of the columns.';
create table touches_history (
    row_key uuid not null,
    customer_no integer,
    at timestamptz,
    kind text,
    campaign_id text,
    channel text,
    cost numeric(18,6),
    value numeric(18,6),
    upload_id bigint not null,
    mask integer not null,
    constraint touches_history_pkey primary key (row_key, upload_id)
);
create index touches_history_upload_idx on touches_history (upload_id);
comment on table touches_history is 'All contributions to keys of touches that have more than one, or that did not make a row.';

create table reviews (
    row_key uuid not null,
    customer_no integer,
    product_id text,
    order_id text,
    review_id text,
    rating numeric(18,6),
    text text,
    at timestamptz,
    source text,
    upload_id bigint,
    mask integer not null default 0,
    part integer not null generated always as (coalesce((extract(year from at at time zone 'UTC') * 12 + extract(month from at at time zone 'UTC'))::integer - 1, -1)) stored,
    constraint reviews_pkey primary key (row_key)
);
create index reviews_upload_idx on reviews using brin (upload_id);
create index reviews_part_idx on reviews using brin (part);
comment on table reviews is 'What a customer wrote.';
comment on column reviews.mask is 'Bit i: the first contribution set field i, in the order of the columns.';
create table reviews_history (
    row_key uuid not null,
    customer_no integer,
    product_id text,
    order_id text,
    review_id text,
    rating numeric(18,6),
    text text,
    at timestamptz,
    source text,
    upload_id bigint not null,
    mask integer not null,
    constraint reviews_history_pkey primary key (row_key, upload_id)
);
create index reviews_history_upload_idx on reviews_history (upload_id);
comment on table reviews_history is 'All contributions to keys of reviews that have more than one, or that did not make a row.';

create table exchange_rates (
    day date not null,
    currency text not null,
    rate numeric(18,9),
    upload_id bigint,
    mask integer not null default 0,
    part integer not null generated always as (0) stored,
    constraint exchange_rates_pkey primary key (day, currency)
);
create index exchange_rates_upload_idx on exchange_rates using brin (upload_id);
create index exchange_rates_part_idx on exchange_rates using brin (part);
comment on table exchange_rates is 'Base units for one unit of the currency on a day.';
comment on column exchange_rates.mask is 'Bit i: the first contribution set field i, in the order of the columns.';
create table exchange_rates_history (
    day date not null,
    currency text not null,
    rate numeric(18,9),
    upload_id bigint not null,
    mask integer not null,
    constraint exchange_rates_history_pkey primary key (day, currency, upload_id)
);
create index exchange_rates_history_upload_idx on exchange_rates_history (upload_id);
comment on table exchange_rates_history is 'All contributions to keys of exchange_rates that have more than one, or that did not make a row.';

create index orders_customer_idx on orders (customer_no) where customer_no is not null;
comment on column orders.lines_value is 'Sum of quantity times unit price over the lines of the order; derived, never contributed.';
comment on column order_lines.order_at is 'Time of the order, copied from it so that lines are sealed by month without a join; derived.';
comment on column order_lines.order_customer_no is 'Customer of the order, copied from it so that lines are sealed by customer without a join; derived.';
comment on column customers.attributes is 'Extra attributes that an upload kept on request.';
