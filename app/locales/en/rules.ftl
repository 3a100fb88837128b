rule-everybody = everybody
rule-nobody = nobody
rule-all = all of these:
rule-any = at least one of these:
rule-not = not:
rule-op-eq = { $what } is { $value }
rule-op-ne = { $what } is known and not { $value }
rule-op-lt = { $what } is less than { $value }
rule-op-le = { $what } is at most { $value }
rule-op-gt = { $what } is more than { $value }
rule-op-ge = { $what } is at least { $value }
rule-op-between = { $what } is from { $low } to { $high }
rule-op-in = { $what } is one of { $values }
rule-op-not-in = { $what } is known and none of { $values }
rule-op-contains = { $what } contains “{ $value }”
rule-op-is-set = { $what } is known
rule-op-is-not-set = { $what } is not known
rule-yes = yes
rule-no = no
rule-days-ago = { $days ->
    [0] the day itself
    [one] { $days } day before
   *[other] { $days } days before
}
rule-tag = has the tag “{ $tag }”
rule-tag-value = has the tag “{ $tag }” with the value “{ $value }”
rule-segment = is in segment { $segment }
rule-run = is in group “{ $segment }” of run { $run }
rule-behaviour = { $tests }{ $window }{ $where }
rule-has = has { $facts }
rule-count = number of { $facts }
rule-orders = number of different orders among { $facts }
rule-sum = sum of { $what } of { $facts }
rule-avg = mean { $what } of { $facts }
rule-min = smallest { $what } of { $facts }
rule-max = largest { $what } of { $facts }
rule-first = { $what } of the first of { $facts }
rule-last = { $what } of the last of { $facts }
rule-facts-orders = orders
rule-facts-order-lines = order lines
rule-facts-interactions = interactions
rule-facts-touches = contacts
rule-facts-reviews = reviews
rule-window-ever = { "" }
rule-window-days = { $days ->
    [one] , on the last day
   *[other] , in the last { $days } days
}
rule-window-between = , from { $from } to before { $to }
rule-window-from = , from { $from } on
rule-window-before = , before { $to }
rule-where-none = { "" }
rule-where = , where { $part }
rule-where-all = ({ $parts })
rule-where-any = ({ $parts })
rule-where-not = not ({ $part })
rule-join-and = { $left } and { $right }
rule-join-or = { $left } or { $right }
rule-join-then = { $left }, then { $right }
rule-join-list = { $left }, { $right }
rule-step = { $facts }{ $window }{ $where }
rule-sequence = one after another: { $steps }
rule-sequence-within = { $days ->
    [one] within { $days } day, one after another: { $steps }
   *[other] within { $days } days, one after another: { $steps }
}
rule-field-external-id = customer id
rule-field-signed-up-at = day of signing up
rule-field-consent-profiling = may be profiled
rule-field-order-lines = order lines
rule-field-units = units bought
rule-field-first-order-at = day of the first order
rule-field-last-order-at = day of the last order
rule-field-last-interaction-at = day of the last interaction
rule-field-touches = contacts
rule-field-opens = opened contacts
rule-field-clicks = clicked contacts
rule-field-last-touch-at = day of the last contact
rule-field-reviews = reviews
rule-field-at = day
rule-field-ordered-at = day of the order
rule-field-total = value
rule-field-channel = channel
rule-field-value = value
rule-field-kind = kind
