segments-segment = Segment
segments-customers = Customers
segments-share = Share
segments-value = Value
segments-value-share = Share of value
segments-sizes = Segment sizes
segments-profile = How they behave
segments-profile-sub = per customer; amounts in { $currency }, refunds taken off
segments-recency = Days since order, median
segments-frequency = Orders, mean
segments-monetary-mean = Spend, mean
segments-monetary-median = Spend, median
segments-portrait = Portrait
segments-members = Members
segments-as-of = Up to
segments-as-of-help = Empty: the day of the latest fact.
segments-run-do = Run RFM
segments-running = A segmentation is running
segments-lead = Champions are { $share } of the customers and bring { $value } of the value; { $n ->
    [one] { $slipping } good customer is
   *[other] { $slipping } good customers are
} slipping away.
segments-lead-plain = { $n ->
    [one] { $customers } customer with at least one order, in ten groups.
   *[other] { $customers } customers with at least one order, in ten groups.
}
segments-lead-none = Groups of customers by how recently, how often and for how much they buy.
segments-none = No segmentation yet
segments-none-text = One press sorts every customer with an order into ten groups by recency, frequency and value. It takes seconds, and nothing else changes.
segments-no-data = There are no orders yet. Upload orders first; then one press sorts the customers into groups.
run-run = Run
run-running = running
run-failed = failed
run-done = newest data
run-outdated = older data
run-history = Runs
run-history-sub = newest first; each can be repeated exactly
run-facts = About this run
run-method = Method
run-seed = Seed
run-lead-running = The groups are being computed.
run-lead-failed = This run did not end well; earlier runs are untouched.
run-lead-done = { $n ->
    [one] { $customers } customer ({ $share } of all) with facts up to { $day }.
   *[other] { $customers } customers ({ $share } of all) with facts up to { $day }.
}
run-outdated-title = The data has changed since this run
run-outdated-text = The numbers below are those of the data that the run saw. Run it again to include what came later.
method-rfm = RFM
method-kmeans = k-means
method-kprototypes = k-prototypes
method-lifecycle = Lifecycle
rfm-champions = Champions
rfm-loyal = Loyal
rfm-potential-loyalist = Potential loyalist
rfm-new = New
rfm-promising = Promising
rfm-need-attention = Need attention
rfm-about-to-sleep = About to sleep
rfm-at-risk = At risk
rfm-cant-lose = Cannot lose
rfm-hibernating = Hibernating
chart-worth-title = People and value
chart-worth-sub = share of customers against share of value
chart-worth-people = of customers
chart-worth-value = of value
segments-ask = There are no orders yet. An administrator can upload them; then one press sorts the customers into groups.
