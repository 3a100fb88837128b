-- Extra attributes are folded key by key: the last object that names a key wins.
create aggregate merge_objects (jsonb) (sfunc = jsonb_concat, stype = jsonb, initcond = '{}');
comment on aggregate merge_objects (jsonb) is 'Objects laid over one another in the order of the aggregate; the last value of each key wins.';
