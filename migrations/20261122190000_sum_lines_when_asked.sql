-- The sum of an order's lines is computed where it is needed (orders are sealed beside their sealed lines; quality asks the view) and no longer
-- kept on the order: that made every file of lines rewrite its orders.

alter table orders drop column lines_value, drop column line_count;

create view order_sums as
    select part, order_id, sum(round(quantity * unit_price, 6))::numeric(24,6) as lines_value, count(*)::integer as line_count
    from order_lines
    group by part, order_id;
comment on view order_sums is 'What the lines of each order add up to. All lines of an order are in the part of their order.';
