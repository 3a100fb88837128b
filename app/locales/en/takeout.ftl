# Members of a segment or a run as a file.
takeout-title = Take members out
takeout-sub = One line per customer, with the columns that you tick. Attributes and behaviour are those of the newest data.
takeout-group = Group
takeout-all-groups = All groups
takeout-kind-id = Customer
takeout-kind-run = What the run found
takeout-kind-personal = Personal data
takeout-kind-attribute = Attributes
takeout-kind-behaviour = Behaviour
takeout-kind-model = Groups of runs that count
takeout-kind-tag = Tags
takeout-age-band = Age band
takeout-score-segment = Group
takeout-score-r = Recency score
takeout-score-f = Frequency score
takeout-score-m = Monetary score
takeout-score-recency = Days since the last order
takeout-score-frequency = Orders
takeout-score-monetary = Spend
takeout-model = { $method }: { $score }
takeout-no-personal = Names, addresses and whatever else is personal are offered to people with the right “{ $right }”.
takeout-logged = The audit log keeps who took which columns.

# Other systems that are told.
webhook-title = Tell another system
webhook-sub = It hears when the size crosses a threshold, after each new version of the data. Deliveries are signed, and tried again for about an hour and a half.
webhook-none = No system is told of this segment.
webhook-add = Add an address
webhook-url = Address
webhook-url-help = Gets a POST with JSON that names the segment, its size and the threshold, and nobody in it.
webhook-threshold = Threshold
webhook-direction = When the size
webhook-direction-both = rises or falls across it
webhook-direction-rises = rises to it
webhook-direction-falls = falls below it
webhook-create = Add
webhook-made = The address was added.
webhook-made-text = Deliveries are signed with this secret. Give it to the receiver now: it is not shown again.
webhook-seen = { $n ->
    [one] { $size } customer in version { $version } of the data
   *[other] { $size } customers in version { $version } of the data
}
webhook-not-seen = not looked at yet
webhook-last = Last delivery
webhook-never = No delivery yet
webhook-event-segment-rose = Reached the threshold
webhook-event-segment-fell = Fell below the threshold
webhook-event-test = Test
webhook-state-waiting = on its way
webhook-state-delivered = arrived
webhook-state-failed = failed
webhook-test = Send a test
webhook-delete = Delete
webhook-done-tested = A test was sent.
webhook-done-tested-text = Load the page again in a moment to see what became of it.
webhook-done-untold = The address was deleted.
