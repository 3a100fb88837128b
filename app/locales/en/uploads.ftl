uploads-new = New upload
uploads-lead = Every file that came in, what became of its rows, and the way to take it back.
uploads-empty = Nothing uploaded yet
uploads-empty-text = Start with orders or order lines: customers and products come along by themselves. Any CSV or spreadsheet will do, in any usual encoding.
uploads-all = All uploads
uploads-all-sub = newest first
uploads-file = File
uploads-when = Uploaded
uploads-shown = { $n ->
    [one] { $count } upload
   *[other] { $count } uploads
}
uploads-new-lead = Say what the file holds and choose it. You map its columns on the next page; nothing is written before that.
uploads-what = What does it hold?
uploads-what-sub = one kind of thing per file
uploads-needs = Needs: { $fields }
uploads-which = Which file?
uploads-which-sub = CSV, TSV, XLSX, XLS, ODS or Parquet, also packed as .gz or .zip
uploads-templates = Templates
uploads-templates-sub = a header that is recognised by itself, and two example rows
uploads-file-help = The encoding (UTF-8, GB18030, …) and the delimiter are found out by themselves.
uploads-send = Send the file
uploads-next = Next: map the columns.
uploads-sent = {"{}"} of {"{}"} sent
uploads-waiting = The connection broke. {"{}"} of {"{}"} have arrived and are kept; trying again in {"{}"}.
uploads-reading = All sent. The server is reading the file …
uploads-kept = {"{}"}: {"{}"} of {"{}"} have arrived. Choose the same file again, and sending goes on from there.
uploads-stop = Stop sending
uploads-stopped = Stopped. {"{}"} of {"{}"} have arrived and are kept for a week. Send the same file again to go on from there.
uploads-broken = Sending does not get on, although the server answers. Perhaps the file was moved or changed. What has arrived is kept; choose the file again.
uploads-signed-out = You are no longer signed in. Sign in again and choose the same file: sending goes on from where it stopped.
uploads-too-large = The file is larger than this installation takes.
upload-lead-part = Only { $size } of this file have arrived. Send the same file again from the same browser to go on from there; otherwise it is removed after a week.
upload-send-rest = Send the file again
upload-kind-customers = Customers
upload-kind-products = Products
upload-kind-orders = Orders
upload-kind-order-lines = Order lines
upload-kind-payments = Payments
upload-kind-interactions = Interactions
upload-kind-campaigns = Campaigns
upload-kind-campaign-costs = Campaign costs
upload-kind-touches = Touches
upload-kind-reviews = Reviews
upload-kind-exchange-rates = Exchange rates
upload-state-received = not mapped
upload-state-running = running
upload-state-ready = checked
upload-state-committed = imported
upload-state-failed = failed
upload-state-cancelled = cancelled
upload-state-undone = taken back
rows-read = Rows read
rows-created = New
rows-updated = Changed
rows-unchanged = Unchanged
rows-rejected = Rejected
rows-read-note = rows of the file
rows-share = { $share } of the rows
rows-duplicates = { $n ->
    [one] { $count } duplicate among all
   *[other] { $count } duplicates among all
}
map-title = Map the columns
map-lead = { $file }, read as { $kind }: { $n ->
    [one] { $columns } column.
   *[other] { $columns } columns.
} Say which of them is which; what we suggest is already chosen.
map-fields = Our fields, your columns
map-fields-sub = * is required; rows without it are rejected and listed
map-ours = Our field
map-theirs = Column of the file
map-constant = Or the same for every row
map-none = not in this file
map-row-number = the number of the row
map-required = { $field } *
map-column-of = Column for { $field }
map-constant-of = { $field }, the same for every row
map-on-known = What is already known
map-update = is updated
map-leave = stays as it is
map-update-only = is updated; new rows are passed over
map-blanks = Blank cells
map-overwrite = make it unknown
map-groups = Groups in this file
map-add = are added to
map-replace = replace what was there
map-encoding = Encoding
map-delimiter = Delimiter
map-as-found = as found: { $found }
map-sheet = Sheet
map-widths = Widths of the columns
map-widths-help = For columns of fixed width: so many characters each. Empty otherwise.
map-blanks-between = blanks
map-tab = tab
map-source = System
map-source-help = Empty for your usual ids; a name when they come from another system.
map-keep-unmapped = Keep the other columns as attributes of the customers
map-samples = First values
upload-map = Map the columns
upload-again = Map and import again
upload-change = Change the mapping
upload-commit = Import these rows
upload-undo = Take it back …
upload-kind = Holds
upload-size = Size
upload-read-as = Read as
upload-by = Uploaded by
upload-facts = About this file
upload-failed = The import did not happen
upload-failed-safe = Nothing of this file was written. The file is kept, so that you can change the mapping and try again.
upload-same-open = Open upload { $id }
upload-lead-received = The file is here. Say which of its columns is which; then it can be imported.
upload-lead-running = The file is being read.
upload-lead-ready = Checked and not yet imported: { $n ->
    [one] { $read } row
   *[other] { $read } rows
} read, { $rejected } would be rejected.
upload-lead-all = { $n ->
    [one] The row was taken.
   *[other] All { $read } rows were taken.
}
upload-lead-some = { $n ->
    [one] { $read } row
   *[other] { $read } rows
} read, { $rejected } rejected. The rejected rows can be corrected in the file and sent again.
upload-lead-failed = This upload failed and changed nothing.
upload-lead-cancelled = The import was stopped before it wrote anything.
upload-lead-undone = This upload was taken back. The file is kept.
records-title = Records
records-sub = also of tables that the file only refers to
records-table = Table
records-created = Made
records-updated = Changed
table-customers = Customers
table-products = Products
table-orders = Orders
table-order-lines = Order lines
table-payments = Payments
table-interactions = Interactions
table-campaigns = Campaigns
table-campaign-costs = Campaign costs
table-touches = Touches
table-reviews = Reviews
table-exchange-rates = Exchange rates
reject-title = Rows that were not taken
reject-sub = { $n ->
    [one] { $shown } of { $count } row
   *[other] { $shown } of { $count } rows
}
reject-row = Row
reject-field = Field
reject-reason = Why
reject-cells = The row
reject-note = The CSV holds all of them with their original columns. Correct it and upload it again as it is.
undo-title = Take back this upload
undo-lead = This is what taking back { $file } would do. Nothing has been done yet.
undo-effect = Effect
undo-effect-sub = records of each table
undo-removed = Removed
undo-changed = Go back to an earlier value
undo-note = Values that other uploads brought stay. Segmentation runs keep their numbers and are shown as made from older data.
undo-looking = What would taking back { $file } do? It is large, so finding out takes a while. Nothing is changed by that.
undo-looking-sub = found by doing it and rolling it back
undo-looking-failed = It could not be found out
undo-do = Take it back now
undo-leave = Leave it as it is
map-options = How the rows are merged
map-options-sub = with what other uploads brought
map-words = Other words that may come later: one “theirs = ours” per line
map-check = Check first
map-import = Import at once
map-undo-note = A check counts and writes nothing. An import can be taken back.
map-on-known-help = When a row has a key that we have. The key is the id of the thing.
map-blanks-help = In rows that update something.
map-groups-help = Lines of one order, payments of one order, costs of one campaign on one day. Replace when the file corrects an earlier one.
map-replace-named = Take back what an earlier upload named { $file } brought
map-replace-named-help = For a file that is sent again and again and always holds everything.
map-keep-known = leave what is known
map-column = Column
map-read-as = First values
map-reading = How the file is read
map-reading-sub = found out from its first rows; change what is wrong
map-look = Read again like this
map-look-note = Reads the first rows again and keeps what you chose.
map-encoding-help = When letters look wrong.
map-dates = Dates are written
map-dates-help = 5/2/2010 may be in February or in May.
map-decimal = Numbers are written
map-decimal-help = 1.234 may be one or a thousand.
map-find-out = find out
map-guessed = { $found }, a guess
map-guess = a guess, please check
map-unreadable = cannot be read
map-fault = Something is missing
map-fault-text = Nothing was written. What you chose is kept; mend the fields that are marked.
map-fault-missing = Choose a column, or write a value that holds for every row.
map-saved = A file with the same columns was imported on { $time }
map-saved-text = Its mapping and its options are chosen here again.
map-known-groups = { $differing } of { $groups } { $n ->
    [one] group in the first rows is known and differs
   *[other] groups in the first rows are known and differ
}
map-known-groups-text = If this file corrects them, let it replace what was there. Otherwise its rows are added beside the old ones.
map-known-groups-go = Choose what happens to them
map-values = Their words for ours
map-values-sub = { $n ->
    [one] values of the first row
   *[other] values of the first { $rows } rows
}; words that mean the same can be made one
map-values-of = { $field }: { $count } { $n ->
    [one] value
   *[other] values
} in { $column }
map-values-theirs = In the file
map-values-rows = Rows
map-values-ours = Becomes
map-values-label = What { $value } becomes
map-values-strange = not all are known
map-values-rejected = not known: its rows are rejected
map-values-unknown = nothing is known (recognised)
map-values-recognised = { $word } (recognised)
map-values-nothing = nothing is known
map-values-same = as it is
map-values-alike = Probably the same as “{ $value }”.
map-unused = Columns that are not used
map-unused-sub = { $n ->
    [one] { $count } column is left out
   *[other] { $count } columns are left out
} unless you choose otherwise
map-keep = Keep
map-keep-one = Keep { $column } as an attribute of the customers
date-order-day-month-year = day, month, year
date-order-month-day-year = month, day, year
date-order-year-month-day = year, month, day
upload-same-when = The same file was uploaded on { $time } by { $who }
upload-same-text = Rows that are already known count as unchanged, so importing it again does no harm.
mapped-title = How it was mapped
mapped-sub = our field and where its value came from
mapped-attribute = Attribute { $key }
mapped-constant = “{ $value }” for every row
mapped-option = { $label }: { $value }
mapped-replaced = Earlier uploads of this name were taken back.
again-title = Does it hold more?
again-sub = the same file as something else
again-kind = What else the file holds
again-do = Map it again as this
again-text = One file of lines often says things about its customers or products, too. It is mapped once more and is an upload of its own; you need not send it again.
records-would = Records that an import would touch
reject-would = Rows that would be rejected
reject-whole-row = the whole row
change-title = This file differs from earlier ones
change-text = Compared with the last uploads of the same kind. It may be right; look before you import.
change-filled = { $field }: { $now } of { $rows } rows have it, before { $before } of { $earlier }.
change-mean = { $field }: { $now } on average over { $rows } rows, before { $before } over { $earlier }.
demo-title = Remove demo data
demo-remove = Remove demo data …
demo-there = { $n ->
    [one] { $count } upload is demo data
   *[other] { $count } uploads are demo data
}
demo-there-text = Made-up customers of a made-up shop. Remove them before you trust a number.
demo-lead = { $n ->
    [one] { $count } upload
   *[other] { $count } uploads
} with { $rows } rows would be taken back at once. Nothing has been done yet.
demo-what = What goes
demo-what-sub = uploads of demo data, newest first
demo-rows = Rows
demo-note = Everything that only these uploads brought goes with them. What your own uploads brought stays, also where both touched the same record. Segmentation runs keep their numbers and are shown as made from older data.
demo-do = Remove all demo data now
demo-none = There is no demo data
demo-none-text = It was never loaded, or it has been removed.
change-gone = Not in this file, but in the { $n ->
    [one] upload
   *[other] { $uploads } uploads
} before it: { $fields }.
