campaigns-none = No campaign here
campaigns-no-data = Upload campaigns, their costs and their contacts, and this page says what each one returned.
campaigns-none-in-period = No campaign had a contact or a cost from { $period }. Choose other days in the bar above.
campaigns-upload = Upload campaigns
campaigns-lead = { $n ->
    [one] One campaign cost { $cost } and brought { $revenue } net of refunds.
   *[other] { $count } campaigns cost { $cost } and brought { $revenue } net of refunds.
}
campaigns-lead-tested = Proven to have made a difference: { $proven } of the { $tested } that held people out.
campaigns-lead-untested = None held people out, so none can be proven to be the cause.
campaigns-all = All campaigns
campaigns-all-sub = newest first; { $currency }; costs and orders of these days; an order counts within { $days } days after the last contact, which takes it whole
campaigns-campaign = Campaign
campaigns-cost = Cost
campaigns-net-revenue = Revenue, net
campaigns-roi = ROI
campaigns-roi-note = net revenue minus cost, over cost
campaigns-roas = ROAS
campaigns-roas-note = revenue before refunds, over cost
campaigns-cac = Cost per new customer
campaigns-verdict = Evidence
campaigns-total = All together

campaign-since = since { $day }
campaign-verdict-proven = proven
campaign-verdict-not-proven = not proven
campaign-verdict-no-holdout = no hold-out
campaign-points = { $value }{ "\u202F" }pt
campaign-to = { $low } to { $high }
campaign-people = { $n ->
    [one] one person
   *[other] { $people } people
}
campaign-after-refunds = after { $refunds } of refunds
campaign-new = { $n ->
    [one] one new customer
   *[other] { $customers } new customers
}
campaign-nobody-held-out = nobody held out
campaign-held-out-some = { $n ->
    [one] one person held out
   *[other] { $people } people held out
}
campaign-held-out-planned = { $n ->
    [one] one person held out ({ $planned } planned)
   *[other] { $people } people held out ({ $planned } planned)
}
campaign-lead = { $n ->
    [one] { $facts }. It cost { $cost }; one order after the last contact brought { $revenue } net of refunds.
   *[other] { $facts }. It cost { $cost }; { $orders } orders after the last contact brought { $revenue } net of refunds.
}
campaign-part = Only { $period } is counted here
campaign-whole = Show the whole campaign
campaign-report = Campaign report
campaign-orders-within = { $n ->
    [one] one order within { $days } days
   *[other] { $orders } orders within { $days } days
}
campaign-refunded = Refunded
campaign-refunded-note = { $refunds } of { $revenue }
campaign-payback = Payback
campaign-payback-days = { $n ->
    [one] one day
   *[other] { $days } days
}
campaign-payback-never = not yet
campaign-payback-note = until margin covers the cost

campaign-worked = Did it work?
campaign-worked-sub = contacted against held out, { $days } days from the first contact
campaign-no-holdout = Nobody was held out, so nobody can say what these people would have done without the campaign.
campaign-no-holdout-do = Hold out 10 to 20 % at random next time. The revenue on this page is what followed the contacts, not what they caused.
campaign-lift-better = Yes. { $treated } of those contacted ordered, against { $held } of those held out. The difference is { $difference }, { $level } interval { $interval }: more than chance explains.
campaign-lift-worse = It did harm. { $treated } of those contacted ordered, against { $held } of those held out. The difference is { $difference }, { $level } interval { $interval }: less than chance explains.
campaign-lift-not-proven = Not proven. { $treated } of those contacted ordered, against { $held } of those held out. The difference of { $difference } may be chance: its { $level } interval, { $interval }, includes zero.
campaign-arm = Group
campaign-treated = Contacted
campaign-held-out = Held out
campaign-outcome = Outcome
campaign-outcome-visited = Visited
campaign-outcome-ordered = Ordered
campaign-outcome-spend = Spend per person
campaign-difference = Difference, { $level } interval
campaign-arms = { $treated } contacted, { $held } held out; a person's first contact decides.
campaign-test = Test of ordering: z { $z }, p { $p }.
campaign-ratio-fine = The sizes of the two groups fit the plan (p { $p }).
campaign-ratio-title = The two groups are not of the sizes that were planned
campaign-ratio-text = That is no accident (p { $p }). Something chose people before anybody ordered, so do not rely on the comparison before that is explained.
campaign-excluded = { $n ->
    [one] One person was in both groups and is left out.
   *[other] { $people } people were in both groups and are left out.
}

campaign-funnel = From contact to order
campaign-funnel-sub = customers; orders within { $days } days
campaign-step = Step
campaign-step-touched = Contacted
campaign-step-delivered = Delivered
campaign-step-opened = Opened
campaign-step-clicked = Clicked
campaign-step-ordered = Ordered
campaign-not-reported = not reported
campaign-customers = Customers
campaign-of-reached = Of all

campaign-by-segment = By segment
campaign-by-segment-sub = groups of the newest RFM run
campaign-by-segment-none = There is no RFM run yet. Run one under Segments and the return appears here by group.
campaign-segment = Segment
campaign-by-channel = By channel
campaign-by-channel-sub = channel of the last contact
campaign-by-channel-none = The contacts name no channel.
campaign-channel = Channel
campaign-reached = People
campaign-orders = Orders

campaign-beside = Beside the return
campaign-budget = Budget
campaign-margin = Margin
campaign-margin-unknown = no unit costs known
campaign-net-roas = ROAS, net
campaign-objective = Objective
campaign-documents = Refund documents
campaign-documents-note = Refund documents of people contacted, dated within { $days } days. They belong to no order, so no figure above contains them.

chart-returns-title = What campaigns returned
chart-returns-sub = ROI: net revenue minus cost, over cost; orders within { $days } days after the last contact
chart-returns-note = Coloured: a hold-out group proves that the campaign made a difference. Grey: not proven.
chart-returns-cut = Drawn: the { $shown } of { $all } campaigns that cost most. The table has all.
chart-money-title = Cost and what came back
chart-money-sub = { $currency }, net of refunds
chart-lift-title = Who ordered
chart-lift-sub = share of people with an order within { $days } days of the first contact
chart-days-title = Day by day
chart-weeks-title = Week by week
chart-week = Week
chart-week-of = Week of { $day }
chart-days-sub = { $currency }; revenue net of refunds of orders within { $days } days after the last contact

channel-mail = Mail
channel-email = E-mail
channel-sms = SMS
channel-social = Social media
channel-search = Search
channel-display = Display
channel-push = App push
channel-app = App
channel-app-push = App push
channel-web = Website
channel-phone = Phone
channel-post = Post
channel-store = Store
channel-affiliate = Affiliates
channel-video = Video
channel-wechat = WeChat
channel-unknown = not named

objective-acquisition = new customers
objective-cross-selling = cross-selling
objective-retention = retention
objective-win-back = win back
objective-brand = brand
objective-awareness = awareness
objective-launch = launch
campaign-nothing-recorded = no visit recorded, so nothing to judge by
campaign-not-known = not known
campaigns-ask = Nobody has uploaded campaigns yet. An administrator can upload them with their costs and contacts; then this page says what each one returned.
