group-all = All customers
group-segment = Segment { $id }
portrait-lead = { $n ->
    [one] { $customers } customer
   *[other] { $customers } customers
}, { $share } of the baseline. Compared with: { $baseline }.
portrait-group = Whom to show
portrait-baseline = Compared with
portrait-show = Show
portrait-empty = No portrait yet
portrait-findings = What stands out
portrait-findings-sub = the index is 100 where the group is like the baseline; ordered by evidence, corrected for { $n ->
    [one] { $count } comparison
   *[other] { $count } comparisons
}; { $level } intervals
portrait-findings-none = Nothing differs enough from the baseline to be told from chance. That is a result, too.
portrait-sentence = { $share } here, { $baseline } in the baseline
portrait-interval = index between { $low } and { $high }
portrait-people = { $n ->
    [one] { $people } person
   *[other] { $people } people
}
portrait-known = known for { $group } of the group, { $baseline } of the baseline
portrait-legend-group = group
portrait-legend-baseline = baseline
portrait-interval-head = { $level } interval
portrait-more = { $n ->
    [one] { $count } more value is in the export.
   *[other] { $count } more values are in the export.
}
portrait-measures = Numbers per person
portrait-measures-sub = amounts in { $currency }; people whose number is known
measure-measure = Number
measure-mean = Mean
measure-median = Median
measure-interval = { $level } interval of the mean
measure-baseline-mean = Baseline, mean
measure-baseline-median = Baseline, median
measure-from-to = { $low } to { $high }
measure-name-age = Age, years
measure-name-income = Income
measure-name-orders = Orders
measure-name-spend = Spend, refunds taken off
measure-name-average-order-value = Value of an order
measure-name-days-since-last-order = Days since the last order
measure-name-interactions = Interactions
measure-name-rating = Rating given
dimension-gender = Gender
dimension-age-band = Age
dimension-city = City
dimension-province = Province
dimension-country = Country
dimension-occupation = Occupation
dimension-education = Education
dimension-preferred-channel = Channel they prefer
dimension-answering-channel = Channel they answer
dimension-consent-marketing = May be contacted
dimension-cohort = First order, month
dimension-order-count = Number of orders
dimension-favourite-category = Favourite category
dimension-payment-method = Usual payment
dimension-order-channel = Channel of orders
dimension-order-city = City of orders
dimension-order-hour = Usual hour of orders
dimension-order-weekday = Usual day of orders
value-other-small = Others (small)
value-gender-female = Female
value-gender-male = Male
value-gender-other = Other
value-age-band-under-18 = Under 18
value-age-band-18-24 = 18 to 24
value-age-band-25-34 = 25 to 34
value-age-band-35-44 = 35 to 44
value-age-band-45-54 = 45 to 54
value-age-band-55-and-over = 55 and over
value-order-count-0 = None
value-order-count-1 = One
value-order-count-2 = Two
value-order-count-3-5 = 3 to 5
value-order-count-6-10 = 6 to 10
value-order-count-11-and-more = 11 and more
value-order-hour-00-05 = 0 to 6 h
value-order-hour-06-11 = 6 to 12 h
value-order-hour-12-17 = 12 to 18 h
value-order-hour-18-23 = 18 to 24 h
value-order-weekday-monday = Monday
value-order-weekday-tuesday = Tuesday
value-order-weekday-wednesday = Wednesday
value-order-weekday-thursday = Thursday
value-order-weekday-friday = Friday
value-order-weekday-saturday = Saturday
value-order-weekday-sunday = Sunday
portrait-findings-more = { $n ->
    [one] { $count } more
   *[other] { $count } more
}
value-yes = Yes
value-no = No
value-payment-method-alipay = Alipay
value-payment-method-apple-pay = Apple Pay
value-payment-method-bank-card = Bank card
value-payment-method-bank-transfer = Bank transfer
value-payment-method-card = Card
value-payment-method-cash-on-delivery = Cash on delivery
value-payment-method-credit-card = Credit card
value-payment-method-direct-debit = Direct debit
value-payment-method-invoice = Invoice
value-payment-method-pay-later = Pay later
value-payment-method-paypal = PayPal
value-payment-method-wechat-pay = WeChat Pay
channel-wechat-mini-program = WeChat mini program
channel-livestream = Livestream
portrait-finding = { $dimension }:
portrait-part-who = Who they are
portrait-part-buying = How they buy
portrait-part-reach = How they are reached
portrait-part-other = What else is known
portrait-no-run = This is everybody against everybody. Run RFM under Segments, and each group has its portrait here.
portrait-tag = Tag { $name } · { $size }
