tags-lead-none = A tag gives each customer at most one value: by rules, by what they do most, by a segmentation, or as you send it.
tags-lead = { $n ->
    [one] { $count } tag, of which { $expired } expired.
   *[other] { $count } tags, of which { $expired } expired.
}
tags-none = No tags yet
tags-none-text = A tag is named once and used everywhere: in rules, in portraits and in lists of members.
tags-catalogue = Catalogue
tags-catalogue-sub = newest first; coverage is the share of all customers who have any value
tags-all-folders = All folders
tags-shown = { $n ->
    [one] { $count } tag
   *[other] { $count } tags
}
tag-new = New tag
tag-edit = Change
tag-edit-title = Change “{ $name }”
tag-save = Save
tag-saved = The tag is saved.
tag-values-saved = The ids have their values.
tag-deleted = The tag is deleted.
tag-not-saved = The tag was not saved
tag-name = Name
tag-folder = Folder
tag-description = Description
tag-owner = Owner
tag-kind = Kind
tag-kind-rule = Rules
tag-kind-best = What they do most
tag-kind-model = Segmentation
tag-kind-uploaded = Sent ids
tag-kind-sub-rule = the first rule that a customer fits gives the value
tag-kind-sub-best = the category, payment, channel or time that a customer has most
tag-kind-sub-model = the group that a segmentation put the customer in
tag-kind-sub-uploaded = ids of customers with values, as you send them
tag-value = Value
tag-values = Values
tag-values-sub = each customer has at most one
tag-more-values = { $n ->
    [one] { $count } more
   *[other] { $count } more
}
tag-coverage = Coverage
tag-last-use = Last used
tag-never-used = not yet
tag-state = State
tag-counts = counts
tag-until = until { $day }
tag-expired = expired
tag-no-answer = cannot be answered
tag-expired-title = Expired after { $day }
tag-expired-text = Nobody has the tag any more, and rules that name it are refused, so that no group changes without a word. A later last day brings it back.
tag-always = no end
tag-last-day = Last day
tag-last-day-help = Empty: it always counts.
tag-lead = { $n ->
    [one] { $customers } customer has it, { $share } of all.
   *[other] { $customers } customers have it, { $share } of all.
}
tag-nobody = Nobody has it.
tag-any-value = any value
tag-version = Version of the data
tag-version-of = Version { $version }, { $time }
tag-history = How it moved
tag-history-sub = share of all customers, by version of the data
tag-history-more = { $n ->
    [one] One smaller value is not drawn; the table of values has it.
   *[other] { $count } smaller values are not drawn; the table of values has them.
}
tag-history-begins = The history begins with the next version of the data.
tag-meaning = What it means
tag-means-rule = { $n ->
    [one] one rule
   *[other] { $count } rules, tried in this order
}
tag-means-best = by the field “{ $field }” of portraits and rules
tag-means-most = “{ $field }” by { $by }, { $window }; of equals the one done last
tag-means-ever = at any time
tag-means-days = { $n ->
    [one] on the last day
   *[other] in the last { $days } days
}
tag-means-between = from { $from } up to before { $to }
tag-means-from = since { $from }
tag-means-to = up to before { $to }
tag-means-newest = the run of { $method } that counts: the one chosen, else the newest
tag-means-run = run { $run }, whatever runs come later
tag-means-uploaded = { $n ->
    [one] { $ids } id was sent
   *[other] { $ids } ids were sent
}
tag-in-rules = A rule names it, or one value of it, like this:
tag-about = About this tag
tag-made = Made
tag-changed = Changed
tag-used-by = Used by
tag-used-by-sub = while a rule names it, it keeps its name and cannot be deleted
tag-used-by-none = No segment and no tag names it.
tag-user-tag = tag
tag-user-segment = segment { $id }
tag-delete = Delete this tag
tag-tiers = Values in order
tag-tiers-help = The first that a customer fits wins. Lines that stay empty are left out; save and change again for more lines.
tag-tier-value = Value { $number }
tag-tier-segment = Members of segment, value { $number }
tag-tier-rule = Or a rule of its own, value { $number }
tag-tier-json = Rule as JSON
tag-no-segment = no segment
tag-of = What they do most
tag-of-help = The same field as in portraits; of equals the first in the alphabet.
tag-by = Measured by
tag-by-help = With a measure or days of its own, of equals the one done last wins.
tag-by-usual = as in portraits
tag-by-count = number
tag-by-spend = money
tag-by-quantity = pieces
tag-window = When
tag-window-help = A number of days up to the newest data, or dates; empty: at any time.
tag-within-days = Last days
tag-from = From
tag-to = Up to before
tag-follow = Segmentation
tag-follow-help = The run that counts is the one chosen on the page of segments, else the newest; a fixed run never changes. The 100 newest runs are offered.
tag-follow-newest = { $method }: the run that counts
tag-follow-run = { $method }: run { $run }
tag-ids = Ids and values
tag-ids-help = One line each: id,value or source:id,value. Up to 2 MB; more at once by the API.
tag-ids-later = Ids are given on the page of the tag, once it is saved.
tag-ids-give = Give ids their values
tag-ids-give-sub = an id that is not known yet gets its value as soon as it is
tag-ids-how = The others
tag-ids-change = keep what they have
tag-ids-replace = lose the tag
tag-ids-do = Give values
audit-did-tag-create = Made a tag
audit-did-tag-update = Changed a tag
audit-did-tag-delete = Deleted a tag
audit-did-tag-values = Gave ids of a tag their values
audit-did-tag-export = Took out members of a tag
