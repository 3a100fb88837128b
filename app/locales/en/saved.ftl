saved-title = Saved segments
saved-tab-runs = Groups by method
saved-tab-saved = Saved segments
saved-sub = sizes in the newest data
saved-lead = { $n ->
    [one] Sizes as of { $day }, over { $customers } customer.
   *[other] Sizes as of { $day }, over { $customers } customers.
}
saved-lead-none = Groups that you define once and that stay true as the data changes.
saved-none = No saved segment yet
saved-none-text = A segment is a rule, counted exactly while you write it, or a list of ids. It can be portrayed, compared, exported, and used in other rules.
saved-no-data = There are no customers yet. After the first upload, rules can be written here.
saved-new = New segment
saved-new-list = New list
saved-overlap = Overlap
saved-kind = Kind
saved-kind-rule = rule
saved-kind-list = { $n ->
    [one] list of { $count } id
   *[other] list of { $count } ids
}
saved-owner = Owner
saved-changed = Changed
saved-created = Made
saved-no-size = cannot be counted
saved-one-lead = { $n ->
    [one] { $size } customer, { $share } of { $customers }, as of { $time }.
   *[other] { $size } customers, { $share } of { $customers }, as of { $time }.
}
saved-problem = The rule cannot be answered over the present data
saved-rule = Rule
saved-list = List of ids
saved-list-text = { $n ->
    [one] { $count } id is listed. Ids that the data does not have yet belong as soon as it does.
   *[other] { $count } ids are listed. Ids that the data does not have yet belong as soon as it does.
}
saved-list-lead = Customers by their ids; one that is not known yet belongs as soon as it is.
saved-ids = Ids
saved-ids-help = One a line, or with commas between them. The id of another source is written source:id.
saved-about = About this segment
saved-name = Name
saved-description = Description
saved-folder = Folder
saved-colour = Colour
saved-colour-none = no colour
saved-colour-of = colour { $colour }
saved-used-by = Used by
saved-used-none = no other segment
saved-sizes = Size over time
saved-sizes-sub = customers, by version of the data, since the rule was last changed
saved-version = version { $version }
saved-edit = Edit
saved-copy = Copy
saved-copy-of = { $name } (copy)
saved-members = Members as CSV
saved-delete = Delete
saved-delete-title = Delete “{ $name }”?
saved-delete-text = The segment and its sizes over time go. The customers stay as they are.
saved-in-use = Other segments use this one
saved-in-use-text = Change those first; otherwise their rules would no longer mean anything.
saved-back = Back
saved-done-created = Saved
saved-done-changed = Changes saved
saved-other-language = In Chinese
saved-as-json = As JSON
saved-as-query = As a query
why-title = Why is this person in or out?
why-sub = each condition with the person’s value
why-customer = Customer id
why-ask = Show
why-in = { $customer } belongs to this segment
why-out = { $customer } does not belong to this segment
why-nobody = There is no customer { $customer }
why-day = Asked of { $day }.
why-condition = Condition
why-value = Value
why-fits = Fits
why-yes = yes
why-no = no
why-unknown = not known
overlap-title = Overlap of segments
overlap-lead = Every customer of the chosen segments belongs to exactly one part.
overlap-choose = Segments
overlap-how-many = Choose two to five.
overlap-show = Show overlap
overlap-few = Too few segments
overlap-few-text = Save at least two segments; then you see here how they overlap.
overlap-parts = Parts
overlap-chart = How they overlap
overlap-chart-sub = { $n ->
    [one] { $any } customer in any of them, in exactly one part · as of { $time }
   *[other] { $any } customers in any of them, each in exactly one part · as of { $time }
}
overlap-sub = { $n ->
    [one] { $any } customer of { $customers } is in any of them, { $all } in all · as of { $time }
   *[other] { $any } customers of { $customers } are in any of them, { $all } in all · as of { $time }
}
overlap-part = Inside exactly
overlap-share = Share of any
overlap-only = only { $name }
overlap-save = As a segment
overlap-make = Make a segment of:
overlap-union = Any of them
overlap-intersection = All of them
overlap-difference = { $name } without the others
saved-as-rule = As a rule
saved-file = Or a file
saved-file-help = Text with one id a line, or a table whose first column holds the ids.
saved-file-no-text = The file is no text in UTF-8.
