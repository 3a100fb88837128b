overview-title = How we are doing
overview-lead-above = Net revenue is { $change } above the { $days } days before.
overview-lead-below = Net revenue is { $change } below the { $days } days before.
overview-lead-same = Net revenue is the same as in the { $days } days before.
overview-lead-alone = Net revenue of these { $days } days is { $amount }; there is nothing before to compare it with.
overview-lead-active = { $n ->
    [one] One customer ordered; for { $share } of them it was not the first time.
   *[other] { $customers } customers ordered; for { $share } of them it was not the first time.
}
overview-base = Figures of { $period } against { $compared }, days in { $zone }. Data version { $version }, up to { $time }.
overview-without-customer = { $n ->
    [one] One order has no customer: it counts in revenue and orders, and in no figure about customers.
   *[other] { $count } orders have no customer: they count in revenue and orders, and in no figure about customers.
}
overview-groups-more = All runs

begin-title = Welcome to Silhouette
begin-lead = There is no data yet. A few steps lead to the first portrait.
begin-steps = How to begin
begin-upload = Upload what you have
begin-upload-sub = orders or order lines first; customers, campaigns and contacts when you like; CSV or a spreadsheet
begin-upload-do = Upload a file
begin-ask-admin = ask an administrator
begin-run = Run RFM
begin-run-sub = sorts customers into ten groups by how recently and how often they order
begin-look = Open a group
begin-look-sub = its portrait says how these people differ from all others

figure-net-revenue = Revenue, net of refunds
figure-active = Customers who ordered
figure-orders = Orders
figure-repeat = Repeat rate
figure-roi = Campaign ROI
figure-from = from { $before }
figure-no-base = nothing before to compare with

not-converted-title = { $n ->
    [one] One amount is not in these figures
   *[other] { $count } amounts are not in these figures
}
not-converted-text = They are in currencies for which no exchange rate is known on or before their day. Upload exchange rates and they count.

chart-revenue-title = Revenue per day
chart-revenue-sub = { $currency }, net of refunds; the thin line is the period before
chart-revenue-end = The data ends on { $time }, so the last day may not be complete.
chart-revenue-axis = Net revenue, { $currency }
chart-now = these days
chart-before = before
chart-day = Day
chart-month = Month
chart-roi-title = Campaign ROI over time
chart-roi-sub = net revenue minus cost, over cost; costs of a month, orders that its contacts brought
chart-roi-axis = ROI
chart-revenue-begun = The data ends on { $time }. That day has only begun, so the line leaves it out; so far it stands at { $amount }.
begin-people = Add the people who work with you
begin-people-sub = a marketing manager looks and builds, a team lead takes reports out as well
begin-people-do = Add people
