-- The mapping page asks whether the orders of a file have other payments already; without an index that would read the whole table.
create index payments_order_idx on payments (order_id);
